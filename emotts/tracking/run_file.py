"""The file in which work that goes on later keeps the run that it goes on in."""

from __future__ import annotations

import json
from pathlib import Path

from emotts.corpus.rows import write_text

__all__ = ["keep_run", "kept_run"]

_RUN_FILE = "tracking.json"


def kept_run(folder: Path) -> str | None:
    """Return the id of the run that a folder's work goes on in, None where there is none yet."""
    path = folder / _RUN_FILE
    return str(json.loads(path.read_text(encoding="utf-8"))["run_id"]) if path.is_file() else None


def keep_run(folder: Path, run_id: str) -> None:
    """Keep a run's id in a folder."""
    write_text(folder / _RUN_FILE, json.dumps({"run_id": run_id}) + "\n")
