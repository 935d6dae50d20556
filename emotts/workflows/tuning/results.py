"""The results of a study: plots, the best values as files, and a few lines to read."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from optuna.trial import TrialState

from emotts.errors import ConfigError
from emotts.evaluation.comparison.seeds import spread
from emotts.files import write_text
from emotts.schema import flatten
from emotts.settings import Scalar, Study, nested
from emotts.workflows.tuning.attempts import best_trials, is_over, latest_attempts, trial_number
from emotts.workflows.tuning.plots import write_plots
from emotts.workflows.tuning.runs import StudyRuns, violated
from emotts.workflows.tuning.storage import quiet_optuna

__all__ = ["StudyResults", "write_results"]


@dataclass(frozen=True)
class StudyResults:
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


def write_results(study: Study, optuna_study: Any, runs: StudyRuns, *, folder: Path) -> StudyResults:
    """Write the best values into ``folder``, and them and the plots into the study's MLflow run.

    Raises:
        ConfigError: if no trial was completed, or none keeps the constraints.
    """
    trials = latest_attempts(optuna_study)
    best = best_trials(optuna_study)
    if not best:
        raise _no_best(study, trials)
    files = {trial_number(trial): _write_values(study, trial, folder, alone=len(best) == 1) for trial in best}
    lines = _lines(study, trials, best, files)
    with runs.open_study() as tracker, tempfile.TemporaryDirectory() as plots:
        with quiet_optuna():
            write_plots(optuna_study, study, Path(plots) / "study.html")
        tracker.folder(Path(plots), "plots")
        for path in files.values():
            tracker.file(path, "best")
        tracker.metrics({f"n_trials.{state}": float(count) for state, count in _counts(trials).items()})
        if len(best) == 1:
            names = [f"objective.{each.metric}" for each in study.section.objectives]
            tracker.metrics(dict(zip(names, best[0].values, strict=True)))
            tracker.tags({"tune.best_trial": str(trial_number(best[0]))})
        tracker.note("\n".join(["```", *lines, "```"]))
    return StudyResults(files, lines)


def _no_best(study: Study, trials: Mapping[int, Any]) -> ConfigError:
    broken = {
        number: violated(study, trial.user_attrs.get("metrics", {}))
        for number, trial in trials.items()
        if trial.state == TrialState.COMPLETE
    }
    if not broken:
        reasons = [f"trial {number}: {_reason(trial)}" for number, trial in trials.items()]
        return ConfigError(
            f"no trial of {study.name} was completed",
            where=study.path,
            found="; ".join(reasons[:5]) or "no trials",
            remedy="see the reasons above, and search elsewhere",
        )
    reasons = [f"trial {number}: {', '.join(names)}" for number, names in broken.items()]
    return ConfigError(
        f"no trial of {study.name} keeps the constraints",
        where=study.place("constraints"),
        found="; ".join(reasons[:5]),
        wanted=", ".join(map(str, study.section.constraints)),
        remedy="raise the budget, search elsewhere, or begin a study with other constraints and "
        f"`take_over: {study.name}`",
    )


def _write_values(study: Study, trial: Any, folder: Path, *, alone: bool) -> Path:
    """Write a trial's values as a file that ``emotts preset`` takes."""
    values = _readable(trial.params)
    fixed = flatten(study.section.params)
    head = [f"# Trial {trial_number(trial)} of the study {study.name}: {_metrics(study, trial)}"]
    if fixed:
        head.append(f"# found with {', '.join(f'{name}: {value}' for name, value in fixed.items())}")
    path = folder / ("best.yaml" if alone else f"pareto/trial-{trial_number(trial):04d}.yaml")
    body = yaml.safe_dump(nested(values), allow_unicode=True, sort_keys=False)
    write_text(path, "\n".join(head) + "\n" + body)
    return path


def _readable(values: Mapping[str, Scalar]) -> dict[str, Scalar]:
    """Round numbers to four digits: nothing that was found is more exact than that."""
    return {name: float(f"{value:.4g}") if isinstance(value, float) else value for name, value in values.items()}


def _lines(study: Study, trials: Mapping[int, Any], best: Sequence[Any], files: Mapping[int, Path]) -> list[str]:
    counts = ", ".join(f"{count} {state}" for state, count in _counts(trials).items())
    taken = sum("taken_over" in trial.user_attrs for trial in trials.values())
    lines = ["", f"study {study.name}: {len(trials)} trials ({counts})"]
    lines += [f"  {taken} of them from {study.section.take_over}"] if taken else []
    own = next((trial for trial in trials.values() if trial.user_attrs.get("own_settings") and trial.values), None)
    if own is not None and own.state == TrialState.COMPLETE:
        lines.append(f"  present settings (trial {trial_number(own)}): {_metrics(study, own)}")
    settings = flatten(study.settings.model_dump())
    for trial in best:
        number = trial_number(trial)
        lines.append(f"  best (trial {number}): {_metrics(study, trial)}")
        for name, value in _readable(trial.params).items():
            lines.append(f"    {name}: {value}   (now {settings[name]})")
        lines.append(f"    in {files[number]}")
    broken = {
        number: names
        for number, trial in trials.items()
        if (names := violated(study, trial.user_attrs.get("metrics", {})))
    }
    lines += [f"  trial {number} is beyond {', '.join(names)}" for number, names in broken.items()]
    failed = {number: trial for number, trial in trials.items() if is_over(trial) and trial.state == TrialState.FAIL}
    lines += [f"  trial {number} failed: {_reason(trial)}" for number, trial in failed.items()]
    return lines


def _metrics(study: Study, trial: Any) -> str:
    """Return a trial's values; with several seeds, their means with the standard deviations between the seeds."""
    by_seed = list(trial.user_attrs.get("by_seed", {}).values())
    spreads = [spread(values).sd for values in zip(*by_seed, strict=True)] or [None] * len(trial.values)
    parts = [
        f"{objective.metric} {value:.4g}" + ("" if sd is None else f" ± {sd:.2g}")
        for objective, value, sd in zip(study.section.objectives, trial.values, spreads, strict=True)
    ]
    return ", ".join(parts) + (f" ({len(by_seed)} seeds)" if by_seed else "")


def _reason(trial: Any) -> str:
    return str(trial.user_attrs.get("reason", trial.state.name.lower())).splitlines()[0]


def _counts(trials: Mapping[int, Any]) -> dict[str, int]:
    states = {"complete": TrialState.COMPLETE, "pruned": TrialState.PRUNED, "failed": TrialState.FAIL}
    ended = [trial.state for trial in trials.values() if is_over(trial)]
    return {name: ended.count(state) for name, state in states.items()}
