"""One trial: its settings, its training, its evaluation, and how it ended."""

from __future__ import annotations

import gc
import json
import logging
import math
import shutil
from collections.abc import Callable
from pathlib import Path

import optuna
import torch

from emotts import build_bert
from emotts.checkpoint.store import CheckpointStore
from emotts.config import Params, Study
from emotts.corpus.rows import write_text
from emotts.errors import CheckpointError, ConfigError, DivergedError
from emotts.judges.panel import EmotionPanel
from emotts.tracking import Tracker
from emotts.tuning.figures import is_of_validation, is_spoken
from emotts.tuning.heartbeat import Heartbeat
from emotts.tuning.outcome import Outcome
from emotts.tuning.queue import Claim
from emotts.tuning.runs import StudyRuns
from emotts.tuning.stages import BERT, CLASSIFIER, CORPUS
from emotts.voice_evaluation import evaluate_checkpoint
from emotts.voice_training import TrainingJob, training_job

__all__ = ["TrialRun", "trial_folder"]

_LOG = logging.getLogger(__name__)
Progress = Callable[[int, int, str], None]


def trial_folder(root: Path, study: str, number: int) -> Path:
    """Return the folder of a trial's checkpoints and evaluation."""
    return root / "data" / "tune" / study / f"trial-{number:04d}"


class TrialRun:
    """The work on one claimed trial; what an earlier process did of it is not done again.

    Args:
        study: the study.
        claim: the trial.
        root: the project, which is the current folder.
        runs: the study's runs in MLflow.
        progress: called with step, steps and a note.
    """

    def __init__(self, study: Study, claim: Claim, *, root: Path, runs: StudyRuns, progress: Progress) -> None:
        self._study = study
        self._claim = claim
        self._runs = runs
        self._progress = progress
        self._folder = trial_folder(root, study.name, claim.number)
        self._validations = _read_validations(self._folder / "validations.json")

    def run(self, heartbeat: Heartbeat) -> Outcome:
        """Train and evaluate; a trial that cannot go on is no error, but an outcome with its reason.

        Raises:
            KeyboardInterrupt: on SIGINT or SIGTERM, after a checkpoint.
            TrialLostError: if the trial was given to another process.
            EmottsError: if the fault is not the trial's: its clips or the judge cannot be read.
        """
        params: Params | None = None
        try:
            params = self._study.params(self._claim.values)
            outcome = Outcome("complete", self._values(params, heartbeat))
        except optuna.TrialPruned as error:
            outcome = Outcome("pruned", reason=str(error))
        except DivergedError as error:
            outcome = Outcome("failed", reason=f"diverged: {error}")
        except (ConfigError, CheckpointError) as error:
            outcome = Outcome("failed", reason=str(error))
        except (MemoryError, RuntimeError) as error:
            if not is_out_of_memory(error):
                raise
            outcome = Outcome("failed", reason=f"out of memory: {str(error).splitlines()[0]}")
        _free_memory()
        self._runs.end_trial(self._claim, params or self._study.settings, outcome)
        return outcome

    def _values(self, params: Params, heartbeat: Heartbeat) -> tuple[float, ...]:
        """Return the objectives' values."""
        features = build_bert.corpus_features(params, BERT)
        job = training_job(params, corpus=CORPUS, folder=self._folder / "voice", features=features)
        if not job.finished:
            self._train(job, params, heartbeat)
        store = CheckpointStore(job.folder)
        step = store.marked(params.evaluate.checkpoint)
        if step is None:
            raise CheckpointError("the trial has no checkpoint to judge", where=job.folder)
        figures = dict(self._validations[step])
        if not all(is_of_validation(objective.metric) for objective in self._study.section.objectives):
            figures |= self._evaluate(params, store.path(step))
        return tuple(_figure(figures, objective.metric) for objective in self._study.section.objectives)

    def _train(self, job: TrainingJob, params: Params, heartbeat: Heartbeat) -> None:
        def open_tracker(run_id: str | None) -> Tracker:
            del run_id  # the study knows the trial's run on every machine
            return self._runs.open_trial(self._claim, params)

        def report_progress(step: int, steps: int, note: str) -> None:
            heartbeat.step(step)
            self._progress(step, steps, f"trial {self._claim.number}  {note}")

        pruner = self._study.section.pruner
        heard = pruner.kind != "none" and is_spoken(pruner.metric)
        judge = EmotionPanel.load(CLASSIFIER) if heard else None
        job.run(open_tracker, progress=report_progress, watch=self._watch, judge=judge)

    def _watch(self, figures: dict[str, float], step: int) -> None:
        """Keep the figures of a validation, and end the trial if it promises nothing."""
        if "val/score" in figures:
            self._validations[step] = figures
            write_text(self._folder / "validations.json", json.dumps(self._validations) + "\n")
        pruner = self._study.section.pruner
        trial = self._claim.trial
        if pruner.kind == "none" or pruner.metric not in figures:
            return
        if step in trial.storage.get_trial(self._claim.trial_id).intermediate_values:
            return
        value = figures[pruner.metric]
        # what is heard is better the higher, a loss the lower; turned where the study's objective goes the other way
        wanted = "maximize" if is_spoken(pruner.metric) else "minimize"
        turned = self._study.section.objectives[0].direction != wanted
        trial.report(-value if turned else value, step)
        if trial.should_prune():
            raise optuna.TrialPruned(f"{pruner.metric} {value:.4g} after {step} steps: others were better by then")

    def _evaluate(self, params: Params, checkpoint: Path) -> dict[str, float]:
        out = self._folder / "reports"
        shutil.rmtree(out, ignore_errors=True)

        def report_progress(done: int, total: int, note: str) -> None:
            self._progress(done, total, f"trial {self._claim.number}  {note}")

        with self._runs.open_trial(self._claim, params) as tracker:
            evaluated = evaluate_checkpoint(
                params, checkpoint, corpus=CORPUS, classifier=CLASSIFIER, out=out, progress=report_progress
            )
            evaluated.log(tracker, out)
        return evaluated.figures


def is_out_of_memory(error: BaseException) -> bool:
    """Say whether an error is a refusal of memory, by the GPU, by torch's allocator or by Python."""
    if isinstance(error, (MemoryError, torch.OutOfMemoryError)):
        return True
    text = str(error).lower()
    return isinstance(error, RuntimeError) and ("out of memory" in text or "can't allocate memory" in text)


def _free_memory() -> None:
    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()


def _figure(figures: dict[str, float], name: str) -> float:
    if name not in figures or not math.isfinite(figures[name]):
        raise ConfigError(
            f"the trial has no figure {name}", found=figures.get(name), wanted=f"one of {', '.join(sorted(figures))}"
        )
    return figures[name]


def _read_validations(path: Path) -> dict[int, dict[str, float]]:
    """Return the figures of a trial's validations by step, as an earlier process left them."""
    if not path.is_file():
        return {}
    return {int(step): figures for step, figures in json.loads(path.read_text(encoding="utf-8")).items()}
