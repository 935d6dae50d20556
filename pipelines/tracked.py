"""The run that a pass through the pipeline goes to, with what it was given: settings and data."""

from __future__ import annotations

from pathlib import Path

from emotts.config import Params, flatten
from emotts.corpus.identity import corpus_digest, corpus_figures
from emotts.tracking import Tracker, data_identity, log_source

__all__ = ["CORPUS", "open_tracker"]

CORPUS = Path("data/corpus")


def open_tracker(params: Params, run_id: str | None = None) -> Tracker:
    """Open this pass's run (or the run ``run_id``) and note the settings, the data's identity and its size."""
    root = Path()
    tracker = Tracker(root, experiment=params.project.experiment, run_id=run_id)
    tracker.params(flatten(params.model_dump()))
    tracker.tags(data_identity(root))
    log_source(tracker, root, params.model_dump(mode="json"))
    if not tracker.has_dataset():
        figures = corpus_figures(CORPUS)
        tracker.metrics(figures)
        tracker.dataset(CORPUS, name=params.recording.speaker, digest=corpus_digest(CORPUS), profile=figures)
    return tracker
