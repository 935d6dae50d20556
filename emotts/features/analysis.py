"""Prepares clips for analysis: one sample rate and one level."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import soxr

from emotts.errors import AudioError

__all__ = ["ANALYSIS_RATE_HZ", "FRAME_MS", "analysis_samples", "frame_power"]

ANALYSIS_RATE_HZ = 16_000
"""Every measure is taken at this rate, so that the rate of a corpus does not matter."""
FRAME_MS = 10
"""One value of energy and F0 every 10 ms."""
WINDOW_SAMPLES = 512
SILENCE_AMPLITUDE = 1e-6

Array = npt.NDArray[np.float64]


def analysis_samples(samples: npt.ArrayLike, *, sample_rate_hz: int) -> tuple[Array, float]:
    """Return a clip (sample,) at 16 kHz, without offset, its loudest frame at an RMS of 0.1, and that frame's dBFS.

    A clip below -120 dBFS everywhere comes back as zeros and -inf; one under two windows is padded with zeros.

    Raises:
        AudioError: if there are no samples, more than one axis, a NaN or an infinity, or no positive rate.
    """
    clip = np.asarray(samples, dtype=np.float64)
    _check(clip, sample_rate_hz)
    clip = clip - clip.mean()
    if sample_rate_hz != ANALYSIS_RATE_HZ:
        clip = np.asarray(soxr.resample(clip, sample_rate_hz, ANALYSIS_RATE_HZ, quality="VHQ"), dtype=np.float64)
    clip = np.pad(clip, (0, max(0, 2 * WINDOW_SAMPLES - clip.size)))
    if np.abs(clip).max() < SILENCE_AMPLITUDE:
        return np.zeros_like(clip), -math.inf
    loudest = float(np.sqrt(frame_power(clip).max()))
    return np.asarray(clip * (0.1 / loudest)), 20 * math.log10(loudest)


def _check(clip: Array, sample_rate_hz: int) -> None:
    if clip.ndim != 1:
        raise AudioError("clip is not one channel", found=f"shape {clip.shape}", wanted="an array (sample,)")
    if clip.size == 0:
        raise AudioError("clip holds no samples", wanted="at least one sample")
    if not np.isfinite(clip).all():
        bad = int((~np.isfinite(clip)).sum())
        raise AudioError(
            "clip holds values that are not numbers",
            found=f"{bad} of {clip.size} samples are NaN or infinite",
            wanted="finite samples",
            remedy="leave the clip out, or find out which step made it",
        )
    if sample_rate_hz <= 0:
        raise AudioError("sample rate cannot be used", found=sample_rate_hz, wanted="a positive number of Hz")


def frame_power(clip: Array) -> Array:
    """Return the mean square (frame,) of windows of 32 ms, centred on every 10 ms of a 16 kHz clip (sample,)."""
    hop = ANALYSIS_RATE_HZ * FRAME_MS // 1000
    padded = np.pad(clip * clip, (WINDOW_SAMPLES // 2, WINDOW_SAMPLES // 2))
    sums = np.concatenate(([0.0], np.cumsum(padded)))
    starts = np.arange(0, clip.size, hop)
    return np.asarray(np.maximum(sums[starts + WINDOW_SAMPLES] - sums[starts], 0.0) / WINDOW_SAMPLES)
