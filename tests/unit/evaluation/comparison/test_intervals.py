"""Intervals of differences between shares, beside the numbers that Newcombe published."""

from __future__ import annotations

import math

import pytest

from emotts.evaluation.comparison.intervals import Interval, mean_of, paired_difference, unpaired_difference


def table(both: int, only_first: int, only_second: int, neither: int) -> tuple[list[bool], list[bool]]:
    first = [True] * (both + only_first) + [False] * (only_second + neither)
    second = [True] * both + [False] * only_first + [True] * only_second + [False] * neither
    return first, second


def test_independent_samples_as_published() -> None:
    """Newcombe 1998, page 877, contrast a: 56/70 less 48/80, method 10."""
    found = unpaired_difference([True] * 48 + [False] * 32, [True] * 56 + [False] * 14)
    assert (found.value, found.low, found.high) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)


def test_paired_samples_as_published() -> None:
    """Newcombe 1998, page 2642, 36, 12, 2, 0 of 50 pairs, method 10."""
    first, second = table(36, 12, 2, 0)
    found = paired_difference(second, first)
    assert (found.value, found.low, found.high) == pytest.approx((0.2, 0.0569, 0.3404), abs=5e-5)


def test_agreeing_pairs_make_a_difference_surer() -> None:
    first, second = table(40, 0, 6, 40)
    paired, unpaired = paired_difference(first, second), unpaired_difference(first, second)
    assert paired.value == unpaired.value
    assert paired.low > 0 > unpaired.low
    swapped = paired_difference(second, first)
    assert (swapped.low, swapped.high) == pytest.approx((-paired.high, -paired.low))


def test_all_right_on_both_sides_is_not_certain() -> None:
    found = paired_difference([True] * 10, [True] * 10)
    assert found.value == 0
    assert found.high == -found.low == pytest.approx(0.2775, abs=5e-5)  # Wilson's 1 - 0.7225 of 10 of 10


def test_pairs_of_unequal_number_are_an_error() -> None:
    with pytest.raises(ValueError, match="shorter"):
        paired_difference([True, False], [True])


def test_the_mean_of_differences() -> None:
    found = mean_of([Interval(0.2, 0.1, 0.4), Interval(0.0, -0.1, 0.2)])
    assert found.value == pytest.approx(0.1)
    assert found.low == pytest.approx(0.1 - math.hypot(0.1, 0.1) / 2)
    assert found.high == pytest.approx(0.1 + math.hypot(0.2, 0.2) / 2)
