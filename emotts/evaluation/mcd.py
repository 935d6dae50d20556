"""Mel-cepstral distortion between two clips, aligned by dynamic time warping."""

from __future__ import annotations

import math

import librosa.sequence as warping
import numpy as np
import numpy.typing as npt
import pyworld
from scipy.spatial.distance import cdist

from emotts.errors import AudioError
from emotts.features.analysis import ANALYSIS_RATE_HZ, analysis_samples, frame_power
from emotts.features.pitch import track_f0

__all__ = ["DB_PER_DISTANCE", "N_COEFFICIENTS", "mel_cepstra", "mel_cepstral_distortion", "warped_cepstra"]

N_COEFFICIENTS = 24
"""Mel-cepstral coefficients 1 to 24; the zeroth, which is the level, is left out."""
DB_PER_DISTANCE = 10 / math.log(10) * math.sqrt(2)
FRAME_MS = 5
WARPING = 0.41
"""All-pass constant that comes nearest to the mel scale at 16 kHz (Tokuda et al. 1994; SPTK's table says 0.42)."""
EDGE_DB = -40.0
FLOOR_DB = -70.0
"""Under the loudest point of a clip's envelope: what is softer cannot be heard, and is often 16-bit rounding alone."""
WARPED_POINTS = 512

Array = npt.NDArray[np.float64]


def mel_cepstral_distortion(
    first: npt.ArrayLike, second: npt.ArrayLike, *, first_rate_hz: int, second_rate_hz: int
) -> float:
    """Return the distortion in dB; 0 for a clip with itself, about 9 dB between two voices.

    ``10 / ln 10 * sqrt(2 * sum over d = 1..24 of (c_d - c'_d)^2)`` (Kubichek 1993), averaged along the path of
    least distance (librosa's dynamic time warping, steps 1-1, 0-1, 1-0). Cepstra come from WORLD's spectral
    envelope at 16 kHz, every 5 ms; silence before and after the speech is left out. Metrics from other
    envelopes, rates or numbers of coefficients do not compare.

    Raises:
        AudioError: if a clip is empty, not finite, or silent.
    """
    ours = mel_cepstra(first, sample_rate_hz=first_rate_hz)
    theirs = mel_cepstra(second, sample_rate_hz=second_rate_hz)
    distance = cdist(ours, theirs)
    _, path = warping.dtw(C=distance)
    return float(DB_PER_DISTANCE * distance[path[:, 0], path[:, 1]].mean())


def mel_cepstra(samples: npt.ArrayLike, *, sample_rate_hz: int) -> Array:
    """Return mel-cepstral coefficients 1 to 24 (frame, coefficient) of a clip (sample,), every 5 ms.

    Raises:
        AudioError: if the clip is empty, not finite, or silent.
    """
    clip, _ = analysis_samples(samples, sample_rate_hz=sample_rate_hz)
    if not clip.any():
        raise AudioError("clip is silent, so it has no mel cepstra", wanted="speech above -120 dBFS")
    clip = _without_edges(clip)
    f0_hz = track_f0(clip, sample_rate_hz=ANALYSIS_RATE_HZ, frame_ms=FRAME_MS)
    times_s = np.arange(f0_hz.size) * FRAME_MS / 1000
    power = np.asarray(pyworld.cheaptrick(clip, f0_hz, times_s, ANALYSIS_RATE_HZ), dtype=np.float64)
    return warped_cepstra(np.maximum(power, power.max() * 10 ** (FLOOR_DB / 10)))


def _without_edges(clip: Array) -> Array:
    power = frame_power(clip)
    loud = np.flatnonzero(power > power.max() * 10 ** (EDGE_DB / 10))
    hop = ANALYSIS_RATE_HZ // 100
    inside = clip[loud[0] * hop : (loud[-1] + 1) * hop]
    return np.ascontiguousarray(np.pad(inside, (0, max(0, 4 * hop - inside.size))))


def warped_cepstra(power: Array) -> Array:
    """Return cepstra of power envelopes (frame, bin) on the frequency axis of a first-order all-pass."""
    warped = np.linspace(0, np.pi, WARPED_POINTS + 1)
    plain = warped - 2 * np.arctan2(WARPING * np.sin(warped), 1 + WARPING * np.cos(warped))
    places = plain / np.pi * (power.shape[1] - 1)
    lower = np.minimum(places.astype(int), power.shape[1] - 2)
    fraction = places - lower
    log_power = np.log(power)
    on_axis = log_power[:, lower] * (1 - fraction) + log_power[:, lower + 1] * fraction
    return np.asarray(np.fft.irfft(on_axis, axis=1)[:, 1 : N_COEFFICIENTS + 1])
