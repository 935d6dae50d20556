"""The matrices of short convolutions by evaluation at points, computed exactly.

Sources: Cook, On the Minimum Computation Time of Functions, 1966; Winograd, Arithmetic Complexity of
Computations, 1980.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from fractions import Fraction

import torch
from torch import Tensor

__all__ = ["MAX_TAPS", "OUTPUTS", "Transforms", "transforms"]

OUTPUTS = 4
"""Outputs that a tile computes at once; more would save more and round worse."""
_POINTS = (Fraction(0), Fraction(1), Fraction(-1), Fraction(2), Fraction(-2), Fraction(1, 2), Fraction(-1, 2))
MAX_TAPS = len(_POINTS) - OUTPUTS + 2


@dataclass(frozen=True)
class Transforms:
    """``outputs^T [(weights @ w) * (inputs @ x)]`` is the correlation of ``n_points`` inputs with the taps."""

    inputs: Tensor
    """(point, point)."""
    weights: Tensor
    """(point, tap)."""
    outputs: Tensor
    """(output, point)."""


@functools.lru_cache(maxsize=16)
def transforms(taps: int, dtype: torch.dtype) -> Transforms:
    """Return the three matrices, computed exactly and rounded once."""
    n_points = OUTPUTS + taps - 1
    points = _POINTS[: n_points - 1]
    interpolation = _inverse(_powers(points, n_points))
    inputs = [list(column) for column in zip(*interpolation, strict=True)]
    scales = [max(abs(value) for value in row) for row in inputs]
    inputs = [[value / scale for value in row] for row, scale in zip(inputs, scales, strict=True)]
    weights = [[value * scale for value in row] for row, scale in zip(_powers(points, taps), scales, strict=True)]

    def rounded(rows: list[list[Fraction]]) -> Tensor:
        return torch.tensor([[float(value) for value in row] for row in rows], dtype=dtype)

    return Transforms(
        inputs=rounded(inputs), weights=rounded(weights), outputs=rounded(_powers(points, OUTPUTS)).T.contiguous()
    )


def _powers(points: tuple[Fraction, ...], n_powers: int) -> list[list[Fraction]]:
    """Return a row of powers for every point, and one for the point at infinity."""
    return [[point**power for power in range(n_powers)] for point in points] + [
        [Fraction(power == n_powers - 1) for power in range(n_powers)]
    ]


def _inverse(matrix: list[list[Fraction]]) -> list[list[Fraction]]:
    """Invert a regular matrix by Gauss-Jordan elimination."""
    size = len(matrix)
    rows = [[*row, *(Fraction(index == column) for column in range(size))] for index, row in enumerate(matrix)]
    for index in range(size):
        pivot = next(row for row in range(index, size) if rows[row][index] != 0)
        rows[index], rows[pivot] = rows[pivot], rows[index]
        rows[index] = [value / rows[index][index] for value in rows[index]]
        for other in range(size):
            factor = rows[other][index]
            if other != index and factor != 0:
                rows[other] = [value - factor * own for value, own in zip(rows[other], rows[index], strict=True)]
    return [row[size:] for row in rows]
