"""Confidence intervals of the difference between two fractions.

The intervals are Newcombe's hybrid score intervals, built from Wilson's: unlike the bootstrap they stay honest where
all of ten clips are right. Newcombe 1998, Statistics in Medicine 17: 873-890 (independent samples, his method 10)
and 2635-2650 (paired samples, his method 10). Means of several fractions: Zou and Donner 2008, Statistics in Medicine
27: 1693-1702.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from emotts.recognition.scores import wilson

__all__ = ["Interval", "mean_of", "paired_difference", "unpaired_difference"]


@dataclass(frozen=True)
class Interval:
    """A difference, second less first, and its 95 % interval."""

    value: float
    low: float
    high: float


def unpaired_difference(first: Sequence[float], second: Sequence[float]) -> Interval:
    """Return the difference between the means of two independent samples of fractions, each (clip,) and not empty.

    A fraction is True or False for a clip, or a mean over several runs; a clip counts once, however many runs spoke it.
    """
    return _hybrid(first, second, correlation=0.0)


def paired_difference(first: Sequence[bool], second: Sequence[bool]) -> Interval:
    """Return the difference between the fractions of True where both samples (clip,) are of the same items, in order.

    Raises:
        ValueError: if their lengths differ.
    """
    pairs = list(zip(first, second, strict=True))
    both, neither = sum(a and b for a, b in pairs), sum(not a and not b for a, b in pairs)
    only_first, only_second = sum(a and not b for a, b in pairs), sum(b and not a for a, b in pairs)
    product = (both + only_first) * (only_second + neither) * (both + only_second) * (only_first + neither)
    excess = float(both * neither - only_first * only_second)
    if excess > 0:
        excess = max(excess - len(pairs) / 2, 0.0)  # Newcombe's continuity correction
    return _hybrid(first, second, correlation=excess / math.sqrt(product) if product else 0.0)


def _hybrid(first: Sequence[float], second: Sequence[float], *, correlation: float) -> Interval:
    fraction_1, fraction_2 = sum(first) / len(first), sum(second) / len(second)
    low_1, high_1 = wilson(sum(first), len(first))
    low_2, high_2 = wilson(sum(second), len(second))
    value = fraction_2 - fraction_1
    down = _joined(fraction_2 - low_2, high_1 - fraction_1, correlation)
    up = _joined(high_2 - fraction_2, fraction_1 - low_1, correlation)
    return Interval(value, value - down, value + up)


def _joined(reach: float, other: float, correlation: float) -> float:
    return math.sqrt(max(reach * reach - 2 * correlation * reach * other + other * other, 0.0))


def mean_of(differences: Sequence[Interval]) -> Interval:
    """Return the mean of independent differences, such as the recalls of several emotions."""
    count = len(differences)
    value = sum(each.value for each in differences) / count
    down = math.sqrt(sum((each.value - each.low) ** 2 for each in differences)) / count
    up = math.sqrt(sum((each.high - each.value) ** 2 for each in differences)) / count
    return Interval(value, value - down, value + up)
