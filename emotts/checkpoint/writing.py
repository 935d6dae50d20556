"""Writing checkpoints: a full or read-only disk becomes an error that says what to do."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from emotts.errors import CheckpointError
from emotts.files import write_bytes, write_folder

__all__ = ["write_checkpoint_file", "write_checkpoint_folder"]


def write_checkpoint_file(path: Path, content: bytes) -> None:
    """Write one file whole or not at all, synced to disk.

    Raises:
        CheckpointError: if the disk is full (with the room that is needed) or cannot be written.
    """
    with _stated(path, needed=len(content)):
        write_bytes(path, content)


def write_checkpoint_folder(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Write a folder of files whole or not at all; raises as :func:`write_checkpoint_file`."""
    with _stated(folder, needed=sum(map(len, contents.values()))):
        write_folder(folder, contents)


@contextmanager
def _stated(where: Path, *, needed: int) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _unwritable(error, where=where, needed=needed) from error


def _unwritable(error: OSError, *, where: Path, needed: int) -> CheckpointError:
    room = shutil.disk_usage(where.parent).free if where.parent.is_dir() else 0
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return CheckpointError(
            "the disk is full, so the checkpoint was not written; the previous one is kept",
            where=where,
            found=f"{room / 1e6:.1f} MB free",
            wanted=f"{needed / 1e6:.1f} MB",
            remedy="make room and start again: training goes on from the last checkpoint",
        )
    return CheckpointError(
        f"the checkpoint cannot be written: {error.strerror}; the previous one is kept",
        where=where,
        wanted=f"a folder that takes {needed / 1e6:.1f} MB",
        remedy="check its permissions and limits and start again: training goes on from the last checkpoint",
    )
