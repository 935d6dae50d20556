"""The challenger: the voice of a study's best trial, as a version of the registered model."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from emotts.checkpoint.store import CheckpointStore
from emotts.files import locked
from emotts.settings import Params, Study
from emotts.tracking import Tracker
from emotts.tracking.registry import ModelVersion, set_alias, version_of_run
from emotts.tracking.runs import Run, read_run
from emotts.workflows.export import export_voice, register_export
from emotts.workflows.registered import describe_registered
from emotts.workflows.tuning.attempts import best_trials, trial_number
from emotts.workflows.tuning.trial import trial_folder

__all__ = ["CHALLENGER", "register_challenger"]

CHALLENGER = "challenger"
"""The alias of the voice of a study's best trial: ``models:/NAME@challenger``."""
_DIGITS = 9
"""Distances of seeds from their mean are compared to so many digits: two seeds are equally far from it."""


@dataclass(frozen=True)
class _BestVoice:
    """The voice of a study's best trial; of several seeds, that of the one whose objective is nearest to the mean."""

    study: Study
    trial: Any
    root: Path

    @property
    def seed(self) -> int | None:
        """The seed that was chosen, the first of equals; None where the study has no seeds of its own."""
        by_seed, mean = self.trial.user_attrs.get("by_seed", {}), self.trial.values[0]
        distances = {int(seed): round(abs(values[0] - mean), _DIGITS) for seed, values in by_seed.items()}
        return min(distances, key=distances.__getitem__, default=None)

    @property
    def title(self) -> str:
        """The trial, and the seed where there are several."""
        number, seed = trial_number(self.trial), self.seed
        return f"trial {number}" if seed is None else f"trial {number} with seed {seed}"

    @property
    def folder(self) -> Path:
        """The folder of the training, which is another trial's where that trained the same voice."""
        owner = int(self.trial.user_attrs.get("voice_of", trial_number(self.trial)))
        return trial_folder(self.root, self.study.name, owner, seed=self.seed)

    def checkpoint(self, params: Params) -> Path | None:
        """Return the checkpoint that the trial was evaluated with; None where it was not kept."""
        store = CheckpointStore(self.folder / "voice")
        step = store.marked(params.evaluate.checkpoint)
        return None if step is None or not store.path(step).is_dir() else store.path(step)

    def absence(self) -> str:
        """Say that the voice is not here."""
        if (older := self.trial.user_attrs.get("taken_over")) is not None:
            return f"{self.title} was taken over from {older}, its voice was not"
        return f"the voice of {self.title} is not in {self.folder.relative_to(self.root)}"

    def run(self) -> Run | None:
        """Return the trial's run, or that of its seed; None where it has gone."""
        noted, seed = self.trial.user_attrs, self.seed
        run_id = noted.get("run_id") if seed is None else noted.get("run_ids", {}).get(str(seed))
        return None if run_id is None else read_run(self.root, run_id)

    def tags(self) -> dict[str, str]:
        """Return what names study, trial and seed in the registry."""
        tags = {"tune.study": self.study.name, "tune.trial": str(trial_number(self.trial))}
        return tags if self.seed is None else {**tags, "seed": str(self.seed)}


def register_challenger(study: Study, optuna_study: Any, *, root: Path) -> str:
    """Register the voice of the best trial, give it the alias, and return a line that says so.

    A voice is registered once. Where no trial alone is the best, or its voice is not here, the line says why nothing
    was registered, and the alias stays where it is.

    Args:
        study: what its file says.
        optuna_study: Optuna's study.
        root: the project, which is the current folder.

    Raises:
        CheckpointError: if the checkpoint is damaged.
        ConfigError: if a style of ``export.styles`` cannot be used, or a package is missing that a served voice needs.
    """
    best = best_trials(optuna_study)
    if len(study.section.objectives) > 1 or not best:
        return _nothing("with several objectives, no trial alone is the best" if best else "no trial is the best")
    voice = _BestVoice(study, best[0], root)
    params, run = study.params(best[0].params), voice.run()
    if run is None:
        return _nothing(f"the run of {voice.title} is not in MLflow any more")
    name = params.export.registered_name
    version = version_of_run(root, name, run_id=run.run_id)
    if version is None:
        checkpoint = voice.checkpoint(params)
        if checkpoint is None:
            return _nothing(voice.absence())
        version = _register(voice, params, run, checkpoint=checkpoint)
    set_alias(root, version, alias=CHALLENGER)
    return f"models:/{name}@{CHALLENGER} is version {version.version}, the voice of {voice.title}"


def _register(voice: _BestVoice, params: Params, run: Run, *, checkpoint: Path) -> ModelVersion:
    """Register the voice in its run, as the stage ``export`` does with that of a pass."""
    name, experiment = params.export.registered_name, params.project.experiment
    with locked(voice.folder / "lock"), tempfile.TemporaryDirectory(prefix="emotts-") as folder:
        version = version_of_run(voice.root, name, run_id=run.run_id)
        if version is not None:  # by another process that ended at the same time
            return version
        export = Path(folder) / "export"
        description = export_voice(params, checkpoint, export)
        with Tracker(voice.root, experiment=experiment, run_id=run.run_id, name=run.name) as tracker:
            version = register_export(tracker, export, description, name=name)
        describe_registered(voice.root, tracker.run_id, checkpoint, name=name, tags=voice.tags())
    return version


def _nothing(reason: str) -> str:
    return f"no challenger was registered: {reason}"
