"""A metric over several trainings that differ in the seed alone: mean, spread, and intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from emotts.evaluation.comparison.intervals import Interval

__all__ = ["Spread", "seed_difference", "spread", "spread_text"]

_CONFIDENCE = 0.95


@dataclass(frozen=True)
class Spread:
    """A metric over seeds.

    Attributes:
        sd: standard deviation between seeds (of the sample); None for one seed.
        low, high: 95 % interval of the mean, by Student's t; None for one seed.
        count: number of seeds.
    """

    mean: float
    sd: float | None
    low: float | None
    high: float | None
    count: int


def spread(values: Sequence[float]) -> Spread:
    """Return the spread of a metric's values, one a seed.

    Raises:
        ValueError: without any value.
    """
    if not values:
        raise ValueError("no values, so no spread")
    mean, count = math.fsum(values) / len(values), len(values)
    if count == 1:
        return Spread(mean, None, None, None, 1)
    sd = float(np.std(values, ddof=1))
    reach = float(stats.t.ppf((1 + _CONFIDENCE) / 2, count - 1)) * sd / math.sqrt(count)
    return Spread(mean, sd, mean - reach, mean + reach, count)


def seed_difference(first: Sequence[float], second: Sequence[float]) -> Interval | None:
    """Return the difference between the means of two groups of seeds, second less first, with its 95 % interval.

    The interval is Welch's (1947): the groups may vary differently. None where a group has fewer than two seeds.
    """
    if min(len(first), len(second)) < 2:
        return None
    one, other = spread(first), spread(second)
    errors = [float(np.var(group, ddof=1)) / len(group) for group in (first, second)]
    value, variance = other.mean - one.mean, sum(errors)
    if variance == 0:
        return Interval(value, value, value)
    freedom = variance**2 / sum(
        error**2 / (len(group) - 1) for error, group in zip(errors, (first, second), strict=True)
    )
    reach = float(stats.t.ppf((1 + _CONFIDENCE) / 2, freedom)) * math.sqrt(variance)
    return Interval(value, value - reach, value + reach)


def spread_text(found: Spread) -> str:
    """Return mean, spread and interval as a table shows them; the mean alone for one seed."""
    if found.sd is None:
        return f"{found.mean:.3f}"
    return f"{found.mean:.3f} ± {found.sd:.3f} ({found.low:.3f} to {found.high:.3f})"
