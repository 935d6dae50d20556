"""A study from its first trial to its result, by any number of processes."""

from __future__ import annotations

import logging
import shutil
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import optuna
from optuna.trial import TrialState

from emotts.config import Study
from emotts.corpus.lists import read_list
from emotts.tuning.best import best_trials
from emotts.tuning.conclusion import Conclusion, conclude
from emotts.tuning.figures import check_metrics
from emotts.tuning.heartbeat import Heartbeat
from emotts.tuning.opening import load_opened, open_study
from emotts.tuning.outcome import Outcome
from emotts.tuning.queue import Claim, TrialLostError, TrialQueue
from emotts.tuning.runs import StudyRuns
from emotts.tuning.stages import CORPUS, Pipeline
from emotts.tuning.storage import StudyStorage, stated_failures
from emotts.tuning.trial import TrialRun, trial_folder
from emotts.voice_evaluation import require_listeners

__all__ = ["Tuning"]

_LOG = logging.getLogger(__name__)
Progress = Callable[[int, int, str], None]


class Tuning:
    """The work of one process on a study; the project's folder is the current one.

    Args:
        study: what its file says.
        root: the project.
        url: of the study's database; None: a SQLite file in the project.

    Raises:
        ConfigError: if the study changes what its trials share, names a wrong figure, or its database cannot be used.
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
            opened, runs = self._open()
            queue = TrialQueue(self._storage, opened, self._study)
            try:
                self._work(queue, opened, runs, progress=progress)
            except KeyboardInterrupt:
                runs.open_study().end(status="KILLED")  # until a process opens it again
                raise

    def conclude(self) -> Conclusion:
        """Draw the study's plots into its MLflow run and write the best values as files.

        Raises:
            ConfigError: if there is no study yet, or no trial was completed.
        """
        with stated_failures(self._storage.shown):
            opened = load_opened(self._storage, self._study)
            runs = StudyRuns(self._study, self._root, parent=opened.user_attrs.get("run_id"))
            return conclude(self._study, opened, runs, folder=self._root / "data" / "tune" / self._study.name)

    def readers(self, keys: Sequence[str]) -> str:
        """Name the stages that `dvc repro` runs again after a change of some keys, and those that follow from them."""
        return self._pipeline.again(keys)

    def _open(self) -> tuple[Any, StudyRuns]:
        """Open the study and its MLflow run, making both where they are not there yet."""
        with self._storage.turn(self._study.name):
            self._pipeline.check_results()
            trained = {item.emotion for item in read_list(CORPUS / "train.list")}
            check_metrics(self._study, [name for name in self._study.settings.emotions.names if name in trained])
            opened = open_study(self._storage, self._study)
            known = opened.user_attrs.get("run_id")
            runs = StudyRuns(self._study, self._root, parent=known)
            if runs.parent != known:
                opened.set_user_attr("run_id", runs.parent)
                runs.describe(self._storage.shown)
        return opened, runs

    def _work(self, queue: TrialQueue, opened: Any, runs: StudyRuns, *, progress: Progress) -> None:
        while True:
            claim = queue.claim()
            if claim is not None:
                self._run(queue, claim, runs, progress=progress)
                self._tidy(opened)
                continue
            running = queue.running()
            if not running:
                return
            progress(0, 1, f"other processes still have trial {', '.join(map(str, running))}")
            time.sleep(min(2.0, self._study.section.heartbeat_s))

    def _run(self, queue: TrialQueue, claim: Claim, runs: StudyRuns, *, progress: Progress) -> None:
        """Run one trial; whatever ends it, it is finished or waits for the next process."""
        shown = ", ".join(
            f"{name} {value:.3g}" if isinstance(value, float) else f"{name} {value}"
            for name, value in claim.values.items()
        )
        _LOG.info("trial %d: %s", claim.number, shown)
        run = TrialRun(self._study, claim, root=self._root, runs=runs, progress=progress)
        try:
            with Heartbeat(self._storage, queue, claim, interval_s=self._study.section.heartbeat_s) as heartbeat:
                outcome = run.run(heartbeat)
            queue.finish(claim, outcome)
        except TrialLostError as error:
            _LOG.warning("%s", error)
            return
        except BaseException:
            queue.release(claim)
            raise
        _LOG.info("trial %d: %s", claim.number, self._said(outcome))

    def _said(self, outcome: Outcome) -> str:
        if outcome.values is None:
            return f"{outcome.kind}: {outcome.reason}"
        pairs = zip(self._study.section.objectives, outcome.values, strict=True)
        return ", ".join(f"{objective.metric} {value:.4g}" for objective, value in pairs)

    def _tidy(self, opened: Any) -> None:
        """Remove the checkpoints of finished trials that are not the best."""
        if self._study.section.keep == "all":
            return
        ended = opened.get_trials(deepcopy=False, states=(TrialState.COMPLETE, TrialState.PRUNED, TrialState.FAIL))
        best = {trial.number for trial in best_trials(opened)}
        for trial in ended:
            if trial.number not in best:
                shutil.rmtree(trial_folder(self._root, self._study.name, trial.number) / "voice", ignore_errors=True)
