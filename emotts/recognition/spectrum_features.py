"""The spectral half of the features of a clip: mel cepstra, tilt, centroid, and shape of the spectrum."""

from __future__ import annotations

from functools import cache

import librosa
import numpy as np
import numpy.typing as npt
import scipy.fft
from librosa.filters import mel

from emotts.features.analysis import ANALYSIS_RATE_HZ, FRAME_MS, WINDOW_SAMPLES, Array

__all__ = ["SPECTRAL_NAMES", "band_level_db", "power_spectra", "spectral_features"]

N_MEANS, N_SPREADS = 12, 6
SPECTRAL_NAMES = (
    *(f"mfcc{number}_mean" for number in range(1, N_MEANS + 1)),
    *(f"mfcc{number}_sd" for number in range(1, N_SPREADS + 1)),
    *(f"mfcc{number}_delta_sd" for number in range(1, N_SPREADS + 1)),
    "tilt_mean_db_per_octave",
    "tilt_sd_db_per_octave",
    "centroid_mean_octaves",
    "centroid_sd_octaves",
    "alpha_ratio_db",
    "hammarberg_db",
    "flatness_db",
)
N_MELS, MEL_LOW_HZ, MEL_HIGH_HZ = 40, 50.0, 7600.0
FLOOR = 1e-8


def power_spectra(clip: Array) -> Array:
    """Return power spectra (bin, frame) of a 16 kHz clip (sample,): windows of 32 ms, every 10 ms."""
    hop = ANALYSIS_RATE_HZ * FRAME_MS // 1000
    return np.asarray(np.abs(librosa.stft(clip, n_fft=WINDOW_SAMPLES, hop_length=hop, window="hann")) ** 2)


def band_level_db(power: Array, *, low_hz: float, high_hz: float, floor_db: float) -> Array:
    """Return the level (frame,) of a band under its loudest frame, ``floor_db`` at least."""
    hz = np.arange(power.shape[0]) * ANALYSIS_RATE_HZ / WINDOW_SAMPLES
    inside = power[(hz >= low_hz) & (hz <= high_hz)].sum(axis=0)
    loudest = max(float(inside.max()), np.finfo(np.float64).tiny)
    return np.asarray(10 * np.log10(np.maximum(inside / loudest, 10 ** (floor_db / 10))))


def spectral_features(power: Array, *, active: npt.NDArray[np.bool_], voiced: npt.NDArray[np.bool_]) -> list[float]:
    """Return the features of power spectra (bin, frame), in the order of :data:`SPECTRAL_NAMES`.

    Cepstra are taken over active frames, shapes over voiced ones (over active ones if none is voiced).
    """
    power = np.maximum(power, power.max() * FLOOR)
    mel_db = 10 * np.log10(_mel_filters() @ power)
    cepstra = scipy.fft.dct(mel_db, axis=0, norm="ortho")[1 : N_MEANS + 1]
    deltas = np.gradient(cepstra[:N_SPREADS], axis=1) if cepstra.shape[1] > 1 else np.zeros((N_SPREADS, 1))
    shaped = voiced if voiced.any() else active
    return [
        *cepstra[:, active].mean(axis=1),
        *cepstra[:N_SPREADS, active].std(axis=1),
        *(deltas[:, active] if cepstra.shape[1] > 1 else deltas).std(axis=1),
        *_tilt(mel_db[:, shaped]),
        *_shape(power[:, shaped]),
    ]


def _tilt(mel_db: Array) -> list[float]:
    """Return mean and spread of the straight line through mel levels (band, frame) over octaves, 250-6000 Hz."""
    hz = librosa.mel_frequencies(N_MELS + 2, fmin=MEL_LOW_HZ, fmax=MEL_HIGH_HZ)[1:-1]
    band = (hz >= 250) & (hz <= 6000)
    octaves = np.log2(hz[band])
    weight = np.gradient(octaves) / np.gradient(octaves).sum()  # every octave counts alike
    centred = octaves - (weight * octaves).sum()
    tilt = (weight * centred) @ mel_db[band] / (weight * centred**2).sum()
    return [float(tilt.mean()), float(tilt.std())]


def _shape(power: Array) -> list[float]:
    """Return centroid (mean and spread), alpha ratio, Hammarberg index and flatness of power (bin, frame)."""
    hz = np.arange(power.shape[0]) * ANALYSIS_RATE_HZ / WINDOW_SAMPLES
    octaves = np.log2(np.maximum(hz, 1.0) / 1000)
    band = (hz >= 250) & (hz <= 6000)
    level_db = 10 * np.log10(power[band])
    fraction = power[band] / power[band].sum(axis=0)
    centroid = octaves[band] @ fraction
    below, above = power[(hz >= 50) & (hz < 1000)].sum(axis=0), power[(hz >= 1000) & (hz < 5000)].sum(axis=0)
    lower, upper = power[hz < 2000].max(axis=0), power[(hz >= 2000) & (hz < 5000)].max(axis=0)
    flatness = level_db.mean(axis=0) - 10 * np.log10(power[band].mean(axis=0))
    return [
        float(centroid.mean()),
        float(centroid.std()),
        float((10 * np.log10(above / below)).mean()),
        float((10 * np.log10(lower / upper)).mean()),
        float(flatness.mean()),
    ]


@cache
def _mel_filters() -> Array:
    filters = mel(sr=ANALYSIS_RATE_HZ, n_fft=WINDOW_SAMPLES, n_mels=N_MELS, fmin=MEL_LOW_HZ, fmax=MEL_HIGH_HZ)
    return np.asarray(filters, dtype=np.float64)
