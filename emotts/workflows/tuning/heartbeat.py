"""The heartbeat of a process that works on a trial.

Optuna has a thread for it, but only inside of ``Study.optimize``, and it ends at the first failure of the database.
"""

from __future__ import annotations

import logging
import threading
import time
from types import TracebackType

import optuna
import sqlalchemy.exc

from emotts.workflows.tuning.queue import Lease, TrialLostError
from emotts.workflows.tuning.storage import StudyStorage

__all__ = ["Heartbeat"]

_LOG = logging.getLogger(__name__)


class Heartbeat:
    """While entered, tells the study every ``interval_s`` that this process lives, and how far its trial is.

    A database that does not answer for a while is no reason to stop.
    """

    def __init__(self, storage: StudyStorage, lease: Lease, *, interval_s: int) -> None:
        self._rdb = storage.rdb
        self._lease = lease
        self._interval_s = interval_s
        self._steps = self._steps_before = int(lease.attribute("steps", 0))
        self._seconds_before = float(lease.attribute("seconds", 0.0))
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
        self._write()

    def step(self, steps: int) -> None:
        """Note how many steps the trial has been trained.

        Raises:
            TrialLostError: if it was given to another process.
        """
        self._steps = steps
        if self._lost.is_set():
            raise TrialLostError(self._lease.number)

    def _beat(self) -> None:
        while not self._over.wait(self._interval_s):
            self._write()

    def _write(self) -> None:
        seconds = self._seconds_before + time.monotonic() - self._start_s
        noted = {"steps": self._steps, "seconds": round(seconds, 1)}
        if self._steps > self._steps_before:
            noted["deaths"] = 0  # only deaths without any progress in between are counted
        try:
            self._rdb.record_heartbeat(self._lease.trial_id)
            self._lease.note(**noted)
        except optuna.exceptions.UpdateFinishedTrialError:
            self._lost.set()
        except (sqlalchemy.exc.SQLAlchemyError, optuna.exceptions.StorageInternalError) as error:
            _LOG.warning("the study's database does not answer: %s", str(error).splitlines()[0])
