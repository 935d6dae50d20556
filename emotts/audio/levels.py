"""Stretches of sound, told from silence by a recording's own levels: its noise floor and its speech."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from emotts.audio.energy import EnergyReader
from emotts.audio.opening import opened

__all__ = ["HOP_MS", "frame_levels", "power_curve", "silence_threshold", "sounding_spans"]

HOP_MS = 10
_WINDOW_HOPS = 3
"""Levels are means over 30 ms."""
_LEAST_POWER = 1e-9
_FLOOR_PERCENTILE = 5.0
_ABOVE_FLOOR_DB, _BELOW_SPEECH_DB = 8.0, 22.0

Array = NDArray[np.float64]


def power_curve(path: Path, *, start_ms: int = 0, end_ms: int | None = None) -> Array:
    """Return the mean square ``(hop,)`` of each 10 ms of a part, over all channels, full scale 1.0.

    Args:
        path: a sound file of any kind and number of channels.
        start_ms: start of the part.
        end_ms: end of the part; None: the end of the file.

    Raises:
        AudioError: if the file cannot be read (:func:`emotts.audio.opening.opened`) or a sample is not finite.
    """
    hops = []
    with opened(path) as sound:
        reader = EnergyReader(sound, path)
        scale = 1.0 / (float(reader.full_scale) ** 2 * reader.channels * reader.sample_rate_hz / 1000)
        for block in reader.blocks(start_ms, end_ms):
            power = (block.high * 2.0**32 + block.low) * scale
            starts = np.arange(0, len(power), HOP_MS)
            hops.append(np.add.reduceat(power, starts) / np.diff(starts, append=len(power)))
    return np.concatenate(hops)


def frame_levels(power: Array) -> Array:
    """Return levels ``(hop,)`` in dBFS from mean squares ``(hop,)`` of 10 ms each, smoothed over 30 ms."""
    padded = np.pad(np.maximum(power, _LEAST_POWER), _WINDOW_HOPS // 2, mode="edge")
    smooth = np.convolve(padded, np.full(_WINDOW_HOPS, 1 / _WINDOW_HOPS), mode="valid")
    return np.asarray(10 * np.log10(smooth))


def silence_threshold(levels_db: Array) -> float:
    """Return the level in dBFS that tells speech from silence in a recording of levels ``(hop,)``.

    It lies in the middle between the noise floor (5th percentile) and the speech (mean power of the louder half), at
    most 22 dB under the speech and at least 8 dB over the floor.
    """
    floor = float(np.percentile(levels_db, _FLOOR_PERCENTILE))
    louder = np.sort(levels_db)[levels_db.size // 2 :]
    speech = float(10 * np.log10(np.mean(10 ** (louder / 10))))
    return max(floor + _ABOVE_FLOOR_DB, min(speech - _BELOW_SPEECH_DB, (floor + speech) / 2))


def sounding_spans(levels_db: Array, *, threshold_db: float, min_silence_ms: int) -> list[tuple[int, int]]:
    """Return (start, end) in ms of the stretches above a level between silences of a length, in order.

    Args:
        levels_db: level ``(hop,)`` of each 10 ms.
        threshold_db: what is above this sounds.
        min_silence_ms: a shorter silence belongs to the stretch around it.
    """
    sounding = np.concatenate([[False], levels_db > threshold_db, [False]])
    edges = np.flatnonzero(np.diff(sounding.astype(np.int8))) * HOP_MS
    starts, ends = edges[::2], edges[1::2]
    if starts.size == 0:
        return []
    apart = starts[1:] - ends[:-1] >= min_silence_ms
    first = starts[np.concatenate([[True], apart])]
    last = ends[np.concatenate([apart, [True]])]
    return list(zip(first.tolist(), last.tolist(), strict=True))
