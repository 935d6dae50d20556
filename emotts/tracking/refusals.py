"""What MLflow refuses for good, set aside in the spool of its run so that it stops nothing else."""

from __future__ import annotations

import json
import logging
import shutil
from pathlib import Path

from emotts.tracking.batches import Batch
from emotts.tracking.segment import Segment

__all__ = ["Refusals"]

_FILE = "refused.jsonl"
_FILES = "refused"
_SHOWN = 3
_LOG = logging.getLogger(__name__)


class Refusals:
    """The file ``refused.jsonl`` in the folder of a run, and the folder ``refused`` beside it with the files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: set[str] = set()
        self.run_is_gone = False

    def add(self, batch: Batch, segment: Segment, *, reason: str) -> None:
        """Set a batch aside, with its files, and warn; not again where it comes again."""
        if not self._keep(batch, segment, reason=reason):
            return
        text = "MLflow refuses %s of run %s: %s\n  it is set aside in %s"
        _LOG.warning(text, _named(batch), self._folder.name, reason, self._folder / _FILE)

    def add_in_vain(self, batch: Batch, segment: Segment, *, reason: str) -> None:
        """Set a batch aside that the server fails to take, with its files, and warn; say how to send it by hand."""
        place = self._keep(batch, segment, reason=reason)
        if not place:
            return
        remedy = f"write what that file holds into run {self._folder.name}"
        if place != self._folder / _FILE:
            below = batch.items[0].get("folder")
            path = f" --artifact-path {below}" if below else ""
            remedy = f"mlflow artifacts log-artifacts --run-id {self._folder.name} --local-dir {place}{path}"
        _LOG.warning(
            "the tracking server takes other entries of run %s, but never %s: %s\n  it is set aside in %s; the others "
            "are delivered\n  to do: read in the server's log why it fails, then %s",
            self._folder.name,
            _named(batch),
            reason,
            place,
            remedy,
        )

    def add_of_gone(self, batch: Batch, segment: Segment) -> None:
        """Set a batch of a run aside that was deleted in MLflow, and warn of the first one."""
        self._keep(batch, segment, reason="the run was deleted")
        self.say_gone()

    def say_gone(self) -> None:
        """Note that the run was deleted, and warn once."""
        if not self.run_is_gone:
            text = "run %s was deleted in MLflow; what it still reports is set aside in %s"
            _LOG.warning(text, self._folder.name, self._folder / _FILE)
        self.run_is_gone = True

    def _keep(self, batch: Batch, segment: Segment, *, reason: str) -> Path | None:
        """Write a batch into the file unless that was done; return where it is, or None where it was known."""
        key = json.dumps([segment.path.name, batch.kind, batch.items])
        if key in self._known:
            return None
        place = self._folder / _FILE
        content = {"kind": batch.kind, "items": batch.items, "reason": reason}
        copy = batch.items[0].get("copy") if isinstance(batch.items[0], dict) else None
        if copy is not None and (segment.files / copy).is_dir():
            place = self._folder / _FILES / f"{segment.path.name}-{copy}"
            shutil.rmtree(place, ignore_errors=True)
            place.parent.mkdir(exist_ok=True)
            (segment.files / copy).rename(place)
            content["files"] = str(place.relative_to(self._folder))
        with (self._folder / _FILE).open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(content) + "\n")
        self._known.add(key)
        return place


def _named(batch: Batch) -> str:
    """Return the kind of a batch and its first names."""
    names = ", ".join(str(item[0]) for item in batch.items[:_SHOWN] if isinstance(item, (tuple, list)))
    return f"{batch.kind} {names}".strip()
