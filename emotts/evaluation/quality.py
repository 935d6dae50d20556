"""The quality of the clips: what a predictor says listeners would say of them, from 1 to 5."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from emotts.evaluation.measures import mean_interval
from emotts.evaluation.spoken import Clip
from emotts.progress import Progress
from emotts.recognition.protocol import QualityModel
from emotts.recognition.quality_predictor import LOWEST_QUALITY

__all__ = ["quality_metrics", "with_quality"]


def with_quality(
    clips: Sequence[Clip], predictor: QualityModel, *, progress: Progress | None = None, note: str = "rating the voice"
) -> list[Clip]:
    """Return the clips with their quality where they are in their own emotion; an unusable one has the lowest.

    Args:
        clips: of a voice or of reference speech.
        predictor: rates one clip after the other.
        progress: called with done, total and ``note``.
    """
    rated = []
    for done, clip in enumerate(clips, 1):
        rated.append(replace(clip, quality=_rating(clip, predictor)) if clip.task.own else clip)
        if progress is not None:
            progress(done, len(clips), note)
    return rated


def _rating(clip: Clip, predictor: QualityModel) -> float:
    if clip.problem is not None:
        return LOWEST_QUALITY
    return predictor.rate(clip.samples, clip.sample_rate_hz)


def quality_metrics(clips: Sequence[Clip], reference: Sequence[Clip], *, seed: int) -> dict[str, float]:
    """Return ``quality`` and ``reference.quality`` with intervals, and by emotion, over the clips that know theirs.

    ``seed``: of the bootstrap.
    """
    metrics: dict[str, float] = {}
    for head, group in (("quality", clips), ("reference.quality", reference)):
        by_emotion: dict[str, list[float]] = {}
        for clip in group:
            if clip.quality is not None:
                by_emotion.setdefault(clip.task.emotion, []).append(clip.quality)
        values = [value for own in by_emotion.values() for value in own]
        if values:
            low, high = mean_interval(values, seed=seed)
            metrics |= {head: float(np.mean(values)), f"{head}.low": low, f"{head}.high": high}
            metrics[f"{head}.count"] = float(len(values))
        metrics |= {f"{head}.{emotion}": float(np.mean(own)) for emotion, own in by_emotion.items()}
    return metrics
