"""Delivering what waits in the spool of a run: in order, by one process at a time, and nothing is dropped."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any

from emotts.files import locked
from emotts.tracking.batches import Batch, batches
from emotts.tracking.failures import Cause, cause_of, failure_kinds, is_answer, shown_failure
from emotts.tracking.refusals import Refusals
from emotts.tracking.retries import Retries
from emotts.tracking.segment import Segment, segments
from emotts.tracking.sending import Sender
from emotts.tracking.spool import RUN_LOCK, remove_if_empty

__all__ = ["Address", "Outcome", "RunDelivery", "deliver_leftovers"]

_PORTION = 60
"""So many entries are read and sent before it is noted that they were delivered."""
_UNDELIVERED = "emotts.undelivered"
"""The tag of a run that names the kind of an entry which its server does not take."""
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Address:
    """Where entries go.

    Attributes:
        connect: makes MLflow's client of that store; a database has to answer for it.
        mark: of the store; what another store should get is left alone.
        uri: its address, whose password is not shown.
        is_server: whether something else than MLflow may answer there: the store has to know the run before and after.
    """

    connect: Callable[[], Any]
    mark: str
    uri: str
    is_server: bool

    @property
    def is_remote(self) -> bool:
        """Whether a connection is made to it, and not only a file opened."""
        return not self.uri.startswith("sqlite")

    @cached_property
    def client(self) -> Any:
        """MLflow's client, made on first use."""
        return self.connect()


@dataclass(frozen=True)
class Outcome:
    """What became of an attempt.

    Attributes:
        delivered: so many entries were.
        failure: why the rest waits; empty: nothing waits.
        is_busy: the rest waits only because another process delivers.
    """

    delivered: int
    failure: str = ""
    is_busy: bool = False


class RunDelivery:
    """Delivers the segments of a run in their order.

    Args:
        folder: of the run in the spool; its name is the run's id.
        address: where to.

    Attributes:
        sent: so many batches were sent, which another thread may watch.
    """

    def __init__(self, folder: Path, address: Address) -> None:
        self.folder = folder
        self._address = address
        self._refusals = Refusals(folder)
        self._retries = Retries(folder)
        self._delivered = 0
        self.sent = 0

    def attempt(self) -> Outcome:
        """Deliver what waits; end at the first failure that may pass."""
        self._delivered = 0
        if not segments(self.folder):
            return Outcome(0)
        with locked(self.folder / RUN_LOCK, wait=False) as free:
            if not free:
                return Outcome(0, "another process delivers them", is_busy=True)
            try:
                for segment in segments(self.folder):
                    self._deliver(segment)
            except failure_kinds() as error:
                return Outcome(self._delivered, shown_failure(error, self._address.uri))
        remove_if_empty(self.folder)
        return Outcome(self._delivered)

    def _deliver(self, segment: Segment) -> None:
        """Deliver a segment, and remove it if its writer has ended; raise what ends the attempt."""
        header = segment.header()
        if header.get("store", self._address.mark) != self._address.mark:
            return
        experiment_id = str(header.get("experiment_id", ""))
        sender = Sender(self._address.client, self.folder.name, experiment_id=experiment_id)
        while portion := list(islice(segment.entries(), _PORTION)):
            self._require_run(experiment_id)
            for batch in batches(portion):
                self._send(batch, segment, sender=sender, experiment_id=experiment_id)
                if batch.end is not None and not self._address.is_server:
                    segment.advance(batch.end)
            self._require_run(experiment_id)
            segment.advance(portion[-1].end)
            segment.remove_copies(portion)
            self._delivered += len(portion)
        segment.remove_if_left()

    def _send(self, batch: Batch, segment: Segment, *, sender: Sender, experiment_id: str) -> None:
        """Send a batch; what of it is refused for good is set aside."""
        if self._refusals.run_is_gone:
            self._refusals.add_of_gone(batch, segment)
            return
        try:
            sender.send(batch, files=segment.files)
            self.sent += 1
            if self._retries.forget(batch, segment):
                self._address.client.delete_tag(self.folder.name, _UNDELIVERED)
        except failure_kinds() as error:
            cause = self._cause(error, experiment_id)
            if cause is Cause.AWAY:
                if not self._is_in_vain(batch, segment):
                    raise
                self._give_up(batch, segment, experiment_id=experiment_id, error=error)
            elif cause is Cause.RUN_GONE:
                self._refusals.add_of_gone(batch, segment)
            elif len(batch.items) > 1:
                for half in batch.halves():
                    self._send(half, segment, sender=sender, experiment_id=experiment_id)
            else:
                self._refusals.add(batch, segment, reason=shown_failure(error, self._address.uri))

    def _is_in_vain(self, batch: Batch, segment: Segment) -> bool:
        """Whether a batch was sent often enough to a server that takes others: it takes a tag that names this one."""
        if not self._address.is_server:
            return False
        try:
            self._address.client.set_tag(self.folder.name, _UNDELIVERED, batch.kind)
        except failure_kinds():
            return False
        return self._retries.are_enough(batch, segment)

    def _give_up(self, batch: Batch, segment: Segment, *, experiment_id: str, error: Exception) -> None:
        """Set a batch aside that was sent in vain; it is not sent again, whatever becomes of the next ones."""
        self._require_run(experiment_id)
        self._refusals.add_in_vain(batch, segment, reason=shown_failure(error, self._address.uri))
        self._retries.forget(batch, segment)
        if batch.end is not None:
            segment.advance(batch.end)

    def _require_run(self, experiment_id: str) -> None:
        """Raise what ends the attempt if a server does not answer as that of the run does."""
        if not self._address.is_server or self._refusals.run_is_gone:
            return
        try:
            known = is_answer(self._address.client, self.folder.name)
        except failure_kinds() as error:
            if self._cause(error, experiment_id) is not Cause.RUN_GONE:
                raise
            self._refusals.say_gone()
            return
        if not known:
            raise ValueError("something answers there, but it is no MLflow server")

    def _cause(self, error: Exception, experiment_id: str) -> Cause:
        client = self._address.client
        return cause_of(error, client, run_id=self.folder.name, experiment_id=experiment_id)


def deliver_leftovers(spool: Path, address: Address) -> None:
    """Deliver what processes left in a spool that ended before they could; say what was, and what waits on.

    Args:
        spool: the folder.
        address: where to.
    """
    folders: list[Path] = []
    with suppress(FileNotFoundError):  # nothing waits, or another process has just delivered the last of it
        folders = sorted(path for path in spool.iterdir() if path.is_dir())
    for folder in folders:
        left = [segment for segment in segments(folder) if segment.is_left()]
        if not left:
            continue
        outcome = RunDelivery(folder, address).attempt()
        if outcome.delivered:
            _LOG.info(
                "%d entries that an earlier process left of run %s were delivered", outcome.delivered, folder.name
            )
        waiting = sum(segment.count() for segment in left)
        if outcome.failure and waiting:
            text = "%d entries that an earlier process left of run %s still wait in %s: %s"
            _LOG.warning(text, waiting, folder.name, folder, outcome.failure)
