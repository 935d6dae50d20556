"""The run of a pass through the pipeline, with its settings and data logged."""

from __future__ import annotations

from pathlib import Path

from emotts.paths import CORPUS
from emotts.settings import Params
from emotts.tracking import Tracker
from emotts.workflows.run_inputs import log_inputs, name_run

__all__ = ["open_tracker"]


def open_tracker(params: Params, run_id: str | None = None, *, digest: str | None = None) -> Tracker:
    """Open this pass's run (or the run ``run_id``) and note the settings, the data's identity and its size.

    ``digest``: of the corpus, where it is known already.
    """
    root = Path()
    tracker = Tracker(root, experiment=params.project.experiment, run_id=run_id)
    name_run(tracker, params)
    log_inputs(tracker, params, root=root, corpus=CORPUS, digest=digest)
    return tracker
