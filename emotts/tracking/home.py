"""The project whose store a working folder uses."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["home"]

_DVC = ".dvc"
_TEMPORARY = Path(_DVC) / "tmp"


def home(root: Path) -> Path:
    """Return the project that keeps the runs of a working folder, with its symbolic links resolved.

    It is the folder itself, but for an experiment that DVC runs elsewhere (``dvc exp run --temp``, ``--queue``): there
    it is the project that the experiment was started from, since DVC removes the copy at its end. DVC names that
    project in ``DVC_ROOT``, which is believed only if the folder lies in its temporary files.
    """
    folder = root.resolve()
    named = os.environ.get("DVC_ROOT")
    if not named:
        return folder
    origin = Path(named).resolve()
    if not folder.is_relative_to(origin / _TEMPORARY):
        return folder
    copy = next((each for each in (folder, *folder.parents) if (each / _DVC).is_dir()), folder)
    return origin / folder.relative_to(copy)
