"""Confusion matrices and recalls of a classifier, with intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt
from sklearn.metrics import confusion_matrix

__all__ = ["Recall", "balanced_accuracy", "confusion", "recalls", "wilson"]

Array = npt.NDArray[np.float64]
_Z = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True)
class Recall:
    """The fraction of an emotion's clips that were heard as it, with a 95 % Wilson interval."""

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
    """Return the recall of every emotion that occurs in a matrix (true, predicted) of whole counts."""
    found = {}
    for row, name in enumerate(emotions):
        total = float(matrix[row].sum())
        if total > 0:
            low, high = wilson(int(matrix[row, row]), int(total))
            found[name] = Recall(float(matrix[row, row]) / total, low, high)
    return found


def wilson(successes: float, total: int) -> tuple[float, float]:
    """Return the 95 % score interval of a fraction (Wilson 1927); it needs no minimum count and stays inside 0-1.

    ``successes`` may be a mean of several counts, each of the same ``total``.
    """
    fraction, square = successes / total, _Z**2 / total
    middle = fraction + square / 2
    reach = math.sqrt(square * (fraction * (1 - fraction) + square / 4))
    low, high = ((middle + sign * reach) / (1 + square) for sign in (-1, 1))
    return 0.0 if successes == 0 else low, 1.0 if successes == total else high
