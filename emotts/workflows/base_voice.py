"""The training of a base voice by its recipe: its corpus, its phases in order, and the folder of the voice."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

from emotts.checkpoint.base.folder import write_base
from emotts.checkpoint.store import CheckpointStore
from emotts.corpus.melotts_format import CorpusBasis
from emotts.corpus.timed_corpus import build_timed_corpus
from emotts.errors import CheckpointError, ConfigError
from emotts.paths import BASE_WORK, BASES
from emotts.progress import Progress
from emotts.settings import Params, Recipe
from emotts.text.symbols import SYMBOLS
from emotts.tracking import Tracker, open_saved_run
from emotts.workflows.run_inputs import log_corpus, logged_settings
from emotts.workflows.training import TrainingJob, training_job
from emotts.workflows.training_data import read_training_data

__all__ = ["BaseTraining"]

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class BaseTraining:
    """The training of a base voice; every part of it goes on where it was stopped.

    A phase works in ``data/base/NAME/PHASE``: its ``corpus`` is made when the phase begins, of all clips that are
    there by then, and stays as it is until the phase ends; its checkpoints are in ``voice``.

    Args:
        recipe: what to do.
        root: the project.
        out: the folder that the voice is written to; None: ``models/base/NAME``.
    """

    recipe: Recipe
    root: Path
    out: Path | None = None

    @property
    def workplace(self) -> Path:
        """The folder that everything but the voice is written to."""
        return self.root / BASE_WORK / self.recipe.name

    @property
    def folder(self) -> Path:
        """The folder of the voice."""
        return self.root / BASES / self.recipe.name if self.out is None else self.out

    def run(self, phase: str | None = None, *, progress: Progress) -> bool:
        """Go through all phases, or through one whose predecessor is there; say whether the voice was written.

        Args:
            phase: the name of one phase; None: all of them.
            progress: called with step, steps and a note.

        Raises:
            ConfigError: if there is no such phase.
            CheckpointError: if the phase before it was not trained.
            KeyboardInterrupt: on SIGINT or SIGTERM, after a checkpoint; the voice as it is by then is written if the
                last phase was interrupted.
        """
        names = [each.name for each in self.recipe.phases]
        if phase is not None and phase not in names:
            raise ConfigError("the recipe has no such phase", found=phase, wanted=f"one of {', '.join(names)}")
        wanted = names if phase is None else [phase]
        with self._open_run() as parent:
            for number, name in enumerate(names):
                if name not in wanted:
                    continue
                try:
                    self._run_phase(number, parent=parent, progress=progress)
                finally:
                    if name == names[-1]:
                        self._write_voice(self._voice(name))
        return names[-1] in wanted

    def _run_phase(self, number: int, *, parent: Tracker, progress: Progress) -> None:
        phase = self.recipe.phases[number]
        params = phase.params
        if number:
            params = params.model_copy(update={"base": str(self._former_voice(number))})
        job = self._job(phase.name, params)
        if job.finished:
            _LOG.info("phase %s was finished before", phase.name)
            return
        name = f"{self.recipe.name} {phase.name}"
        _LOG.info("phase %s: %d steps", phase.name, job.params.train.steps)

        def open_tracker(run_id: str | None) -> Tracker:
            experiment = params.project.experiment
            tracker = Tracker(self.root, experiment=experiment, run_id=run_id, name=name, parent=parent.run_id)
            tracker.params(logged_settings(params))
            log_corpus(tracker, job.data.corpus, name=self.recipe.name, digest=job.data.digest)
            return tracker

        job.run(open_tracker, progress=lambda step, steps, note: progress(step, steps, f"{phase.name}  {note}"))

    def _job(self, name: str, params: Params) -> TrainingJob:
        """Return a phase's run; its corpus is built unless the run has begun."""
        corpus, voice = self.workplace / name / "corpus", self._voice(name)
        if CheckpointStore(voice).steps():
            job = training_job(params, read_training_data(params, corpus), folder=voice)
            if job.begun:
                return job
        settings = self.recipe.corpus
        build_timed_corpus(
            self.root / settings.source,
            corpus,
            languages=settings.languages or (params.project.language,),
            symbols=SYMBOLS,
            basis=CorpusBasis(params.emotions, params.audio, params.project.seed),
            val_fraction=settings.val_fraction,
            test_fraction=settings.test_fraction,
        )
        return training_job(params, read_training_data(params, corpus), folder=voice)

    def _former_voice(self, number: int) -> Path:
        former = self.recipe.phases[number - 1].name
        voice = self._voice(former)
        if CheckpointStore(voice).marked("best") is None:
            raise CheckpointError(
                f"phase {self.recipe.phases[number].name} starts from phase {former}, which was not trained",
                where=voice,
                remedy="leave --phase out, or train that phase first",
            )
        return voice

    def _voice(self, name: str) -> Path:
        return self.workplace / name / "voice"

    def _write_voice(self, voice: Path) -> None:
        store = CheckpointStore(voice)
        best = store.marked("best")
        if best is not None:
            size = write_base(self.folder, store.path(best))
            _LOG.info("%s: step %d, %.1f MB", self.folder, best, size / 1e6)

    def _open_run(self) -> Tracker:
        """Open the run that the phases' runs lie below."""
        experiment = self.recipe.phases[0].params.project.experiment
        return open_saved_run(self.workplace, self.root, experiment=experiment, name=f"base {self.recipe.name}")
