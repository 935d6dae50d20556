"""The project's own store is made whole or not at all: MLflow makes it in dozens of steps, and goes on from none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from emotts.files import locked, replacing

__all__ = ["create_store"]


def create_store(path: Path, *, connect: Callable[[str], Any]) -> None:
    """Make a SQLite store with MLflow's tables where there is none; a process that is killed leaves none.

    Args:
        path: of the store.
        connect: gives MLflow's client of an address; it is called only where there is no store.
    """
    if path.exists():
        return
    work = path.parent / ".emotts"  # where the next stage removes what a killed process left
    with locked(work / "store.lock"):
        if path.exists():  # another process has made it
            return
        with replacing(work / path.name) as temporary:
            connect(f"sqlite:///{temporary}").search_experiments()
        (work / path.name).replace(path)
