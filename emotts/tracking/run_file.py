"""The file in a folder that names the run of the work in it, so that the work can go on there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from emotts.files import write_text
from emotts.tracking.runs import read_run
from emotts.tracking.tracker import Tracker

__all__ = ["load_run_id", "open_saved_run", "save_run_id"]

_RUN_FILE = "tracking.json"


def load_run_id(folder: Path) -> str | None:
    """Return the id of the run of the work in a folder, None where there is none yet."""
    path = folder / _RUN_FILE
    return str(json.loads(path.read_text(encoding="utf-8"))["run_id"]) if path.is_file() else None


def save_run_id(folder: Path, run_id: str) -> None:
    """Save a run's id in a folder."""
    write_text(folder / _RUN_FILE, json.dumps({"run_id": run_id}) + "\n")


def open_saved_run(
    folder: Path,
    root: Path,
    *,
    experiment: str,
    name: str,
    parent: str | None = None,
    params: Mapping[str, object] | None = None,
) -> Tracker:
    """Open the run whose id a folder holds, or a new one, and save its id in the folder.

    MLflow never changes a parameter of a run: where the run has other ones than ``params``, a new one is begun.

    Args:
        folder: of the work.
        root: the project.
        experiment: MLflow's experiment.
        name: of a new run.
        parent: id of the run that a new run is put below.
        params: of the run; None: they do not matter.
    """
    run_id = load_run_id(folder)
    known = None if run_id is None or params is None else read_run(root, run_id)
    if known is not None and not known.made_with(params or {}):
        run_id = None
    tracker = Tracker(root, experiment=experiment, run_id=run_id, name=name, parent=parent)
    save_run_id(folder, tracker.run_id)
    return tracker
