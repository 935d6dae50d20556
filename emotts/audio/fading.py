"""Fades at the ends of a clip."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["faded"]


def faded(samples: NDArray[np.float32], *, fade_samples: int) -> NDArray[np.float32]:
    """Return ``(sample,)`` with a raised-cosine fade at both ends; ``samples`` itself where there is none.

    Args:
        samples: the clip; it is not changed.
        fade_samples: length of each fade, at most half of the clip.
    """
    length = min(fade_samples, len(samples) // 2)
    if length == 0:
        return samples
    rise = (0.5 - 0.5 * np.cos(np.pi * (np.arange(length) + 0.5) / length)).astype(np.float32)
    result = samples.copy()
    result[:length] *= rise
    result[-length:] *= rise[::-1]
    return result
