"""One training at a time in a folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lightning_fabric import Fabric

from emotts.errors import CheckpointError
from emotts.files import locked

__all__ = ["sole_training"]


@contextmanager
def sole_training(folder: Path, *, fabric: Fabric) -> Iterator[None]:
    """Keep every other training out of a folder while entered, by a lock that ends with the process.

    The lock is the file ``FOLDER.lock`` beside the folder; it holds the id of the process that trains.

    Args:
        folder: of the run's checkpoints.
        fabric: of the run, launched; its first process takes the lock for all.

    Raises:
        CheckpointError: if another process trains there.
    """
    path = folder.with_name(f"{folder.name}.lock")
    if not fabric.is_global_zero:
        _check(fabric.broadcast(None), folder=folder, path=path)
        yield
        return
    with locked(path, wait=False) as free:
        holder = None if free else _holder(path)
        if free and os.name != "nt":  # Windows lets nobody write into a locked file
            path.write_text(f"{os.getpid()}\n", encoding="utf-8")
        _check(fabric.broadcast(holder), folder=folder, path=path)
        yield


def _check(holder: str | None, *, folder: Path, path: Path) -> None:
    """Refuse to go on where another process holds the lock."""
    if holder is not None:
        raise CheckpointError(
            "another training is at work in this folder",
            where=folder,
            found=f"{path}, held by {holder}",
            wanted="one training at a time",
            remedy="wait until it ends, or end that process; this training then goes on from its last checkpoint",
        )


def _holder(path: Path) -> str:
    try:
        number = path.read_text(encoding="utf-8").strip()
    except OSError:
        number = ""
    return f"process {number}" if number.isdigit() else "another process"
