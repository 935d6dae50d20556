"""Signs of life of a process that works on a trial."""

from __future__ import annotations

import logging
import threading
import time
from types import TracebackType

import optuna
import sqlalchemy.exc

from emotts.tuning.queue import Claim, TrialLostError, TrialQueue
from emotts.tuning.storage import StudyStorage

__all__ = ["Heartbeat"]

_LOG = logging.getLogger(__name__)


class Heartbeat:
    """While entered, tells the study every ``interval_s`` that this process lives, and how far its trial is.

    A database that does not answer for a while is no reason to stop.
    """

    def __init__(self, storage: StudyStorage, queue: TrialQueue, claim: Claim, *, interval_s: int) -> None:
        self._storage = storage
        self._queue = queue
        self._claim = claim
        self._interval_s = interval_s
        self._steps = int(claim.attribute("steps", 0))
        self._seconds_before = float(claim.attribute("seconds", 0.0))
        self._start_s = time.monotonic()
        self._over = threading.Event()
        self._lost = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="heartbeat", daemon=True)

    def __enter__(self) -> Heartbeat:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop, and write down how far the trial got."""
        self._over.set()
        self._thread.join()
        if not self._lost.is_set() and not self._queue_says_lost():
            self._write()

    def step(self, steps: int) -> None:
        """Note how many steps the trial has been trained.

        Raises:
            TrialLostError: if it was given to another process.
        """
        self._steps = steps
        if self._lost.is_set():
            raise TrialLostError(f"trial {self._claim.number} was given to another process")

    def _beat(self) -> None:
        while not self._over.wait(self._interval_s):
            if self._queue_says_lost():
                self._lost.set()
                return
            self._write()

    def _queue_says_lost(self) -> bool:
        try:
            return not self._queue.owned(self._claim)
        except (sqlalchemy.exc.SQLAlchemyError, optuna.exceptions.StorageInternalError) as error:
            _LOG.warning("the study's database does not answer: %s", str(error).splitlines()[0])
            return False

    def _write(self) -> None:
        seconds = self._seconds_before + time.monotonic() - self._start_s
        rdb, trial_id = self._storage.rdb, self._claim.trial_id
        try:
            rdb.record_heartbeat(trial_id)
            rdb.set_trial_user_attr(trial_id, "steps", self._steps)
            rdb.set_trial_user_attr(trial_id, "seconds", round(seconds, 1))
        except optuna.exceptions.UpdateFinishedTrialError:
            self._lost.set()
        except (sqlalchemy.exc.SQLAlchemyError, optuna.exceptions.StorageInternalError) as error:
            _LOG.warning("the study's database does not answer: %s", str(error).splitlines()[0])
