"""The file ``corrections.jsonl`` of a project while it is being written, by any number of processes."""

from __future__ import annotations

from pathlib import Path

from emotts.corpus.corrections.correction import Correction, parse_corrections
from emotts.files import locked, write_bytes

__all__ = ["CorrectionsFile", "make_file"]


def make_file(path: Path) -> None:
    """Make an empty file of corrections where there is none: DVC wants the files that a stage depends on."""
    if not path.exists():
        write_bytes(path, b"")


class CorrectionsFile:
    """Adds corrections one by one, each on the disk before the call returns.

    The file is written whole or not at all, under a lock, and read again before every change, so that nothing that
    another process or an editor wrote meanwhile is lost.
    """

    def __init__(self, path: Path, *, lock: Path) -> None:
        self._path = path
        self._lock = lock
        self._content = b""
        self._corrections: tuple[Correction, ...] = ()

    def read(self) -> tuple[Correction, ...]:
        """Return all corrections; a missing file holds none.

        Raises:
            CorpusError: if the file is not UTF-8 or a line is no correction.
        """
        content = self._path.read_bytes() if self._path.is_file() else b""
        if content != self._content:
            self._corrections = parse_corrections(content, where=self._path)
            self._content = content
        return self._corrections

    def add(self, correction: Correction, *, instead_of: Correction | None = None) -> tuple[Correction, ...]:
        """Add a correction and return all.

        Args:
            correction: goes to the end.
            instead_of: it takes the place of this one where that is still the last: a text that is being typed.

        Raises:
            CorpusError: if a line of the file is no correction; nothing is written.
            OSError: if the disk does not take it.
        """
        with locked(self._lock):
            known, content = self.read(), self._content
            if instead_of is not None and known and known[-1] == instead_of:
                known, content = known[:-1], _without_last_line(content)
            if content and not content.endswith(b"\n"):
                content += b"\n"
            return self._write((*known, correction), content + correction.to_line().encode())

    def take_back(self) -> tuple[Correction | None, tuple[Correction, ...]]:
        """Remove the last correction; return it (None where there is none) and those that are left."""
        with locked(self._lock):
            known = self.read()
            if not known:
                return None, known
            return known[-1], self._write(known[:-1], _without_last_line(self._content))

    def _write(self, corrections: tuple[Correction, ...], content: bytes) -> tuple[Correction, ...]:
        write_bytes(self._path, content)
        self._content, self._corrections = content, corrections
        return corrections


def _without_last_line(content: bytes) -> bytes:
    return content[: content.rstrip(b"\r\n").rfind(b"\n") + 1]
