"""The run that a pass through the pipeline goes to, with what it was given: settings and data."""

from __future__ import annotations

from pathlib import Path

from emotts.config import Params
from emotts.run_inputs import log_inputs
from emotts.tracking import Tracker

__all__ = ["CORPUS", "open_tracker"]

CORPUS = Path("data/corpus")


def open_tracker(params: Params, run_id: str | None = None) -> Tracker:
    """Open this pass's run (or the run ``run_id``) and note the settings, the data's identity and its size."""
    root = Path()
    tracker = Tracker(root, experiment=params.project.experiment, run_id=run_id)
    log_inputs(tracker, params, root=root, corpus=CORPUS)
    return tracker
