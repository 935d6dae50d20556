"""Confusion matrices, recalls and their intervals, against figures known by hand or from SciPy."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import binomtest

from emotts.judges.scores import balanced_accuracy, confusion, recalls, wilson


def test_rows_are_true_and_columns_are_heard():
    matrix = confusion(["a", "a", "a", "b"], ["a", "b", "b", "b"], emotions=["a", "b"])
    assert matrix.tolist() == [[1, 2], [0, 1]]
    assert balanced_accuracy(matrix) == pytest.approx((1 / 3 + 1) / 2)


def test_what_is_outside_gets_one_column_more():
    matrix = confusion(["a", "b", "b"], ["a", "nothing", "b"], emotions=["a", "b"])
    assert matrix.tolist() == [[1, 0, 0], [0, 1, 1]]
    assert balanced_accuracy(matrix) == pytest.approx(0.75)


def test_an_emotion_that_does_not_occur_does_not_count():
    matrix = confusion(["a", "a"], ["a", "b"], emotions=["a", "b"])
    assert balanced_accuracy(matrix) == 0.5
    assert set(recalls(matrix, ["a", "b"])) == {"a"}
    assert math.isnan(balanced_accuracy(np.zeros((2, 2))))


@pytest.mark.parametrize(("hits", "total"), [(0, 9), (9, 9), (7, 9), (30, 37), (1, 2)])
def test_wilson_equals_scipy(hits, total):
    wanted = binomtest(hits, total).proportion_ci(method="wilson")
    assert wilson(hits, total) == pytest.approx((wanted.low, wanted.high), abs=1e-12)
