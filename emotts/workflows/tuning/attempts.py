"""The trials of a study, each of which Optuna may know under several numbers.

Optuna never resumes a trial that has failed; it puts a copy of it in line, under a new number. Here such a copy is a
further *attempt* at the same trial. A trial's number, which its folder, its MLflow run and all messages use, is an
attribute that all its attempts have; they are counted from 0 without gaps.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from optuna.storages import RetryHeartbeatStaleTrialCallback
from optuna.trial import TrialState

from emotts.workflows.tuning.storage import quiet_optuna

__all__ = ["Outcome", "best_trials", "is_interrupted", "is_over", "latest_attempts", "retry", "trial_number"]

_KEPT = ("enqueued", "own_settings", "run_id", "run_ids", "seconds", "steps", "voice_of")
"""The attributes that a further attempt takes over as they are."""
_OF_RESULTS = "constraints:"
"""What Optuna's own attributes begin with that belong to a result; a further attempt has another."""


@dataclass(frozen=True)
class Outcome:
    """A trial's values in the order of the objectives, or the reason why it has none.

    Attributes:
        metrics: everything that studies may name; the mean over seeds, where there are several.
        by_seed: the values of every seed, where there are several.
    """

    kind: Literal["complete", "pruned", "failed"]
    values: tuple[float, ...] | None = None
    reason: str | None = None
    metrics: Mapping[str, float] = field(default_factory=dict)
    by_seed: Mapping[int, tuple[float, ...]] = field(default_factory=dict)

    def attributes(self) -> dict[str, Any]:
        """Return what is noted of the trial besides its values, as JSON values."""
        seeds = {str(seed): list(values) for seed, values in self.by_seed.items()}
        noted = {"reason": self.reason, "metrics": dict(self.metrics), "by_seed": seeds}
        return {name: value for name, value in noted.items() if value}


def trial_number(attempt: Any) -> int:
    """Return the number of an attempt's trial; one that was added by hand has Optuna's."""
    return int(attempt.user_attrs.get("trial", attempt.number))


def latest_attempts(optuna_study: Any) -> dict[int, Any]:
    """Return the last attempt at every trial, by the trial's number and in its order."""
    latest = {trial_number(attempt): attempt for attempt in optuna_study.get_trials(deepcopy=False)}
    return dict(sorted(latest.items()))


def is_interrupted(attempt: Any) -> bool:
    """Say whether an attempt ended without a result: it was given back, or its process died."""
    return bool(attempt.state == TrialState.FAIL and attempt.user_attrs.get("outcome") != "failed")


def is_over(attempt: Any) -> bool:
    """Say whether a trial has a result, or a reason why it has none."""
    return bool(attempt.state.is_finished() and not is_interrupted(attempt))


def retry(optuna_study: Any, attempt: Any) -> None:
    """Put a further attempt in line, with the values and intermediate results of an interrupted one."""
    known = attempt.user_attrs
    died = not known.get("released", False)
    further = copy.deepcopy(attempt)
    further.user_attrs = {
        **{name: known[name] for name in _KEPT if name in known},
        "trial": trial_number(attempt),
        "deaths": known.get("deaths", 0) + died,
    }
    kept = further.system_attrs.items()
    further.system_attrs = {name: value for name, value in kept if not name.startswith(_OF_RESULTS)}
    with quiet_optuna():
        RetryHeartbeatStaleTrialCallback(inherit_intermediate_values=True)(optuna_study, further)


def best_trials(optuna_study: Any) -> list[Any]:
    """Return the best trial (the first of equals), or the Pareto front of several objectives; none without any."""
    if not optuna_study.get_trials(deepcopy=False, states=(TrialState.COMPLETE,)):
        return []
    best = sorted(optuna_study.best_trials, key=trial_number)
    return best if len(optuna_study.directions) > 1 else best[:1]
