"""Levels in decibels below full scale."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

__all__ = ["FLOOR_DB", "level_db"]

FLOOR_DB = -120.0
"""Level that silence (and an empty array) is given."""


def level_db(samples: NDArray[np.floating]) -> float:
    """Return the RMS level in dBFS, where a constant 1.0 is 0 dB; never below :data:`FLOOR_DB`.

    Args:
        samples: of any shape, full scale 1.0.
    """
    if samples.size == 0:
        return FLOOR_DB
    mean_square = float(np.mean(np.square(samples, dtype=np.float64)))
    return max(FLOOR_DB, 10 * math.log10(mean_square)) if mean_square > 0 else FLOOR_DB
