"""What a study found: plots, the best values as files, and a few lines to read."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from optuna.trial import TrialState

from emotts.config import Scalar, Study, flatten, nested
from emotts.corpus.rows import write_text
from emotts.errors import ConfigError
from emotts.tuning.best import best_trials
from emotts.tuning.plots import write_plots
from emotts.tuning.runs import StudyRuns
from emotts.tuning.storage import quiet_optuna

__all__ = ["Conclusion", "conclude"]

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Conclusion:
    """The best trials and where their values lie.

    ``files`` maps a trial's number to a file of some keys of params.yaml; one objective has one best trial, several
    have a Pareto front. ``lines`` are for people.
    """

    files: Mapping[int, Path]
    lines: Sequence[str]

    def file(self, number: int | None = None) -> Path:
        """Return the values of a best trial.

        Raises:
            ConfigError: if there are several and none is named, or that one is not among them.
        """
        if number is None and len(self.files) == 1:
            return next(iter(self.files.values()))
        if number is None or number not in self.files:
            raise ConfigError(
                "no such best trial" if number is not None else "several trials are the best, each in its own way",
                where="--trial",
                found=number,
                wanted=f"one of {', '.join(map(str, sorted(self.files)))}",
            )
        return self.files[number]


def conclude(study: Study, opened: Any, runs: StudyRuns, *, folder: Path) -> Conclusion:
    """Write the best values into ``folder``, and them and the plots into the study's MLflow run.

    Raises:
        ConfigError: if no trial was completed.
    """
    trials = opened.get_trials(deepcopy=False)
    best = best_trials(opened)
    if not best:
        raise ConfigError(
            f"no trial of {study.name} was completed",
            where=study.path,
            found="; ".join(f"trial {trial.number}: {_reason(trial)}" for trial in trials[:5]) or "no trials",
            remedy="see the reasons above, and search elsewhere",
        )
    files = {trial.number: _write_values(study, trial, folder, alone=len(best) == 1) for trial in best}
    lines = _lines(study, trials, best, files)
    with runs.open_study() as tracker, tempfile.TemporaryDirectory() as plots:
        with quiet_optuna():
            write_plots(opened, study, Path(plots))
        tracker.folder(Path(plots), "plots")
        for path in files.values():
            tracker.file(path, "best")
        tracker.metrics({f"n_trials.{state}": float(count) for state, count in _counts(trials).items()})
        if len(best) == 1:
            names = [f"objective.{each.metric}" for each in study.section.objectives]
            tracker.metrics(dict(zip(names, best[0].values, strict=True)))
            tracker.tags({"tune.best_trial": str(best[0].number)})
        tracker.note("\n".join(["```", *lines, "```"]))
    return Conclusion(files, lines)


def _write_values(study: Study, trial: Any, folder: Path, *, alone: bool) -> Path:
    """Write a trial's values as a file that ``emotts preset`` takes."""
    values = _readable(trial.params)
    fixed = flatten(study.section.params)
    head = [f"# Trial {trial.number} of the study {study.name}: {_figures(study, trial)}"]
    if fixed:
        head.append(f"# found with {', '.join(f'{name}: {value}' for name, value in fixed.items())}")
    path = folder / ("best.yaml" if alone else f"pareto/trial-{trial.number:04d}.yaml")
    body = yaml.safe_dump(nested(values), allow_unicode=True, sort_keys=False)
    write_text(path, "\n".join(head) + "\n" + body)
    return path


def _readable(values: Mapping[str, Scalar]) -> dict[str, Scalar]:
    """Round numbers to four digits: nothing that was found is more exact than that."""
    return {name: float(f"{value:.4g}") if isinstance(value, float) else value for name, value in values.items()}


def _lines(study: Study, trials: Sequence[Any], best: Sequence[Any], files: Mapping[int, Path]) -> list[str]:
    counts = ", ".join(f"{count} {state}" for state, count in _counts(trials).items())
    lines = ["", f"study {study.name}: {len(trials)} trials ({counts})"]
    own = next((trial for trial in trials if trial.user_attrs.get("own_settings") and trial.values), None)
    if own is not None and own.state == TrialState.COMPLETE:
        lines.append(f"  present settings (trial {own.number}): {_figures(study, own)}")
    settings = flatten(study.settings.model_dump())
    for trial in best:
        lines.append(f"  best (trial {trial.number}): {_figures(study, trial)}")
        for name, value in _readable(trial.params).items():
            lines.append(f"    {name}: {value}   (now {settings[name]})")
        lines.append(f"    in {files[trial.number]}")
    lines += [f"  trial {trial.number} failed: {_reason(trial)}" for trial in trials if trial.state == TrialState.FAIL]
    return lines


def _figures(study: Study, trial: Any) -> str:
    pairs = zip(study.section.objectives, trial.values, strict=True)
    return ", ".join(f"{objective.metric} {value:.4g}" for objective, value in pairs)


def _reason(trial: Any) -> str:
    return str(trial.user_attrs.get("reason", trial.state.name.lower())).splitlines()[0]


def _counts(trials: Sequence[Any]) -> dict[str, int]:
    names = {"complete": TrialState.COMPLETE, "pruned": TrialState.PRUNED, "failed": TrialState.FAIL}
    return {name: sum(trial.state == state for trial in trials) for name, state in names.items()}
