"""Studies in a project on seconds of sound: running one, and what Optuna then knows."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import optuna
from support.prepared import copy_project
from support.project import Project

from emotts.workflows.tuning.attempts import latest_attempts

__all__ = ["STUDY", "small_networks", "study_of", "trials_of", "tune", "with_study"]

STUDY = """name: small
objectives: [{metric: emotion_probability, direction: maximize}]
search:
  train.learning_rate: {type: categorical, choices: [0.005, 10.0, 1.0e-9]}   # good, diverges, learns nothing
  model.synthesizer.emotion_channels: {type: categorical, choices: [2, 8], when: {train.learning_rate: 0.005}}
sampler: {kind: grid}
pruner: {kind: median, metric: val/loss/mel, startup_trials: 2}
budget: {trials: 9}
seed: 1
params:
  train: {steps: 6, validate_every: 2, checkpoint_every: 2, sample_every: 6}
  evaluate: {intensity_sentences: 0}
"""
"""A study whose trials end in every way: two are completed, one diverges, one is pruned."""


def small_networks(whole: Project, folder: Path) -> Project:
    """Return a copy of a project that has what trials share, with networks that train at once."""
    made = copy_project(whole, folder)
    made.set({"model.synthesizer.istft.channels": 8, "model.synthesizer.istft.hidden_channels": 8})
    return made


def with_study(whole: Project, folder: Path) -> Project:
    """Return a copy of a project that has what trials share, with small networks and :data:`STUDY`."""
    made = small_networks(whole, folder)
    (made.folder / "experiments").mkdir()
    (made.folder / "experiments/small.yaml").write_text(STUDY, encoding="utf-8")
    return made


def tune(project: Project, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run ``emotts tune ARGUMENTS``."""
    done = project.emotts("tune", *arguments)
    assert "Traceback" not in done.stdout, done.stdout
    return done


def study_of(where: Project | str, name: str = "small") -> Any:
    """Return Optuna's study in a project's own database or at an address."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    url = where if isinstance(where, str) else f"sqlite:///{where.folder / 'optuna.db'}"
    return optuna.load_study(study_name=name, storage=url)


def trials_of(where: Project | str, name: str = "small") -> list[Any]:
    """Return the last attempt at every trial."""
    return list(latest_attempts(study_of(where, name)).values())
