"""Taking over the trials of an older study, as far as they can be compared with those of a new one."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import optuna
from optuna.trial import TrialState

from emotts.errors import ConfigError
from emotts.settings import Scalar, Study
from emotts.workflows.tuning.attempts import latest_attempts, trial_number
from emotts.workflows.tuning.definition import SEARCH, listed
from emotts.workflows.tuning.space import distribution

__all__ = ["take_over"]

_LOG = logging.getLogger(__name__)
_OWN = ("objectives", "constraints", "pruner")
"""The parts of a definition that two studies need not share: the metrics of the old trials answer for them."""


def take_over(older: Any, optuna_study: Any, study: Study, *, wanted: Mapping[str, Any]) -> None:
    """Add the completed trials of an older study that have the settings and the search space of a new one.

    A trial has them if the values that it was made with, searched or fixed, lie in the new search space, and equal what
    the new study fixes. They cost the new study nothing.

    Args:
        older: Optuna's study.
        optuna_study: the new one.
        study: what its file says.
        wanted: its definition.

    Raises:
        ConfigError: if no trial can be taken over.
    """
    known: Mapping[str, Any] = older.user_attrs.get("definition", {})
    complete = [each for each in latest_attempts(older).values() if each.state == TrialState.COMPLETE]
    before = {each.user_attrs.get("taken_over") for each in optuna_study.get_trials(deepcopy=False)}
    taken = len(before - {None})  # by a process that died then
    for attempt in complete:
        values = _values(attempt, study, known=known, wanted=wanted)
        results = _results(attempt, study, known=known)
        if values is not None and results is not None and _origin(attempt, study) not in before:
            optuna_study.add_trial(_copied(attempt, study, number=taken, values=values, results=results))
            taken += 1
    if not taken:
        raise _nothing(study, known, wanted=wanted, count=len(complete))
    _LOG.info("%d of %d trials of %s were taken over", taken, len(complete), older.study_name)


def _nothing(study: Study, known: Mapping[str, Any], *, wanted: Mapping[str, Any], count: int) -> ConfigError:
    names = [name for name in wanted if name in known and known[name] != wanted[name] and name not in _OWN]
    return ConfigError(
        f"no trial of {study.section.take_over} can be compared with those of {study.name}",
        where=study.place("take_over"),
        found=f"{count} completed trials" + (f", with {listed(known, names)}" if names else ""),
        wanted=listed(wanted, names) if names else "values in the search space, and every metric that is compared",
        remedy="give this study the same settings, or leave take_over out",
    )


def _values(
    attempt: Any, study: Study, *, known: Mapping[str, Any], wanted: Mapping[str, Any]
) -> dict[str, Scalar] | None:
    """Return the values of an old trial in the new search space; None where it does not belong there."""
    had = {name: value for name, value in known.items() if not name.startswith(SEARCH)} | attempt.params
    fixed = [name for name in wanted if not name.startswith(SEARCH) and name not in _OWN]
    if any(had.get(name) != wanted[name] for name in fixed) or had.get("seeds") != wanted.get("seeds"):
        return None
    chosen: dict[str, Scalar] = {}
    for name, parameter in study.search.items():
        if study.active(name, chosen):
            if name not in had or not parameter.holds(had[name]):
                return None
            chosen[name] = had[name]
    return chosen


def _results(attempt: Any, study: Study, *, known: Mapping[str, Any]) -> dict[str, float] | None:
    """Return the old trial's value of every metric that the new study compares; None where one is missing."""
    objectives = [each["metric"] for each in known.get("objectives", [])]
    metrics = dict(attempt.user_attrs.get("metrics", {})) | dict(zip(objectives, attempt.values, strict=False))
    names = study.section.metrics
    return {name: metrics[name] for name in names} if all(name in metrics for name in names) else None


def _copied(
    attempt: Any, study: Study, *, number: int, values: Mapping[str, Scalar], results: Mapping[str, float]
) -> Any:
    """Return a finished trial of the new study."""
    noted = attempt.user_attrs
    kept = {name: noted[name] for name in ("run_id", "metrics") if name in noted}
    return optuna.trial.create_trial(
        params=dict(values),
        distributions={name: distribution(study.search[name]) for name in values},
        values=[results[each.metric] for each in study.section.objectives],
        user_attrs={**kept, "trial": number, "outcome": "complete", "taken_over": _origin(attempt, study)},
        constraints={str(each): each.excess(results[each.metric]) for each in study.section.constraints} or None,
    )


def _origin(attempt: Any, study: Study) -> str:
    return f"{study.section.take_over} trial {trial_number(attempt)}"
