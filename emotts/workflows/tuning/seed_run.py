"""One training and its evaluation: a trial has one of them, or one a seed."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import optuna

from emotts.checkpoint.store import CheckpointStore
from emotts.errors import CheckpointError
from emotts.files import locked, write_text
from emotts.paths import BERT_FEATURES, CLASSIFIER, CORPUS
from emotts.progress import Progress
from emotts.recognition.ensemble import EmotionEnsemble
from emotts.settings import Params, Study
from emotts.tracking import Tracker
from emotts.workflows import bert_features
from emotts.workflows.evaluation import evaluate_checkpoint
from emotts.workflows.training import TrainingJob, training_job
from emotts.workflows.training_data import read_training_data
from emotts.workflows.tuning.hearing import hear_by
from emotts.workflows.tuning.heartbeat import Heartbeat
from emotts.workflows.tuning.methods import longest_training
from emotts.workflows.tuning.metrics import is_of_validation, is_spoken
from emotts.workflows.tuning.queue import Lease
from emotts.workflows.tuning.runs import StudyRuns
from emotts.workflows.tuning.storage import quiet_optuna

__all__ = ["SeedRun"]

_VALIDATIONS = "validations.json"


@dataclass(frozen=True)
class SeedRun:
    """The work on one training of a leased trial; what an earlier attempt has done is not done again.

    Attributes:
        study: the study.
        lease: the trial.
        seed: of the training; None where the study has no seeds of its own.
        place: of the seed among the study's, from 0.
        voice: folder of the training, its lock and its validations; of another trial where that trains the same voice.
        folder: of the evaluation.
        runs: the study's runs in MLflow.
        progress: called with step, steps and a note.
    """

    study: Study
    lease: Lease
    seed: int | None
    place: int
    voice: Path
    folder: Path
    runs: StudyRuns
    progress: Progress

    def metrics(self, heartbeat: Heartbeat) -> dict[str, float]:
        """Train and evaluate, and return all metrics; raises as :meth:`TrialRun.run`, and TrialPruned."""
        params = self.study.params(self.lease.values, seed=self.seed)
        features = bert_features.corpus_features(params, BERT_FEATURES)
        data = read_training_data(params, CORPUS, features=features)
        job = training_job(params, data, folder=self.voice / "voice")
        with locked(self.voice / "lock"):  # another trial may train this very voice
            if not job.finished:
                self._train(job, params, heartbeat)
        store = CheckpointStore(job.folder)
        step = store.marked(params.evaluate.checkpoint)
        if step is None:
            raise CheckpointError("the trial has no checkpoint to evaluate", where=job.folder)
        metrics = self._validations()[step]
        if all(is_of_validation(name) for name in self.study.section.metrics):
            return metrics
        return metrics | self._evaluate(params, store.path(step))

    def _train(self, job: TrainingJob, params: Params, heartbeat: Heartbeat) -> None:
        before = self.place * params.train.steps

        def open_tracker(run_id: str | None) -> Tracker:
            del run_id  # the study knows the trial's run on every machine
            return self._open_run(params)

        def report_progress(step: int, steps: int, note: str) -> None:
            heartbeat.step(before + step)
            self.progress(step, steps, f"{self._name}  {note}")

        pruner = self.study.section.pruner
        heard = pruner.kind != "none" and is_spoken(pruner.metric)
        hear = hear_by(EmotionEnsemble.load(CLASSIFIER)) if heard else None
        job.run(open_tracker, progress=report_progress, watch=self._watch, hear=hear)

    def _watch(self, metrics: dict[str, float], step: int) -> None:
        """Keep the metrics of a validation, and end the trial if the pruner says so."""
        if "val/score" in metrics:
            known = {**self._validations(), step: metrics}
            write_text(self.voice / _VALIDATIONS, json.dumps(known) + "\n")
        pruner, trial = self.study.section.pruner, self.lease.trial
        look = self.place * longest_training(self.study) + step
        if pruner.kind == "none" or pruner.metric not in metrics:
            return
        if look in trial.storage.get_trial(self.lease.trial_id).intermediate_values:
            return
        value = metrics[pruner.metric]
        # spoken metrics are better when higher, losses when lower; Optuna compares in the objective's direction
        wanted = "maximize" if is_spoken(pruner.metric) else "minimize"
        opposite = self.study.section.objectives[0].direction != wanted
        trial.report(-value if opposite else value, look)
        with quiet_optuna():
            ended = trial.should_prune()
        if ended:
            alone = f"no better for {pruner.patience} looks"
            why = alone if pruner.kind == "patient" else "others were better by then"
            raise optuna.TrialPruned(f"{pruner.metric} {value:.4g} after {self._steps(step)}: {why}")

    def _steps(self, step: int) -> str:
        return f"{step} steps" if self.seed is None else f"{step} steps with seed {self.seed}"

    def _evaluate(self, params: Params, checkpoint: Path) -> dict[str, float]:
        """Evaluate with the seed of the study's settings, so that every trial and seed speaks the same sentences."""
        out = self.folder / "reports"
        shutil.rmtree(out, ignore_errors=True)

        def report_progress(done: int, total: int, note: str) -> None:
            self.progress(done, total, f"{self._name}  {note}")

        measured = self.study.params(self.lease.values)
        with self._open_run(params) as tracker:
            evaluated = evaluate_checkpoint(
                measured, checkpoint, corpus=CORPUS, classifier=CLASSIFIER, out=out, progress=report_progress
            )
            evaluated.log(tracker, out)
        return evaluated.metrics

    def _open_run(self, params: Params) -> Tracker:
        if self.seed is None:
            return self.runs.open_trial(self.lease, params)
        return self.runs.open_seed(self.lease, params, seed=self.seed)

    @property
    def _name(self) -> str:
        return f"trial {self.lease.number}" + ("" if self.seed is None else f", seed {self.seed}")

    def _validations(self) -> dict[int, dict[str, float]]:
        """Return the metrics of the training's validations by step."""
        path = self.voice / _VALIDATIONS
        if not path.is_file():
            return {}
        return {int(step): metrics for step, metrics in json.loads(path.read_text(encoding="utf-8")).items()}
