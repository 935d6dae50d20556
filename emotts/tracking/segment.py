"""One writer's part of a run's spool: reading its entries, and how far they were delivered."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from emotts.files import locked, write_text

__all__ = ["ENTRIES", "FILES", "LOCK", "Entry", "Segment", "segments"]

ENTRIES = "entries"
"""The file of a segment's entries, one JSON object a line; the first one describes the segment."""
FILES = "files"
"""The folder of the files that entries name."""
LOCK = "lock"
"""The file that the writer of a segment holds a lock on while it lives."""
_DELIVERED = "delivered"
"""The file with the number of bytes of ``ENTRIES`` that were delivered."""


@dataclass(frozen=True)
class Entry:
    """An entry: its kind, its content, and the position in the file behind it."""

    kind: str
    content: Mapping[str, Any]
    end: int


@dataclass(frozen=True)
class Segment:
    """A segment on disk. ``path``: its folder, whose name is its number in the run."""

    path: Path

    @property
    def number(self) -> int:
        """Its place among the segments of its run."""
        return int(self.path.name)

    @property
    def files(self) -> Path:
        """The folder of the files that its entries name."""
        return self.path / FILES

    def header(self) -> Mapping[str, Any]:
        """Return what its first line says; empty where the writer was killed before that line was whole."""
        try:
            with (self.path / ENTRIES).open("rb") as stream:
                first = _parsed(stream.readline())
        except FileNotFoundError:
            return {}
        return first or {}

    def position(self) -> int:
        """Return how many bytes were delivered; 0 where that is not known: then they are delivered once more."""
        try:
            return int((self.path / _DELIVERED).read_text(encoding="ascii"))
        except (FileNotFoundError, ValueError):
            return 0

    def advance(self, position: int) -> None:
        """Note that everything before a position was delivered."""
        write_text(self.path / _DELIVERED, f"{position}\n")

    def entries(self) -> Iterator[Entry]:
        """Yield the entries that were not delivered yet, in order; a line that was only half written is left out."""
        try:
            stream = (self.path / ENTRIES).open("rb")
        except FileNotFoundError:
            return
        with stream:
            end = self.position()
            stream.seek(end)
            for line in stream:
                if not line.endswith(b"\n"):
                    return
                end += len(line)
                found = _parsed(line)
                if found is not None and found["kind"] != "begin":
                    yield Entry(str(found["kind"]), found, end)

    def count(self) -> int:
        """Return how many entries were not delivered yet."""
        return sum(1 for _ in self.entries())

    def is_left(self) -> bool:
        """Whether its writer has ended: nobody holds its lock."""
        if not self.path.is_dir():
            return False
        with locked(self.path / LOCK, wait=False) as free:
            return free

    def remove_if_left(self) -> None:
        """Remove it if its writer has ended and all of it was delivered; nobody can begin to write to it meanwhile."""
        if not self.path.is_dir():
            return
        with locked(self.path / LOCK, wait=False) as free:
            if free and next(self.entries(), None) is None:
                self.remove()

    def remove_copies(self, delivered: Iterable[Entry]) -> None:
        """Remove the files of entries that were delivered."""
        for entry in delivered:
            if "copy" in entry.content:
                shutil.rmtree(self.files / str(entry.content["copy"]), ignore_errors=True)

    def remove(self) -> None:
        """Remove it with its files."""
        shutil.rmtree(self.path, ignore_errors=True)


def segments(folder: Path) -> list[Segment]:
    """Return the segments of a run's folder in their order; none where there is no such folder."""
    try:
        found = [Segment(path) for path in folder.iterdir() if path.name.isdecimal() and path.is_dir()]
    except FileNotFoundError:
        return []
    return sorted(found, key=lambda segment: segment.number)


def _parsed(line: bytes) -> Mapping[str, Any] | None:
    """Return the entry of a line; None where it is none, as a power failure may leave it."""
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) and isinstance(found.get("kind"), str) else None
