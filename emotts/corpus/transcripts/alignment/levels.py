"""Fine pieces of a take: stretches of sound between pauses, told from silence by the take's own levels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from emotts.audio.levels import frame_levels, silence_threshold, sounding_spans

__all__ = ["fine_pieces"]

_CLICK_MS = 80
"""Shorter sounds are clicks."""
_PAD_MS = 50


def fine_pieces(power: NDArray[np.float64], *, length_ms: int, pause_ms: int) -> list[tuple[int, int]]:
    """Return (start, end) in ms of every stretch of sound between pauses, in order.

    Each has 50 ms of what is around it on both sides. Sounds under 80 ms are left out.

    Args:
        power: mean squares (hop,) of 10 ms each, full scale 1.0.
        length_ms: length of the take.
        pause_ms: the shortest pause.
    """
    if power.size == 0:
        return []
    levels_db = frame_levels(power)
    spans = sounding_spans(levels_db, threshold_db=silence_threshold(levels_db), min_silence_ms=pause_ms)
    return [
        (max(0, start - _PAD_MS), min(length_ms, end + _PAD_MS)) for start, end in spans if end - start >= _CLICK_MS
    ]
