"""What a run was given: the settings, and the data by its hashes and its size."""

from __future__ import annotations

from pathlib import Path

from emotts.config import Params, flatten
from emotts.corpus.identity import corpus_digest, corpus_figures
from emotts.tracking import Tracker, data_identity, log_source

__all__ = ["log_corpus", "log_inputs"]


def log_inputs(tracker: Tracker, params: Params, *, root: Path, corpus: Path) -> None:
    """Note a run's settings, its data's identity and size, and what it takes to make it again.

    Args:
        tracker: of the run.
        params: its settings.
        root: the project.
        corpus: what it trains on; the run's dataset input.

    Raises:
        CorpusError: if the corpus cannot be read.
    """
    tracker.params(flatten(params.model_dump()))
    tracker.tags(data_identity(root))
    log_source(tracker, root, params.model_dump(mode="json"))
    log_corpus(tracker, corpus, name=params.recording.speaker)


def log_corpus(tracker: Tracker, corpus: Path, *, name: str, digest: str | None = None) -> None:
    """Make a corpus the run's dataset input, with its size as figures; not where the run has one already.

    ``digest``: of the corpus, where it is known; it takes a while to compute. Raises as :func:`log_inputs`.
    """
    if tracker.has_dataset():
        return
    figures = corpus_figures(corpus)
    tracker.metrics(figures)
    tracker.dataset(corpus, name=name, digest=digest or corpus_digest(corpus), profile=figures)
