"""Figures of an evaluation: arrays in, floats under flat names out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from emotts.evaluation.prosody import MATCHED, TOLERANCE, UNITS, Prosody, ratios
from emotts.judges.scores import balanced_accuracy, confusion, recalls

__all__ = ["UNUSABLE", "accuracy_figures", "heard_confusion", "mean_interval", "prosody_figures"]

UNUSABLE = "unusable"
"""What a silent or broken clip is heard as: never right."""

Array = npt.NDArray[np.float64]


def heard_confusion(true: Sequence[str], heard: Sequence[str], *, emotions: Sequence[str]) -> Array:
    """Return counts (true, heard), with one more column where any clip was :data:`UNUSABLE`."""
    return confusion(true, heard, emotions=emotions)


def accuracy_figures(
    true: Sequence[str], heard: Sequence[str], *, emotions: Sequence[str], prefix: str = ""
) -> dict[str, float]:
    """Return ``emotion_accuracy.balanced``, and recall, interval (Wilson, 95 %) and count of each emotion.

    ``prefix`` is put in front of every name, such as ``real.``. An emotion without a clip has no figure.
    """
    matrix = heard_confusion(true, heard, emotions=emotions)
    head = f"{prefix}emotion_accuracy"
    figures = {f"{head}.balanced": balanced_accuracy(matrix), f"{head}.chance": 1 / len(emotions)}
    for row, (name, recall) in ((list(emotions).index(item[0]), item) for item in recalls(matrix, emotions).items()):
        figures[f"{head}.{name}"] = recall.value
        figures[f"{head}.{name}.low"] = recall.low
        figures[f"{head}.{name}.high"] = recall.high
        figures[f"{head}.{name}.count"] = float(matrix[row].sum())
    return {name: value for name, value in figures.items() if math.isfinite(value)}


def prosody_figures(voice: Mapping[str, Prosody], real: Mapping[str, Prosody]) -> dict[str, float]:
    """Return ``prosody.EMOTION.MEASURE``, the same under ``real.``, and the voice's as a share of the real one's.

    The share stands under ``.ratio`` (see :func:`emotts.evaluation.prosody.ratios`); of the measures in ``MATCHED``,
    ``.within_15_percent`` is 1 or 0, and ``prosody.within_15_percent`` the share that is. What does not exist has no
    figure.
    """
    figures: dict[str, float] = {}
    for head, table in (("prosody", voice), ("real.prosody", real)):
        for emotion, prosody in table.items():
            figures |= {f"{head}.{emotion}.{name}": float(getattr(prosody, name)) for name in UNITS}
    near: dict[str, float] = {}
    for emotion in voice.keys() & real.keys():
        for name, ratio in ratios(voice[emotion], real[emotion]).items():
            head = f"prosody.{emotion}.{name}"
            figures[f"{head}.ratio"] = ratio
            if name in MATCHED and math.isfinite(ratio):
                near[f"{head}.within_15_percent"] = float(abs(ratio - 1) <= TOLERANCE)
    if near:
        figures |= {**near, "prosody.within_15_percent": float(np.mean(list(near.values())))}
    return {name: value for name, value in sorted(figures.items()) if math.isfinite(value)}


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
    share = np.ones_like(table) if weights is None else np.asarray(weights, dtype=np.float64)
    drawn = np.random.default_rng(seed).integers(0, table.size, (draws, table.size))
    means = (table * share)[drawn].sum(axis=1) / share[drawn].sum(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)
