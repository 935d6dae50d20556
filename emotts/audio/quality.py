"""Measures the quality of a recorded piece: level, peak, clipping, noise, offset, impossible samples."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emotts.audio.loudness import FLOOR_DB, level_db

__all__ = ["Quality", "measure_quality"]

_CLIP_LEVEL = 0.999
_CLIP_RUN = 3
_FRAME_S = 0.02
_NOISE_QUANTILE = 0.1
_SPEECH_QUANTILE = 0.9
_SILENT_DB = -90.0


@dataclass(frozen=True)
class Quality:
    """Metrics of one piece of mono sound.

    Attributes:
        duration_s: length.
        level_db: RMS level in dBFS of the finite samples.
        peak_db: largest amplitude in dBFS of the finite samples.
        clipped_fraction: fraction of the samples that stand in a row of three or more at full scale.
        snr_db: level of the loud frames over that of the quiet ones; None where the piece is too short (0.2 s) or
            silent. Quiet means the quietest tenth, so it is an underestimate for speech without a pause.
        dc_offset: mean of the finite samples.
        n_non_finite: number of NaN and infinite samples.
        is_silent: whether the level is below -90 dBFS.
    """

    duration_s: float
    level_db: float
    peak_db: float
    clipped_fraction: float
    snr_db: float | None
    dc_offset: float
    n_non_finite: int
    is_silent: bool


def measure_quality(samples: NDArray[np.floating], *, sample_rate_hz: int) -> Quality:
    """Measure mono samples ``(sample,)``, full scale 1.0; an empty array is silent."""
    finite = np.isfinite(samples)
    n_non_finite = int(samples.size - np.count_nonzero(finite))
    sound = np.where(finite, samples, 0.0).astype(np.float32) if n_non_finite else samples
    peak = float(np.abs(sound).max(initial=0.0))
    level = level_db(sound)
    is_silent = level < _SILENT_DB
    return Quality(
        duration_s=samples.size / sample_rate_hz,
        level_db=level,
        peak_db=max(FLOOR_DB, 20 * math.log10(peak)) if peak > 0 else FLOOR_DB,
        clipped_fraction=_clipped_fraction(sound),
        snr_db=None if is_silent else _snr_db(sound, frame_samples=max(1, round(_FRAME_S * sample_rate_hz))),
        dc_offset=float(sound.mean(dtype=np.float64)) if sound.size else 0.0,
        n_non_finite=n_non_finite,
        is_silent=is_silent,
    )


def _clipped_fraction(samples: NDArray[np.floating]) -> float:
    if samples.size == 0:
        return 0.0
    at_limit = np.concatenate([[False], np.abs(samples) >= _CLIP_LEVEL, [False]])
    edges = np.flatnonzero(np.diff(at_limit.astype(np.int8)))
    runs = edges[1::2] - edges[::2]
    return float(runs[runs >= _CLIP_RUN].sum() / samples.size)


def _snr_db(samples: NDArray[np.floating], *, frame_samples: int) -> float | None:
    count = samples.size // frame_samples
    if count < 10:
        return None
    frames = samples[: count * frame_samples].reshape(count, frame_samples)
    power = np.square(frames, dtype=np.float64).mean(axis=1)
    noise = max(float(np.quantile(power, _NOISE_QUANTILE)), 10 ** (FLOOR_DB / 10))
    return 10 * math.log10(max(float(np.quantile(power, _SPEECH_QUANTILE)), noise) / noise)
