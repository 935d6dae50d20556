"""A monotonic rational-quadratic spline on an interval, the identity outside it.

Source: Durkan, Bekasov, Murray and Papamakarios, Neural Spline Flows, 2019.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional as F

__all__ = ["rational_quadratic_spline"]

_MIN_BIN_SHARE = 1e-3
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
    knots_x, widths = _knots(raw_widths, bound=bound)
    knots_y, heights = _knots(raw_heights, bound=bound)
    slopes = _MIN_SLOPE + F.softplus(F.pad(raw_slopes, (1, 1), value=_EDGE_SLOPE))
    bins = _find_bins(points, knots_y if inverse else knots_x)

    def at(table: Tensor, offset: int = 0) -> Tensor:
        return table.gather(-1, bins + offset).squeeze(-1)

    left, width = at(knots_x), at(widths)
    bottom, height = at(knots_y), at(heights)
    slope, next_slope = at(slopes), at(slopes, 1)
    mean_slope = height / width
    curve = slope + next_slope - 2.0 * mean_slope
    if inverse:
        rise = points - bottom
        a = rise * curve + height * (mean_slope - slope)
        b = height * slope - rise * curve
        c = -mean_slope * rise
        share = 2.0 * c / (-b - (b * b - 4.0 * a * c).clamp_min(0.0).sqrt())
        outputs = share * width + left
    else:
        share = (points - left) / width
    both = share * (1.0 - share)
    below = mean_slope + curve * both
    if not inverse:
        outputs = bottom + height * (mean_slope * share * share + slope * both) / below
    gain = next_slope * share * share + 2.0 * mean_slope * both + slope * (1.0 - share) ** 2
    log_slope = 2.0 * mean_slope.log() + gain.log() - 2.0 * below.log()
    log_slope = -log_slope if inverse else log_slope
    return torch.where(inside, outputs, inputs), torch.where(inside, log_slope, torch.zeros_like(inputs))


def _knots(raw: Tensor, *, bound: float) -> tuple[Tensor, Tensor]:
    """Return the knots (..., bin + 1) from -bound to bound and the distances between them (..., bin)."""
    n_bins = raw.shape[-1]
    shares = _MIN_BIN_SHARE + (1.0 - _MIN_BIN_SHARE * n_bins) * raw.softmax(dim=-1)
    inner = 2.0 * bound * shares.cumsum(dim=-1)[..., :-1] - bound
    knots = F.pad(F.pad(inner, (1, 0), value=-bound), (0, 1), value=bound)
    return knots, knots[..., 1:] - knots[..., :-1]


def _find_bins(points: Tensor, knots: Tensor) -> Tensor:
    """Return the index of the bin that every point lies in (..., 1)."""
    above: Tensor = points.unsqueeze(-1) >= knots[..., 1:-1]
    return above.sum(dim=-1, keepdim=True)
