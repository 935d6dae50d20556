"""Files and folders that are written whole or not at all."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from emotts.errors import CheckpointError

__all__ = ["TEMPORARY_SUFFIX", "remove_folder", "write_file", "write_folder"]

TEMPORARY_SUFFIX = ".partial"
"""Ends the name of a folder or file that is still being written; what a killed run leaves behind."""


def write_folder(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Write a folder of files: under a temporary name beside it, synced to disk, then renamed.

    A folder of that name is replaced. If anything fails or interrupts, the old one stands as it was.

    Raises:
        CheckpointError: if the disk is full (with the room that is needed) or cannot be written.
    """
    needed = sum(len(content) for content in contents.values())
    temporary = folder.with_name(f".{folder.name}{TEMPORARY_SUFFIX}")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        remove_folder(temporary)
        _check_room(folder, needed=needed)
        temporary.mkdir()
        for name, content in contents.items():
            _write_synced(temporary / name, content)
        _sync(temporary)
        _put_in_place(temporary, folder)
    except BaseException as error:
        shutil.rmtree(temporary, ignore_errors=True)
        if isinstance(error, OSError):
            raise _unwritable(error, where=folder, needed=needed) from error
        raise


def write_file(path: Path, content: bytes) -> None:
    """Write one file whole or not at all, synced to disk; raises as :func:`write_folder`."""
    temporary = path.with_name(f".{path.name}{TEMPORARY_SUFFIX}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_synced(temporary, content)
        temporary.replace(path)
        _sync(path.parent)
    except BaseException as error:
        temporary.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise _unwritable(error, where=path, needed=len(content)) from error
        raise


def remove_folder(folder: Path) -> None:
    """Remove a folder if it is there; its name is gone before its first file is."""
    if not folder.exists():
        return
    doomed = (
        folder if folder.name.endswith(TEMPORARY_SUFFIX) else folder.with_name(f".{folder.name}.old{TEMPORARY_SUFFIX}")
    )
    if doomed != folder:
        shutil.rmtree(doomed, ignore_errors=True)
        folder.rename(doomed)
    shutil.rmtree(doomed)


def _put_in_place(temporary: Path, folder: Path) -> None:
    """Rename ``temporary`` to ``folder``; one that is already there is put aside first, and removed last."""
    aside = folder.with_name(f".{folder.name}.old{TEMPORARY_SUFFIX}")
    if folder.exists():
        shutil.rmtree(aside, ignore_errors=True)
        folder.rename(aside)
    temporary.rename(folder)
    _sync(folder.parent)
    shutil.rmtree(aside, ignore_errors=True)


def _write_synced(path: Path, content: bytes) -> None:
    with path.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _check_room(folder: Path, *, needed: int) -> None:
    if shutil.disk_usage(folder.parent).free < needed:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _unwritable(error: OSError, *, where: Path, needed: int) -> CheckpointError:
    room = shutil.disk_usage(where.parent).free if where.parent.is_dir() else 0
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return CheckpointError(
            "the disk is full, the checkpoint was not written; the one before it stands",
            where=where,
            found=f"{room / 1e6:.1f} MB free",
            wanted=f"{needed / 1e6:.1f} MB",
            remedy="make room and start again: training goes on from the last checkpoint",
        )
    return CheckpointError(
        f"the checkpoint cannot be written: {error.strerror}; the one before it stands",
        where=where,
        wanted=f"a folder that takes {needed / 1e6:.1f} MB",
        remedy="check its permissions and limits and start again: training goes on from the last checkpoint",
    )
