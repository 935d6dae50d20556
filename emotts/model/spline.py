"""A monotonic rational-quadratic spline on an interval, the identity outside it.

Source: Durkan, Bekasov, Murray and Papamakarios, Neural Spline Flows, 2019.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional as F

__all__ = ["rational_quadratic_spline"]

_MIN_BIN_FRACTION = 1e-3
_MIN_SLOPE = 1e-3
_EDGE_SLOPE = math.log(math.exp(1.0 - _MIN_SLOPE) - 1.0)
"""The raw value whose slope is 1, so that the spline meets the identity smoothly."""


def rational_quadratic_spline(
    inputs: Tensor,
    *,
    raw_widths: Tensor,
    raw_heights: Tensor,
    raw_slopes: Tensor,
    bound: float,
    inverse: bool = False,
) -> tuple[Tensor, Tensor]:
    """Return outputs and the log of the outputs' slope, both of the shape of ``inputs``.

    Args:
        inputs: any shape.
        raw_widths, raw_heights: (*inputs, bin), before the softmax.
        raw_slopes: (*inputs, bin - 1), at the inner knots, before the softplus.
        bound: the spline works on [-bound, bound].
        inverse: compute the inverse function and the log of its slope.
    """
    inside = (inputs >= -bound) & (inputs <= bound)
    points = inputs.clamp(-bound, bound)
    knots_x, knots_y = _knots(raw_widths, bound=bound), _knots(raw_heights, bound=bound)
    bins = _find_bins(points, knots_y if inverse else knots_x)
    piece = _piece(bins, knots_x=knots_x, knots_y=knots_y, raw_slopes=raw_slopes)
    fraction = _invert(points, piece) if inverse else (points - piece.left) / piece.width
    both = fraction * (1.0 - fraction)
    below = piece.mean_slope + piece.curve * both
    if inverse:
        outputs = fraction * piece.width + piece.left
    else:
        above = piece.mean_slope * fraction * fraction + piece.slope * both
        outputs = piece.bottom + piece.height * above / below
    gain = piece.next_slope * fraction * fraction + 2.0 * piece.mean_slope * both + piece.slope * (1.0 - fraction) ** 2
    log_slope = 2.0 * piece.mean_slope.log() + gain.log() - 2.0 * below.log()
    log_slope = -log_slope if inverse else log_slope
    return torch.where(inside, outputs, inputs), torch.where(inside, log_slope, torch.zeros_like(inputs))


class _Piece(NamedTuple):
    """The piece of the spline that each point lies in; every field has the shape of the points."""

    left: Tensor
    width: Tensor
    bottom: Tensor
    height: Tensor
    slope: Tensor
    next_slope: Tensor
    mean_slope: Tensor
    curve: Tensor


def _piece(bins: Tensor, *, knots_x: Tensor, knots_y: Tensor, raw_slopes: Tensor) -> _Piece:
    """Return the pieces of the spline with the numbers ``bins`` (..., 1)."""
    widths, heights = (knots[..., 1:] - knots[..., :-1] for knots in (knots_x, knots_y))
    slopes = _MIN_SLOPE + F.softplus(F.pad(raw_slopes, (1, 1), value=_EDGE_SLOPE))

    def at(table: Tensor, offset: int = 0) -> Tensor:
        return table.gather(-1, bins + offset).squeeze(-1)

    left, width = at(knots_x), at(widths)
    bottom, height = at(knots_y), at(heights)
    slope, next_slope = at(slopes), at(slopes, 1)
    mean_slope = height / width
    curve = slope + next_slope - 2.0 * mean_slope
    return _Piece(left, width, bottom, height, slope, next_slope, mean_slope, curve)


def _invert(points: Tensor, piece: _Piece) -> Tensor:
    """Return how far, as a fraction of the piece's width, the points are whose outputs are ``points``."""
    rise = points - piece.bottom
    a = rise * piece.curve + piece.height * (piece.mean_slope - piece.slope)
    b = piece.height * piece.slope - rise * piece.curve
    c = -piece.mean_slope * rise
    fraction: Tensor = 2.0 * c / (-b - (b * b - 4.0 * a * c).clamp_min(0.0).sqrt())
    return fraction


def _knots(raw: Tensor, *, bound: float) -> Tensor:
    """Return the knots (..., bin + 1) from -bound to bound."""
    n_bins = raw.shape[-1]
    fractions = _MIN_BIN_FRACTION + (1.0 - _MIN_BIN_FRACTION * n_bins) * raw.softmax(dim=-1)
    inner = 2.0 * bound * fractions.cumsum(dim=-1)[..., :-1] - bound
    return F.pad(F.pad(inner, (1, 0), value=-bound), (0, 1), value=bound)


def _find_bins(points: Tensor, knots: Tensor) -> Tensor:
    """Return the index of the bin that every point lies in (..., 1)."""
    above: Tensor = points.unsqueeze(-1) >= knots[..., 1:-1]
    return above.sum(dim=-1, keepdim=True)
