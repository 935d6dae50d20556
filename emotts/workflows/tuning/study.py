"""A study from its first trial to its results, by any number of processes."""

from __future__ import annotations

import logging
import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import optuna

from emotts.corpus.lists import read_list
from emotts.paths import CORPUS, STUDIES
from emotts.progress import Progress
from emotts.settings import Study
from emotts.workflows.evaluation import require_listeners
from emotts.workflows.tuning.attempts import Outcome, best_trials, is_over, latest_attempts, trial_number
from emotts.workflows.tuning.challenger import register_challenger
from emotts.workflows.tuning.heartbeat import Heartbeat
from emotts.workflows.tuning.metrics import check_metrics
from emotts.workflows.tuning.opening import load_study, open_study
from emotts.workflows.tuning.queue import Lease, TrialLostError, TrialQueue
from emotts.workflows.tuning.results import StudyResults, write_results
from emotts.workflows.tuning.runs import StudyRuns, violated
from emotts.workflows.tuning.stages import Pipeline
from emotts.workflows.tuning.storage import StudyStorage, stated_failures
from emotts.workflows.tuning.trial import TrialRun, clip_folders, trial_folder, voice_folders

__all__ = ["Tuning"]

_LOG = logging.getLogger(__name__)


class Tuning:
    """The work of one process on a study; the project's folder is the current one.

    Args:
        study: what its file says.
        root: the project.
        url: of the study's database; None: a SQLite file in the project.

    Raises:
        ConfigError: if the study changes what its trials share, names a wrong metric, or its database cannot be used.
    """

    def __init__(self, study: Study, root: Path, *, url: str | None = None) -> None:
        optuna.logging.set_verbosity(optuna.logging.WARNING)
        self._study = study
        self._root = root
        self._pipeline = Pipeline(root)
        self._pipeline.check_keys(study)
        check_metrics(study, study.settings.emotions.names)
        self._storage = StudyStorage(url, root=root, heartbeat_s=study.section.heartbeat_s)

    def work(self, *, progress: Progress) -> None:
        """Run trials until the budget is spent and no other process has one that it could lose.

        Raises:
            KeyboardInterrupt: on SIGINT or SIGTERM; the trial goes on when a process takes it again.
            EmottsError: if a package is missing that the evaluations need, or the trials cannot be run at all; a trial
                waits for the next process.
        """
        require_listeners(self._study.settings)
        with stated_failures(self._storage.shown):
            optuna_study, runs = self._open()
            queue = TrialQueue(self._storage, optuna_study, self._study)
            try:
                self._work(queue, optuna_study, runs, progress=progress)
            except KeyboardInterrupt:
                runs.interrupt_study()  # until a process opens it again
                raise

    def write_results(self) -> StudyResults:
        """Draw the study's plots into its MLflow run and write the best values as files.

        Raises:
            ConfigError: if there is no study yet, or no trial was completed.
        """
        with stated_failures(self._storage.shown):
            optuna_study = load_study(self._storage, self._study)
            runs = StudyRuns(self._study, self._root, parent=optuna_study.user_attrs.get("run_id"))
            return write_results(self._study, optuna_study, runs, folder=self._root / STUDIES / self._study.name)

    def register_challenger(self) -> str:
        """Register the voice of the best trial and return a line that says so, or why there is none.

        Raises:
            EmottsError: as :func:`~emotts.workflows.tuning.challenger.register_challenger`, or if there is no study.
        """
        with stated_failures(self._storage.shown):
            return register_challenger(self._study, load_study(self._storage, self._study), root=self._root)

    def readers(self, keys: Sequence[str]) -> str:
        """Name the stages that `dvc repro` runs again after a change of some keys, and those that follow from them."""
        return self._pipeline.again(keys)

    def _open(self) -> tuple[Any, StudyRuns]:
        """Open the study and its MLflow run, making both where they are not there yet."""
        with self._storage.lock(self._study.name):
            self._pipeline.check_results()
            trained = {item.emotion for item in read_list(CORPUS / "train.list")}
            check_metrics(self._study, [name for name in self._study.settings.emotions.names if name in trained])
            optuna_study = open_study(self._storage, self._study)
            known = optuna_study.user_attrs.get("run_id")
            runs = StudyRuns(self._study, self._root, parent=known)
            if runs.parent != known:
                optuna_study.set_user_attr("run_id", runs.parent)
                runs.describe(self._storage.shown)
        return optuna_study, runs

    def _work(self, queue: TrialQueue, optuna_study: Any, runs: StudyRuns, *, progress: Progress) -> None:
        while True:
            lease = queue.lease()
            if lease is not None:
                self._run(queue, lease, runs, progress=progress)
                self._tidy(optuna_study, ended=False)
                continue
            unfinished = queue.unfinished()
            if not unfinished:
                self._tidy(optuna_study, ended=True)
                return
            progress(0, 1, f"other processes still have trial {', '.join(map(str, unfinished))}")
            time.sleep(min(2.0, self._study.section.heartbeat_s))

    def _run(self, queue: TrialQueue, lease: Lease, runs: StudyRuns, *, progress: Progress) -> None:
        """Run one trial; whatever ends it, it is finished or waits for the next process."""
        shown = ", ".join(
            f"{name} {value:.3g}" if isinstance(value, float) else f"{name} {value}"
            for name, value in lease.values.items()
        )
        _LOG.info("trial %d: %s", lease.number, shown)
        run = TrialRun(self._study, lease, root=self._root, runs=runs, progress=progress)
        try:
            with Heartbeat(self._storage, lease, interval_s=self._study.section.heartbeat_s) as heartbeat:
                outcome = run.run(heartbeat)
            queue.finish(lease, outcome)
        except TrialLostError as error:
            _LOG.warning("%s", error)
            return
        except BaseException:
            queue.release(lease)
            raise
        _LOG.info("trial %d: %s", lease.number, self._described(outcome))

    def _described(self, outcome: Outcome) -> str:
        if outcome.values is None:
            return f"{outcome.kind}: {outcome.reason}"
        pairs = zip(self._study.section.objectives, outcome.values, strict=True)
        shown = ", ".join(f"{objective.metric} {value:.4g}" for objective, value in pairs)
        broken = violated(self._study, outcome.metrics)
        return f"{shown}; beyond {', '.join(broken)}" if broken else shown

    def _tidy(self, optuna_study: Any, *, ended: bool) -> None:
        """Remove the checkpoints of finished trials that are not the best, and the clips that MLflow has.

        Where voices are shared, a later trial may still need them: they stay until the study ends.
        """
        if self._study.section.keep == "all":
            return
        attempts = latest_attempts(optuna_study)
        best = {trial_number(trial) for trial in best_trials(optuna_study)}
        kept = {int(attempts[number].user_attrs.get("voice_of", number)) for number in best}
        shared = any(name.startswith("speaking.") for name in self._study.search)
        for number, attempt in attempts.items():
            folder = trial_folder(self._root, self._study.name, number)
            if is_over(attempt) and number not in kept and not (shared and not ended):
                for voice in voice_folders(folder):
                    shutil.rmtree(voice, ignore_errors=True)
            if is_over(attempt) and number not in best:
                for samples in clip_folders(folder):
                    shutil.rmtree(samples, ignore_errors=True)
