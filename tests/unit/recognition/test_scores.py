"""Confusion matrices, recalls and their intervals, against metrics known by hand or from the literature."""

from __future__ import annotations

import math

import numpy as np
import pytest

from emotts.recognition.scores import balanced_accuracy, confusion, recalls, wilson


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


@pytest.mark.parametrize(
    ("hits", "total", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),  # these four: Newcombe 1998, Statistics in Medicine 17: 857-872, table I, method 3
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (9, 9, 0.7009, 1.0),
    ],
)
def test_wilson_intervals(hits, total, low, high):
    assert wilson(hits, total) == pytest.approx((low, high), abs=5e-5)
