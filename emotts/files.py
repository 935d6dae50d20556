"""Writing files and folders whole or not at all, and locks between processes."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import filelock

__all__ = ["TEMPORARY_SUFFIX", "locked", "remove_folder", "replacing", "write_bytes", "write_folder", "write_text"]

_NAME_BYTES = 200

TEMPORARY_SUFFIX = ".part"
"""Ends the name of a file or folder that is still being written, behind the writer's process id."""


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a temporary name in the folder of ``path`` that becomes ``path`` at the end of the block.

    On any error or Ctrl-C the temporary file is removed and ``path`` stays as it was. A missing folder is created.
    """
    temporary = _temporary_name(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write a UTF-8 file whole or not at all."""
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, synced to disk."""
    with replacing(path) as temporary:
        _write_synced(temporary, content)
    _sync(path.parent)


def write_folder(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Write a folder of files whole or not at all, synced to disk; an existing folder of that name is replaced.

    Raises:
        OSError: if the disk lacks the room, which is checked first, or refuses to write.
    """
    temporary = _temporary_name(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        remove_folder(temporary)
        if shutil.disk_usage(folder.parent).free < sum(map(len, contents.values())):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(folder))
        temporary.mkdir()
        for name, content in contents.items():
            _write_synced(temporary / name, content)
        _sync(temporary)
        _put_in_place(temporary, folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def remove_folder(folder: Path) -> None:
    """Remove a folder if it exists; its name disappears before its first file does."""
    if not folder.exists():
        return
    doomed = folder
    if not folder.name.endswith(TEMPORARY_SUFFIX):
        doomed = _old_name(folder)
        shutil.rmtree(doomed, ignore_errors=True)
        folder.rename(doomed)
    shutil.rmtree(doomed)


@contextmanager
def locked(path: Path, *, wait: bool = True) -> Iterator[bool]:
    """Keep other processes out of the block; the lock ends with the process, however it ends.

    Args:
        path: the file that is locked. It and its folder are created where they are missing, and stay.
        wait: wait until the lock is free. Otherwise the block runs in any case.

    Yields:
        Whether this process holds the lock.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = filelock.FileLock(path, timeout=-1 if wait else 0)
    try:
        lock.acquire()
    except filelock.Timeout:
        yield False
        return
    try:
        yield True
    finally:
        lock.release()


def _put_in_place(temporary: Path, folder: Path) -> None:
    """Rename ``temporary`` to ``folder``; an existing one is renamed first and removed last."""
    old = _old_name(folder)
    if folder.exists():
        shutil.rmtree(old, ignore_errors=True)
        folder.rename(old)
    temporary.rename(folder)
    _sync(folder.parent)
    shutil.rmtree(old, ignore_errors=True)


def _old_name(folder: Path) -> Path:
    return _temporary_name(folder, kind=".old")


def _temporary_name(path: Path, *, kind: str = "") -> Path:
    """Return a hidden name in the same folder with this process's id in it, short enough for any file system."""
    kept = os.fsencode(path.name)[:_NAME_BYTES].decode("utf-8", errors="ignore")
    return path.with_name(f".{kept}{kind}.{os.getpid()}{TEMPORARY_SUFFIX}")


def _write_synced(path: Path, content: bytes) -> None:
    with path.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _sync(folder: Path) -> None:
    if os.name == "nt":  # Windows cannot open a folder
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
