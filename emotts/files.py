"""Writing files whole or not at all, and turns between processes."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["locked", "replacing"]


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a temporary name in the folder of ``path`` that becomes ``path`` at the end of the block.

    On any error or Ctrl-C, at whatever moment, the temporary file vanishes and ``path`` stands as it was. The folder
    is made where it is missing.
    """
    temporary = path.with_name(f".{path.name[:80]}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def locked(path: Path, *, wait: bool = True) -> Iterator[bool]:
    """Keep other processes out of the block; the lock ends with the process, however it ends.

    Args:
        path: the file that is locked. It and its folder are made where they are missing, and stay.
        wait: until the lock is free. Otherwise the block runs in any case.

    Yields:
        Whether the lock was got.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
