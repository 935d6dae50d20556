"""Random segments: the decoder is trained on a short piece of every clip."""

from __future__ import annotations

import torch
from torch import Tensor

__all__ = ["draw_segment_starts", "slice_segments"]


def draw_segment_starts(lengths: Tensor, *, segment_frames: int) -> Tensor:
    """Return a random start (batch,) int64 for each item so that the segment lies inside the item.

    An item that is shorter than the segment starts at 0; :func:`slice_segments` pads it.
    """
    last_start = (lengths - segment_frames).clamp_min(0)
    starts = (torch.rand(lengths.shape, device=lengths.device) * (last_start + 1)).long()
    return torch.minimum(starts, last_start)


def slice_segments(values: Tensor, starts: Tensor, *, length: int) -> Tensor:
    """Return a piece (batch, channel, length) of every item, zeros where it reaches past the end.

    Args:
        values: (batch, channel, time).
        starts: (batch,) int64, in the unit of ``values``' time (multiply frames by the hop for waveforms).
        length: of the pieces, in the same unit.
    """
    positions = starts.unsqueeze(1) + torch.arange(length, device=values.device)
    exists = (positions < values.shape[2]).unsqueeze(1)
    index = positions.clamp_max(values.shape[2] - 1).unsqueeze(1).expand(-1, values.shape[1], -1)
    return values.gather(2, index) * exists
