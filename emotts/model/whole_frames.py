"""Whole frames from the two duration predictors: as MeloTTS has them, or so that they add up.

Training's alignment gives every token at least one frame, blanks too, so speaking does the same.
"""

from __future__ import annotations

import torch
from torch import Tensor

from emotts.model.rounding import Rounding

__all__ = ["whole_frames"]

_DEQUANTISED_FRAMES = 0.5
"""The stochastic predictor learns durations less a random fraction of a frame, half of one on average."""


def whole_frames(
    *,
    stochastic_log: Tensor,
    deterministic_log: Tensor,
    sdp_ratio: float | Tensor,
    token_mask: Tensor,
    length_scale: float | Tensor,
    rounding: Rounding,
) -> Tensor:
    """Return durations in whole frames (batch, 1, token) float, 0 outside the mask.

    Args:
        stochastic_log, deterministic_log: log durations (batch, 1, token), or one number where ``sdp_ratio`` leaves
            that predictor out.
        sdp_ratio: fraction of the stochastic durations.
        token_mask: bool (batch, 1, token).
        length_scale: factor on the durations before they are rounded.
        rounding: how.
    """
    if rounding == "up":
        mixed = stochastic_log * sdp_ratio + deterministic_log * (1.0 - sdp_ratio)
        return (mixed.exp() * token_mask * length_scale).ceil()
    stochastic = stochastic_log.exp() + _DEQUANTISED_FRAMES
    frames = stochastic * sdp_ratio + deterministic_log.exp() * (1.0 - sdp_ratio)
    return _with_rounded_ends(frames * token_mask * length_scale, token_mask)


def _with_rounded_ends(frames: Tensor, token_mask: Tensor) -> Tensor:
    """Round where tokens end; one that would get no frame takes it from those after it."""
    fewest = token_mask.cumsum(dim=2).to(frames.dtype)
    ends = (frames.cumsum(dim=2).round() - fewest).clamp_min(0.0).cummax(dim=2).values + fewest
    return ends.diff(dim=2, prepend=torch.zeros_like(ends[:, :, :1]))
