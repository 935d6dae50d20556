"""The thread that empties the spool of a run while the process works."""

from __future__ import annotations

import atexit
import contextlib
import logging
import threading
import time

from emotts.errors import TrackingError
from emotts.tracking.answering import require_answer
from emotts.tracking.delivery import Address, Outcome, RunDelivery
from emotts.tracking.failures import failure_kinds, shown_failure
from emotts.tracking.spool import SpoolWriter

__all__ = ["DeliveryThread"]

_GATHER_S = 0.5
"""So long it waits for further entries, which then go together."""
_IDLE_S = 5.0
"""It ends when nothing was written for so long; the next entry starts another one."""
_FIRST_S, _LONGEST_S = 0.5, 15.0
"""The first pause after a failure, which doubles with each further one, and the longest."""
_WATCHED_S = 0.2
"""The pause between two attempts while somebody waits."""
_LARGE = 8_000_000
"""A segment of so many bytes makes place for another one."""
_LAST_S = 5.0
"""So long the end of an attempt is waited for that has delivered everything, and only tidies up."""
_END_S = 15.0
"""At the end of the process, the delivery is given up after so long without any progress."""
_LOG = logging.getLogger(__name__)


class DeliveryThread:
    """Delivers what a writer writes, in a daemon thread: a call that hangs in it never holds up the process.

    The writer's entries are on disk, so nothing is lost with the thread.

    Args:
        writer: of the run.
        delivery: of the run.
        address: of the store.
    """

    def __init__(self, writer: SpoolWriter, delivery: RunDelivery, *, address: Address) -> None:
        self._writer = writer
        self._delivery = delivery
        self._address = address
        self._changed = threading.Condition()
        self._attempting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._written = False
        self._watchers = 0
        self._failures = 0
        self._told = False

    def wake(self) -> None:
        """Let the thread know that something was written."""
        with self._changed:
            self._written = True
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="tracking", daemon=True)
                self._thread.start()
                atexit.register(self._end)
            self._changed.notify_all()

    def flush(self, timeout_s: float) -> int:
        """Wait until everything is delivered; return how many entries still wait.

        Args:
            timeout_s: it gives up after so long without any progress.
        """
        if self._writer.waits:
            self._watch(timeout_s)
        left = self._writer.count()
        if not left and self._attempting.acquire(timeout=_LAST_S):
            try:
                self._writer.tidy()
            finally:
                self._attempting.release()
        return left

    def _watch(self, timeout_s: float) -> None:
        """Let the thread make haste until nothing waits, or nothing was sent for too long."""
        self.wake()
        with self._changed:
            self._watchers += 1
            self._changed.notify_all()
        try:
            end_s = time.monotonic() + timeout_s
            while self._writer.waits and time.monotonic() < end_s:
                if self._has_moved():
                    end_s = time.monotonic() + timeout_s
        finally:
            with self._changed:
                self._watchers -= 1

    def _has_moved(self) -> bool:
        """Wait briefly for the thread to deliver something, and say whether it did."""
        seen = self._delivery.sent
        with self._changed:
            self._changed.wait(_WATCHED_S)
        return self._delivery.sent != seen

    def _end(self) -> None:
        """Deliver the rest at the end of the process, or say what waits."""
        told = self._told
        left = self.flush(_WATCHED_S if told else _END_S)
        if left and not told:
            self.say_left(left)

    def say_left(self, left: int) -> None:
        """Warn that entries wait after the run's end, and say what delivers them."""
        self._told = True
        text = (
            "%d entries of run %s could not be delivered and stay in %s\n"
            "  to do: `emotts ui`, or the next stage, delivers them once the store answers"
        )
        _LOG.warning(text, left, self._delivery.folder.name, self._delivery.folder)

    def _run(self) -> None:
        """Deliver as long as something is written."""
        while self._wait_for_entries():
            with self._attempting:
                outcome = self._attempt()
            with self._changed:
                self._changed.notify_all()
            if outcome.is_busy:
                self._pause(_WATCHED_S)
            elif outcome.failure:
                self._fail(outcome.failure)
            else:
                self._succeed(outcome.delivered)

    def _wait_for_entries(self) -> bool:
        """Return True when there is something to deliver; False, and be no more, when nothing comes for long."""
        with self._changed:
            self._changed.wait_for(lambda: self._watchers > 0, _GATHER_S)
            if self._written or self._failures or self._writer.waits:
                self._written = False
                return True
            if self._changed.wait_for(lambda: self._written, _IDLE_S):
                return True
            self._thread = None
            atexit.unregister(self._end)
        self._writer.tidy()
        return False

    def _attempt(self) -> Outcome:
        try:
            if self._failures and self._address.is_remote:  # MLflow itself would try for minutes
                require_answer(self._address.uri, where="the tracking store")
            return self._delivery.attempt()
        except TrackingError as error:
            return Outcome(0, f"{error.what}: {error.found}")
        except failure_kinds() as error:
            return Outcome(0, shown_failure(error, self._address.uri))

    def _fail(self, failure: str) -> None:
        """Say once that the store does not take entries, and pause."""
        if not self._failures:
            text = "what run %s reports waits in %s, and is delivered later: %s"
            _LOG.warning(text, self._delivery.folder.name, self._delivery.folder, failure)
        self._failures += 1
        with contextlib.suppress(OSError):
            self._writer.sync()
        self._pause(min(_LONGEST_S, _FIRST_S * 2 ** min(self._failures, 10)))

    def _succeed(self, delivered: int) -> None:
        if self._failures:
            text = "the tracking store answers again: %d entries of run %s were delivered"
            _LOG.info(text, delivered, self._delivery.folder.name)
        self._failures = 0
        if self._writer.size > _LARGE:
            self._writer.tidy()

    def _pause(self, pause_s: float) -> None:
        """Wait, but only briefly while somebody waits for the end."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._watchers > 0, pause_s):
                return
        time.sleep(_WATCHED_S)
