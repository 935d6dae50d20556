"""Several channels as one: their mean, unless they cancel each other out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["cancels", "to_mono"]

_CANCELLED = 0.06
"""Power of the mean, as a fraction of the louder channel's: some 12 dB below. Of unlike channels it is a quarter."""


def cancels(block: NDArray[np.float32]) -> bool:
    """Say whether the two channels of a block ``(sample, channel)`` are in opposite phase."""
    if block.shape[1] != 2:
        return False
    louder = float(np.square(block, dtype=np.float64).mean(axis=0).max(initial=0.0)) if len(block) else 0.0
    mean = float(np.square(block.mean(axis=1, dtype=np.float64)).mean()) if len(block) else 0.0
    return louder > 0.0 and mean < _CANCELLED * louder


def to_mono(block: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return ``(sample,)``: the mean of the channels of ``(sample, channel)``, or the louder one of two that cancel."""
    if block.shape[1] == 1:
        return block[:, 0]
    if cancels(block):
        return block[:, int(np.square(block, dtype=np.float64).sum(axis=0).argmax())]
    mean: NDArray[np.float32] = block.mean(axis=1, dtype=np.float32)
    return mean
