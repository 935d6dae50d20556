"""The spool of a run: what it reports, on disk until MLflow has it.

Below ``.emotts/spool/RUN_ID`` every writer has a folder of its own, a segment; they are numbered in the order in which
they were begun. A segment holds the file ``entries``, one JSON object a line, ``files`` with copies of the files that
entries name, and a lock that its writer holds: a segment whose lock is free is the leftover of a process that ended.

Entries are not synced to disk one by one, which takes milliseconds: what a process has written outlives its death by
any signal. The delivery syncs what it could not deliver, so a power failure costs at most the last seconds.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import filelock

from emotts.errors import TrackingError
from emotts.files import TEMPORARY_SUFFIX, locked
from emotts.system_refusals import refusal_number
from emotts.tracking.home import home
from emotts.tracking.segment import ENTRIES, LOCK, Segment, segments

__all__ = ["RUN_LOCK", "SPOOL", "SpoolWriter", "remove_if_empty", "run_folder", "spool_folder"]

SPOOL = Path(".emotts") / "spool"
"""The folder of a project that holds what could not be delivered yet."""
RUN_LOCK = "lock"
"""The file in the folder of a run that whoever delivers holds a lock on."""
_TRIES = 100


def spool_folder(root: Path) -> Path:
    """Return the spool of the project that keeps the runs of a working folder."""
    return home(root) / SPOOL


def run_folder(root: Path, run_id: str) -> Path:
    """Return the folder of a run in the spool; it exists as long as something waits in it."""
    return spool_folder(root) / run_id


def remove_if_empty(folder: Path) -> None:
    """Remove the folder of a run, and that of the spool, if nothing waits there and nobody delivers."""
    if not folder.is_dir():
        return
    with locked(folder / RUN_LOCK, wait=False) as free, contextlib.suppress(OSError):
        if free and {path.name for path in folder.iterdir()} == {RUN_LOCK}:
            (folder / RUN_LOCK).unlink()
            for each in (folder, folder.parent, folder.parent.parent):
                each.rmdir()  # fails where another run, or another file of the project, is in it


class SpoolWriter:
    """Writes the entries of a run, each whole before the call returns; any thread may call it.

    Args:
        folder: of the run in the spool.
        store: marks the store that the run is in.
        experiment_id: of the run's experiment there; empty: not known.
    """

    def __init__(self, folder: Path, *, store: str, experiment_id: str) -> None:
        self._folder = folder
        self._header = {"kind": "begin", "store": store, "experiment_id": experiment_id}
        self._mutex = threading.Lock()
        self._segment: Segment | None = None
        self._lock: filelock.BaseFileLock | None = None
        self._handle = -1
        self._copies = 0

    def write(self, kind: str, **content: object) -> None:
        """Add an entry.

        Args:
            kind: of the entry, as :mod:`emotts.tracking.sending` knows it.
            content: JSON values.

        Raises:
            TrackingError: if the disk is full, or refuses to write.
        """
        with self._mutex, self._stated():
            self._open()
            self._append({"kind": kind, **content})

    def write_files(self, kind: str, fill: Callable[[Path], object], **content: object) -> None:
        """Add an entry with files.

        Args:
            kind: as for :meth:`write`.
            fill: writes the files into a folder that it is given; it may copy them from elsewhere.
            content: JSON values.

        Raises:
            TrackingError: if the disk is full, or refuses to write.
        """
        with self._mutex, self._stated():
            files = self._open().files
            name = f"{self._copies + 1:06d}"
            temporary = files / f".{name}.{os.getpid()}{TEMPORARY_SUFFIX}"
            temporary.mkdir(parents=True)
            try:
                fill(temporary)
                temporary.rename(files / name)
                self._copies += 1
                self._append({"kind": kind, "copy": name, **content})
            finally:
                shutil.rmtree(temporary, ignore_errors=True)

    @property
    def waits(self) -> bool:
        """Whether an entry is still to be delivered."""
        with self._mutex:
            return self._segment is not None and self._segment.position() < self._end() and self._is_there()

    @property
    def size(self) -> int:
        """The bytes of the present segment's entries."""
        with self._mutex:
            return 0 if self._segment is None else self._end()

    def count(self) -> int:
        """Return how many entries are still to be delivered."""
        with self._mutex:
            return 0 if self._segment is None else self._segment.count()

    def sync(self) -> None:
        """Bring what was written to the disk itself, where it outlives a power failure."""
        with self._mutex:
            if self._segment is not None:
                os.fsync(self._handle)

    def tidy(self) -> None:
        """Remove the segment if all of it was delivered; the next entry begins another one."""
        with self._mutex:
            if self._segment is None or self._segment.position() < self._end():
                return
            self._segment.remove()
            self._close()
        remove_if_empty(self._folder)

    def _open(self) -> Segment:
        """Begin a segment unless there is one; another process may remove the run's emptied folder meanwhile."""
        if self._segment is not None:
            if self._is_there():
                return self._segment
            self._close()  # somebody has removed the folder
        for _ in range(_TRIES):
            with contextlib.suppress(FileExistsError, FileNotFoundError, filelock.Timeout):
                self._folder.mkdir(parents=True, exist_ok=True)
                last = max((segment.number for segment in segments(self._folder)), default=0)
                segment = Segment(self._folder / f"{last + 1:06d}")
                segment.path.mkdir()
                lock = filelock.FileLock(segment.path / LOCK, timeout=0, thread_local=False)
                with lock:
                    self._begin(segment)
                    lock.acquire()  # once more: it is held beyond the block
                self._segment, self._lock = segment, lock
                return segment
        raise OSError(errno.EIO, "no folder can be made", str(self._folder))

    def _begin(self, segment: Segment) -> None:
        self._handle = os.open(segment.path / ENTRIES, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o666)
        self._copies = 0
        try:
            self._append(self._header)
            segment.advance(self._end())
        except OSError:
            os.close(self._handle)
            raise

    def _append(self, entry: Mapping[str, object]) -> None:
        """Write one line whole, or leave the file as it was."""
        line = memoryview(json.dumps(entry).encode() + b"\n")
        before = self._end()
        try:
            while line:
                line = line[os.write(self._handle, line) :]
        except OSError:
            os.ftruncate(self._handle, before)
            raise

    def _close(self) -> None:
        os.close(self._handle)
        if self._lock is not None:
            self._lock.release()
        self._segment = self._lock = None

    def _is_there(self) -> bool:
        return os.fstat(self._handle).st_nlink > 0

    def _end(self) -> int:
        """Return the size of the file; an interruption cannot make it wrong, as it could a count of our own."""
        return os.fstat(self._handle).st_size

    @contextlib.contextmanager
    def _stated(self) -> Iterator[None]:
        """Turn a refusal of the system into an error that says what to do."""
        try:
            yield
        except OSError as error:
            number = refusal_number(error)
            if number is None:
                raise
            raise TrackingError(
                "a report of the run cannot be kept on disk",
                where=self._folder,
                found=os.strerror(number),
                remedy="free some space, or check the permissions, and run the same command again; "
                "what was reported before is kept",
            ) from error
