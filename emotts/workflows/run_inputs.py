"""Logging the inputs of a run: settings, and hashes and size of the data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from emotts.corpus.identity import corpus_digest, corpus_metrics
from emotts.schema import flatten
from emotts.settings import Params
from emotts.settings.former_names import former_keys
from emotts.tracking import Tracker, data_identity, log_source
from emotts.tracking.former_names import present_params
from emotts.tracking.metric_names import detail
from emotts.tracking.origin import given_name
from emotts.tracking.run_name import difference_name

__all__ = ["log_corpus", "log_inputs", "logged_settings", "name_run"]


def name_run(tracker: Tracker, params: Params) -> None:
    """Name a new pass through the pipeline by the settings that differ from those of the pass before it.

    Nothing is done where the user or DVC has named it. The first pass goes by its speaker and steps.
    """
    if not tracker.is_new or given_name() is not None:
        return
    former = tracker.former_params()
    if former is None:
        tracker.rename(f"{params.recording.speaker}, {params.train.steps} steps")
        return
    name = difference_name(logged_settings(params), present_params(former, former_keys()))
    tracker.rename(name or "the same settings again")


def log_inputs(tracker: Tracker, params: Params, *, root: Path, corpus: Path, digest: str | None = None) -> None:
    """Log a run's settings, its data's hashes and size, and what reproduces it.

    Args:
        tracker: of the run.
        params: its settings.
        root: the project.
        corpus: what it trains on; the run's dataset input.
        digest: of the corpus, where it is known; it takes a while to compute.

    Raises:
        CorpusError: if the corpus cannot be read.
    """
    tracker.params(logged_settings(params))
    tracker.tags(data_identity(root))
    log_source(tracker, root, params.model_dump(mode="json"))
    log_corpus(tracker, corpus, name=params.recording.speaker, digest=digest)


def logged_settings(params: Params) -> dict[str, Any]:
    """Return the settings with dotted names; of a layout of one's own the name alone, as its codes may be any words."""
    values = params.model_dump()
    if not isinstance(params.recording.layout, str):
        values["recording"]["layout"] = params.recording.layout.name
    return flatten(values)


def log_corpus(tracker: Tracker, corpus: Path, *, name: str, digest: str | None = None) -> None:
    """Make a corpus the run's dataset input, with its size as metrics; not where the run has one already.

    ``digest``: of the corpus, where it is known. Raises as :func:`log_inputs`.
    """
    if tracker.has_dataset():
        return
    metrics = corpus_metrics(corpus)
    tracker.metrics(detail(metrics))
    tracker.dataset(corpus, name=name, digest=digest or corpus_digest(corpus), profile=metrics)
