"""Masks of valid positions, and the norm over channels that goes with them."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

__all__ = ["ChannelNorm", "length_mask"]


def length_mask(lengths: Tensor, *, max_length: int) -> Tensor:
    """Return a bool mask (batch, 1, max_length), True below each item's length.

    Args:
        lengths: (batch,) int64.
        max_length: length of the longest item in tokens or frames.
    """
    positions = torch.arange(max_length, device=lengths.device)
    return (positions < lengths.unsqueeze(1)).unsqueeze(1)


class ChannelNorm(nn.Module):
    """Layer norm over the channels of (batch, channel, time), at every time by itself."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))

    def forward(self, hidden: Tensor) -> Tensor:
        """Return a tensor of the shape of ``hidden`` (batch, channel, time)."""
        normed = F.layer_norm(hidden.transpose(1, 2), self.weight.shape, self.weight, self.bias, 1e-5)
        return normed.transpose(1, 2)
