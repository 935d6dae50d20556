"""A base voice by its recipe: the corpus, one phase after the other, and the folder that ``base`` can name."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from emotts.checkpoint.base_folder import write_base
from emotts.checkpoint.store import CheckpointStore
from emotts.config import Params, Recipe, flatten
from emotts.corpus.timed_corpus import build_timed_corpus
from emotts.errors import CheckpointError, ConfigError
from emotts.run_inputs import log_corpus
from emotts.text.symbols import SYMBOLS
from emotts.tracking import Tracker, keep_run, kept_run
from emotts.voice_training import TrainingJob, training_job

__all__ = ["BaseTraining"]

_LOG = logging.getLogger(__name__)
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class BaseTraining:
    """The making of a base voice; every part of it goes on where it was stopped.

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
        return self.root / "data" / "base" / self.recipe.name

    @property
    def folder(self) -> Path:
        """The folder of the voice."""
        return self.root / "models" / "base" / self.recipe.name if self.out is None else self.out

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
        _LOG.info("phase %s: %d steps", phase.name, job.settings.steps)

        def open_tracker(run_id: str | None) -> Tracker:
            tracker = self._tracker(params, run_id, name=name, parent=parent.run_id)
            tracker.params(flatten(params.model_dump()))
            log_corpus(tracker, job.corpus, name=self.recipe.name, digest=job.identity["corpus"])
            return tracker

        job.run(open_tracker, progress=lambda step, steps, note: progress(step, steps, f"{phase.name}  {note}"))

    def _job(self, name: str, params: Params) -> TrainingJob:
        """Return a phase's run; its corpus is built unless the run has begun."""
        corpus, voice = self.workplace / name / "corpus", self._voice(name)
        if CheckpointStore(voice).steps():
            job = training_job(params, corpus=corpus, folder=voice)
            if job.begun:
                return job
        settings = self.recipe.corpus
        build_timed_corpus(
            self.root / settings.source,
            corpus,
            language=params.project.language,
            symbols=SYMBOLS,
            emotions=params.emotions,
            audio=params.audio.model_dump(),
            val_share=settings.val_share,
            test_share=settings.test_share,
            seed=params.project.seed,
        )
        return training_job(params, corpus=corpus, folder=voice)

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
        known = kept_run(self.workplace)
        tracker = self._tracker(self.recipe.phases[0].params, known, name=f"base {self.recipe.name}")
        keep_run(self.workplace, tracker.run_id)
        return tracker

    def _tracker(self, params: Params, run_id: str | None, *, name: str, parent: str | None = None) -> Tracker:
        return Tracker(self.root, experiment=params.project.experiment, run_id=run_id, name=name, parent=parent)
