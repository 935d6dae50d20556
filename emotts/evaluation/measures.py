"""Metrics of an evaluation, computed from arrays, as floats under flat names."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from scipy.stats import bootstrap

from emotts.evaluation.prosody import MATCHED, TIMING, TOLERANCE, UNCOMPARED, UNITS, Prosody, ratios
from emotts.recognition.scores import balanced_accuracy, confusion, recalls

__all__ = ["UNUSABLE", "accuracy_metrics", "heard_confusion", "mean_interval", "prosody_metrics"]

UNUSABLE = "unusable"
"""What a silent or broken clip is heard as: never right."""

Array = npt.NDArray[np.float64]


def heard_confusion(true: Sequence[str], heard: Sequence[str], *, emotions: Sequence[str]) -> Array:
    """Return counts (true, heard), with one more column where any clip was :data:`UNUSABLE`."""
    return confusion(true, heard, emotions=emotions)


def accuracy_metrics(
    true: Sequence[str], heard: Sequence[str], *, emotions: Sequence[str], prefix: str = ""
) -> dict[str, float]:
    """Return ``emotion_accuracy.balanced``, and recall, interval (Wilson, 95 %) and count of each emotion.

    ``prefix`` is put in front of every name, such as ``reference.``. An emotion without a clip has no metric.
    """
    matrix = heard_confusion(true, heard, emotions=emotions)
    head = f"{prefix}emotion_accuracy"
    metrics = {f"{head}.balanced": balanced_accuracy(matrix), f"{head}.chance": 1 / len(emotions)}
    for row, (name, recall) in ((list(emotions).index(item[0]), item) for item in recalls(matrix, emotions).items()):
        metrics[f"{head}.{name}"] = recall.value
        metrics[f"{head}.{name}.low"] = recall.low
        metrics[f"{head}.{name}.high"] = recall.high
        metrics[f"{head}.{name}.count"] = float(matrix[row].sum())
    return {name: value for name, value in metrics.items() if math.isfinite(value)}


def prosody_metrics(voice: Mapping[str, Prosody], reference: Mapping[str, Prosody]) -> dict[str, float]:
    """Return ``prosody.EMOTION.MEASURE``, the same under ``reference.``, and the ratio of the two.

    The ratio, voice over reference, is ``.ratio`` (see :func:`emotts.evaluation.prosody.ratios`). For the measures in
    ``MATCHED``, ``.within_15_percent`` is 1 or 0, and ``prosody.within_15_percent`` is the mean of these. The measures
    of ``TIMING`` also have ``prosody.MEASURE``, the mean over the emotions that both sides have. What does not exist
    has no metric.
    """
    metrics = {**_by_emotion(voice, reference), **_timing(voice, reference)}
    return {name: value for name, value in sorted(metrics.items()) if math.isfinite(value)}


def _by_emotion(voice: Mapping[str, Prosody], reference: Mapping[str, Prosody]) -> dict[str, float]:
    metrics: dict[str, float] = {}
    for head, table in (("prosody", voice), ("reference.prosody", reference)):
        for emotion, prosody in table.items():
            metrics |= {f"{head}.{emotion}.{name}": float(getattr(prosody, name)) for name in UNITS}
    near: dict[str, float] = {}
    for emotion in voice.keys() & reference.keys():
        for name, ratio in ratios(voice[emotion], reference[emotion]).items():
            head = f"prosody.{emotion}.{name}"
            metrics[f"{head}.ratio"] = ratio
            if name in MATCHED and math.isfinite(ratio):
                near[f"{head}.within_15_percent"] = float(abs(ratio - 1) <= TOLERANCE)
    if near:
        metrics |= {**near, "prosody.within_15_percent": float(np.mean(list(near.values())))}
    return metrics


def _timing(voice: Mapping[str, Prosody], reference: Mapping[str, Prosody]) -> dict[str, float]:
    metrics: dict[str, float] = {}
    for name in TIMING:
        pairs = [(getattr(voice[key], name), getattr(reference[key], name)) for key in voice if key in reference]
        table = np.array([pair for pair in pairs if np.isfinite(pair).all()])
        if table.size:
            ours, theirs = table.mean(axis=0)
            metrics |= {f"prosody.{name}": float(ours), f"reference.prosody.{name}": float(theirs)}
            if name not in UNCOMPARED:
                metrics[f"prosody.{name}.ratio"] = float(ours / theirs) if theirs else math.nan
    return metrics


def mean_interval(
    values: Sequence[float], *, seed: int, weights: Sequence[float] | None = None, draws: int = 2000
) -> tuple[float, float]:
    """Return the 95 % percentile bootstrap interval of a mean; both ends are the value where there is but one.

    ``weights``: of each value; None: all alike.

    Raises:
        ValueError: if there are no values.
    """
    table = np.asarray(values, dtype=np.float64)
    if table.size == 0:
        raise ValueError("no values to average")
    if table.size == 1:
        return float(table[0]), float(table[0])
    found = bootstrap(
        (table, np.ones_like(table) if weights is None else np.asarray(weights, dtype=np.float64)),
        lambda drawn, weight, axis: (drawn * weight).sum(axis=axis) / weight.sum(axis=axis),
        paired=True,
        n_resamples=draws,
        method="percentile",
        rng=np.random.default_rng(seed),
    ).confidence_interval
    return float(found.low), float(found.high)
