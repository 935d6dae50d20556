"""The levels of a recording for its check: of its speech and of its pauses, and where it clips."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from emotts.audio.io import stream_blocks
from emotts.audio.loudness import FLOOR_DB
from emotts.audio.quality import measure_quality

__all__ = ["mean_levels", "measure_frames"]

_BLOCK_S = 10
_FRAME_S = 0.02
_MARGIN_S = 0.1
_MIN_PAUSE_FRAMES = 25
_NEAR_FULL_SCALE = 0.99


def measure_frames(path: Path, rate: int) -> tuple[NDArray[np.float64], NDArray[np.float64], tuple[int, ...]]:
    """Return the middles in seconds and the mean squares ``(frame,)`` of 20 ms frames, and the seconds that clip."""
    size = round(_FRAME_S * rate)
    middles, powers, clipped = [], [], []
    for number, block in enumerate(stream_blocks(path, block_s=_BLOCK_S)):
        count = len(block) // size
        squares = np.square(block[: count * size], dtype=np.float64).mean(axis=1)
        powers.append(squares.reshape(count, size).mean(axis=1))
        middles.append(number * _BLOCK_S + (np.arange(count) + 0.5) * size / rate)
        clipped += [number * _BLOCK_S + second for second in _clipped_seconds(block, rate)]
    return np.concatenate(middles), np.concatenate(powers), tuple(clipped)


def _clipped_seconds(block: NDArray[np.float32], rate: int) -> list[int]:
    """Return the seconds of a block ``(sample, channel)`` in which a channel clips."""
    found = []
    for second in range(math.ceil(len(block) / rate)):
        part = block[second * rate : (second + 1) * rate]
        if float(np.abs(part).max()) < _NEAR_FULL_SCALE:
            continue
        if any(measure_quality(channel, sample_rate_hz=rate).clipped_fraction > 0 for channel in part.T):
            found.append(second)
    return found


def mean_levels(
    middles: NDArray[np.float64], power: NDArray[np.float64], spans: tuple[tuple[float, float], ...]
) -> tuple[float, float]:
    """Return the levels of speech and of the pauses in dBFS."""
    is_speech = np.zeros(len(power), dtype=np.bool_)
    is_pause = np.ones(len(power), dtype=np.bool_)
    for start_s, end_s in spans:
        is_speech |= (middles >= start_s) & (middles < end_s)
        is_pause &= (middles < start_s - _MARGIN_S) | (middles > end_s + _MARGIN_S)
    speech = float(power[is_speech].mean()) if is_speech.any() else 0.0
    if np.count_nonzero(is_pause) >= _MIN_PAUSE_FRAMES:
        noise = float(np.median(power[is_pause]))
    else:
        noise = float(np.quantile(power, 0.1)) if len(power) else 0.0
    return _db(speech), _db(noise)


def _db(power: float) -> float:
    return max(FLOOR_DB, 10 * math.log10(power)) if power > 0 else FLOOR_DB
