"""Where voices come from: folders, versions of the registry, and runs."""

from __future__ import annotations

from pathlib import Path

from emotts.paths import PARAMS, find_root
from emotts.settings import load_params
from emotts.workflows.registered import registered_voice

__all__ = ["located"]

_RUN = "runs:/"


def located(source: str) -> str:
    """Return what :meth:`emotts.voice.Voice.load` takes for a source of a voice.

    Args:
        source: a folder, ``models:/NAME@ALIAS``, ``models:/NAME/VERSION``, or ``runs:/RUN`` for the voice that a run of
            this project registered (its name, its id, or the beginning of that).

    Raises:
        NoProjectError: if a run is named outside of a project.
        ConfigError: if there is no such run or several.
        CheckpointError: if the run registered no voice.
    """
    if not source.startswith(_RUN):
        return source
    root = find_root(Path())
    model = load_params(root / PARAMS).export.registered_name
    _, version = registered_voice(root, source.removeprefix(_RUN), model=model)
    return f"models:/{version.name}/{version.version}"
