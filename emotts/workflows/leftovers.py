"""What killed processes left half written."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Collection, Iterator
from pathlib import Path

import psutil

from emotts.files import TEMPORARY_SUFFIX, remove_folder
from emotts.paths import ABLATIONS, BASE_WORK, STUDIES

__all__ = ["remove_leftovers", "remove_project_leftovers"]

_LOG = logging.getLogger(__name__)
_TEMPORARY = re.compile(rf"\..+\.(\d+){re.escape(TEMPORARY_SUFFIX)}")


def remove_project_leftovers(root: Path) -> list[Path]:
    """Remove what killed stages of a project left half written, and return it.

    Trainings of studies, comparisons and base voices are left alone: other machines may be at work there.
    """
    shared = [root / folder for folder in (STUDIES, ABLATIONS, BASE_WORK)]
    found = []
    for name in ("data", "models", "reports", ".emotts"):
        found += remove_leftovers(root / name, apart_from=shared)
    return found


def remove_leftovers(folder: Path, *, apart_from: Collection[Path] = ()) -> list[Path]:
    """Remove the temporary files and folders below a folder whose process is gone, and return them.

    Args:
        folder: where to look; it need not exist.
        apart_from: folders below it that are left alone, such as those that other machines write to.
    """
    found = [path for path in _temporary(folder, apart_from=apart_from) if not _is_being_written(path)]
    for path in found:
        _LOG.info("removing the unfinished %s of a process that is gone", path)
        if path.is_dir():
            remove_folder(path)
        else:
            path.unlink(missing_ok=True)
    return found


def _temporary(folder: Path, *, apart_from: Collection[Path]) -> Iterator[Path]:
    for place, folders, files in os.walk(folder):
        here = Path(place)
        yield from (here / name for name in (*files, *folders) if _TEMPORARY.fullmatch(name))
        folders[:] = [name for name in folders if not _TEMPORARY.fullmatch(name) and here / name not in apart_from]


def _is_being_written(path: Path) -> bool:
    """Say whether the process in a temporary name is there, and was there when the file was written."""
    match = _TEMPORARY.fullmatch(path.name)
    try:
        return match is not None and psutil.Process(int(match[1])).create_time() <= path.stat().st_mtime
    except (psutil.NoSuchProcess, FileNotFoundError, OverflowError):
        return False
