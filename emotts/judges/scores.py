"""Confusion matrices and recalls of a classifier, with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri
from sklearn.metrics import confusion_matrix

__all__ = ["Recall", "balanced_accuracy", "confusion", "recalls", "wilson"]

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Recall:
    """The share of an emotion's clips that were heard as it, with a 95 % Wilson interval."""

    value: float
    low: float
    high: float


def confusion(true: Sequence[str], predicted: Sequence[str], *, emotions: Sequence[str]) -> Array:
    """Return the counts (true, predicted); a prediction outside ``emotions`` adds a last column of its own.

    The matrix is square where every prediction is one of ``emotions``.
    """
    other = sorted(set(predicted) - set(emotions))
    folded = [name if name in emotions else other[0] for name in predicted]
    labels = [*emotions, *other[:1]]
    matrix = np.asarray(confusion_matrix(list(true), folded, labels=labels), dtype=np.float64)
    return matrix[: len(emotions)]


def balanced_accuracy(matrix: Array) -> float:
    """Return the mean recall over the emotions that occur, of a matrix (true, predicted); NaN if none does."""
    rows = matrix.sum(axis=1)
    if not (rows > 0).any():
        return float("nan")
    return float((np.diagonal(matrix)[rows > 0] / rows[rows > 0]).mean())


def recalls(matrix: Array, emotions: Sequence[str]) -> dict[str, Recall]:
    """Return the recall of every emotion that occurs in a matrix (true, predicted)."""
    found = {}
    for row, name in enumerate(emotions):
        total = float(matrix[row].sum())
        if total > 0:
            low, high = wilson(float(matrix[row, row]), total)
            found[name] = Recall(float(matrix[row, row]) / total, low, high)
    return found


def wilson(successes: float, total: float, *, confidence: float = 0.95) -> tuple[float, float]:
    """Return the score interval of a share (Wilson 1927); it needs no minimum count and stays inside 0-1."""
    z = float(ndtri(0.5 + confidence / 2))
    share = successes / total
    centre = (share + z * z / (2 * total)) / (1 + z * z / total)
    reach = z / (1 + z * z / total) * float(np.sqrt(share * (1 - share) / total + z * z / (4 * total * total)))
    return max(0.0, centre - reach), min(1.0, centre + reach)
