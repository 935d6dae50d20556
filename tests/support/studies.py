"""Studies in a folder's own database, whose trials cost nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from support.places import REPOSITORY

from emotts.settings import Scalar, Study, load_study
from emotts.workflows.tuning.attempts import Outcome
from emotts.workflows.tuning.opening import open_study
from emotts.workflows.tuning.queue import Lease, TrialQueue
from emotts.workflows.tuning.storage import StudyStorage

__all__ = ["STUDY", "described", "opened", "run_trials"]

STUDY = """name: small
objectives: [{metric: cer, direction: minimize}]
search:
  train.learning_rate: {type: float, low: 1.0e-4, high: 1.0e-2, log: true}
  train.sampler: {type: categorical, choices: [balanced, natural]}
budget: {trials: 4}
seed: 3
"""
Worth = Callable[[Mapping[str, Scalar]], Mapping[str, float]]
"""The metrics of a trial's values."""


def described(folder: Path, text: str = STUDY) -> Study:
    """Return a study as its file says, which is written into the folder."""
    path = folder / "small.yaml"
    path.write_text(text, encoding="utf-8")
    return load_study(path, root=REPOSITORY)


def opened(folder: Path, text: str = STUDY) -> tuple[Study, Any, TrialQueue]:
    """Open a study in the folder, which is the present one; return also Optuna's, and its queue."""
    study = described(folder, text)
    storage = StudyStorage(None, root=folder, heartbeat_s=60)
    optuna_study = open_study(storage, study)
    return study, optuna_study, TrialQueue(storage, optuna_study, study)


def run_trials(folder: Path, text: str = STUDY, *, worth: Worth) -> tuple[Any, list[Lease]]:
    """Finish every trial that the budget allows; return Optuna's study, and the trials in their order."""
    study, optuna_study, queue = opened(folder, text)
    leases = []
    while (lease := queue.lease()) is not None:
        metrics = worth(lease.values)
        values = tuple(metrics[each.metric] for each in study.section.objectives)
        queue.finish(lease, Outcome("complete", values, metrics=metrics))
        leases.append(lease)
    return optuna_study, leases
