"""What a tracked run is given: its settings, where they and its code and data can be had again, and its corpus."""

from __future__ import annotations

from pathlib import Path

from emotts.config import Params, flatten
from emotts.corpus.identity import corpus_digest, corpus_figures
from emotts.tracking import Tracker, data_identity, log_source

__all__ = ["note_corpus", "note_inputs"]


def note_inputs(tracker: Tracker, params: Params, *, corpus: Path) -> None:
    """Note settings, source and data of a run on a corpus of the project's pipeline; what is known stays."""
    tracker.params(flatten(params.model_dump()))
    tracker.tags(data_identity(tracker.root))
    log_source(tracker, tracker.root, params.model_dump(mode="json"))
    note_corpus(tracker, corpus, name=params.recording.speaker)


def note_corpus(tracker: Tracker, corpus: Path, *, name: str, digest: str | None = None) -> None:
    """Make a corpus the run's data set, with its size as figures; not where the run has one already.

    ``digest``: of the corpus, where it is known; it takes a while to compute.
    """
    if tracker.has_dataset():
        return
    figures = corpus_figures(corpus)
    tracker.metrics(figures)
    tracker.dataset(corpus, name=name, digest=digest or corpus_digest(corpus), profile=figures)
