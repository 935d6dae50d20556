"""What a listener hears an emotion by: 53 numbers a clip, 22 of prosody and 31 of the spectrum.

None depends on the absolute level, on the sample rate, or on silence before and after the speech. The
choice follows eGeMAPS (Eyben et al. 2016) where that fits single short clips.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import librosa
import numpy as np
import numpy.typing as npt
import scipy.fft
import scipy.ndimage
import scipy.signal
from librosa.filters import mel

from emotts.judges.pitch import (
    ANALYSIS_RATE_HZ,
    FRAME_MS,
    WINDOW_SAMPLES,
    Array,
    analysis_samples,
    frame_power,
    runs,
    semitones,
    track_f0,
)

__all__ = ["FEATURE_NAMES", "PROSODIC_NAMES", "SPECTRAL_NAMES", "SpeechFrames", "emotion_features", "speech_frames"]

PROSODIC_NAMES = (
    "f0_mean_st",
    "f0_median_st",
    "f0_sd_st",
    "f0_low_st",
    "f0_high_st",
    "f0_range_st",
    "f0_slope_st_per_s",
    "f0_final_rise_st",
    "f0_movement_st_per_s",
    "f0_jitter_st",
    "voiced_share",
    "voiced_runs_per_s",
    "voiced_run_s",
    "syllables_per_s",
    "syllables_per_speech_s",
    "energy_sd_db",
    "energy_range_db",
    "energy_movement_db_per_s",
    "energy_slope_db_per_s",
    "pause_share",
    "pauses_per_s",
    "pause_s",
)
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
FEATURE_NAMES = PROSODIC_NAMES + SPECTRAL_NAMES

ACTIVE_BELOW_LOUD_DB = 30.0
DEEPEST_DB = -60.0
SHORTEST_PAUSE_FRAMES = 10
N_MELS, MEL_LOW_HZ, MEL_HIGH_HZ = 40, 50.0, 7600.0


@dataclass(frozen=True)
class SpeechFrames:
    """A clip by frames of 10 ms, from its first to its last active frame.

    Attributes:
        clip: the 16 kHz samples (sample,) of these frames.
        energy_db: level (frame,) under the loudest frame, at least -60 dB.
        active: (frame,) whether there is speech: at most 30 dB under the 95th percentile of the level.
        f0_hz: (frame,) fundamental frequency, 0 where unvoiced.
        loudest_db: RMS of the loudest frame as it was, in dBFS.
    """

    clip: Array
    energy_db: Array
    active: npt.NDArray[np.bool_]
    f0_hz: Array
    loudest_db: float

    @property
    def duration_s(self) -> float:
        """Seconds from the first to the last active frame."""
        return self.active.size * FRAME_MS / 1000

    @property
    def voiced(self) -> npt.NDArray[np.bool_]:
        """(frame,) whether there is an F0."""
        return self.f0_hz > 0

    @property
    def pauses(self) -> list[tuple[int, int]]:
        """(first frame, frame after the last) of every 100 ms or more without speech."""
        return [(start, end) for start, end in runs(~self.active) if end - start >= SHORTEST_PAUSE_FRAMES]


def speech_frames(samples: npt.ArrayLike, *, sample_rate_hz: int) -> SpeechFrames | None:
    """Measure the frames of a clip (sample,); None if the clip is silent.

    Raises:
        AudioError: as :func:`emotts.judges.pitch.analysis_samples`.
    """
    clip, loudest_db = analysis_samples(samples, sample_rate_hz=sample_rate_hz)
    if not clip.any():
        return None
    power = frame_power(clip)
    energy_db = 10 * np.log10(np.maximum(power / power.max(), 10 ** (DEEPEST_DB / 10)))
    active = energy_db > np.percentile(energy_db, 95) - ACTIVE_BELOW_LOUD_DB
    f0_hz = track_f0(clip, active=active)
    first, last = np.flatnonzero(active)[[0, -1]]
    hop = ANALYSIS_RATE_HZ * FRAME_MS // 1000
    span = slice(first, last + 1)
    inside = clip[first * hop : (last + 1) * hop]
    return SpeechFrames(inside, energy_db[span], active[span], f0_hz[span], loudest_db)


def emotion_features(samples: npt.ArrayLike, *, sample_rate_hz: int) -> Array:
    """Return the features (feature,) of a clip (sample,), in the order of :data:`FEATURE_NAMES`.

    Always finite: a feature that does not exist in the clip (the F0 of a whisper, anything of a silence) is 0.

    Raises:
        AudioError: if there are no samples, more than one axis, a NaN or an infinity.
    """
    frames = speech_frames(samples, sample_rate_hz=sample_rate_hz)
    if frames is None:
        return np.zeros(len(FEATURE_NAMES))
    values = [*_f0(frames), *_rhythm(frames), *_energy(frames), *_pauses(frames), *_spectrum(frames)]
    return np.asarray(values, dtype=np.float64)


def _f0(frames: SpeechFrames) -> list[float]:
    places = np.flatnonzero(frames.voiced)
    if places.size < 2:
        return [0.0] * 10
    height = semitones(frames.f0_hz[places])
    low, high = np.percentile(height, [10, 90])
    inside = np.concatenate(
        [np.diff(semitones(frames.f0_hz[start:end])) for start, end in runs(frames.voiced)] or [np.zeros(1)]
    )
    bends = np.concatenate(
        [np.diff(semitones(frames.f0_hz[start:end]), n=2) for start, end in runs(frames.voiced)] or [np.zeros(1)]
    )
    last = height[-max(3, height.size // 5) :]
    return [
        float(height.mean()),
        float(np.median(height)),
        float(height.std()),
        float(low),
        float(high),
        float(high - low),
        _slope_per_s(places, height),
        float(last.mean() - height.mean()),
        float(np.abs(inside).mean()) * 1000 / FRAME_MS,
        float(np.abs(bends).mean()),
    ]


def _rhythm(frames: SpeechFrames) -> list[float]:
    voiced_runs = runs(frames.voiced)
    smooth = scipy.ndimage.gaussian_filter1d(frames.energy_db, sigma=2.5)
    padded = np.concatenate(([DEEPEST_DB], smooth, [DEEPEST_DB]))
    peaks, _ = scipy.signal.find_peaks(padded, prominence=2.0, distance=8, height=-25.0)
    syllables = int(scipy.ndimage.binary_dilation(frames.voiced, iterations=2)[peaks - 1].sum()) if peaks.size else 0
    speech_s = max(frames.active.sum() * FRAME_MS / 1000, 0.01)
    run_s = [(end - start) * FRAME_MS / 1000 for start, end in voiced_runs]
    return [
        float(frames.voiced.sum() / max(1, frames.active.sum())),
        len(voiced_runs) / frames.duration_s,
        float(np.mean(run_s)) if run_s else 0.0,
        syllables / frames.duration_s,
        syllables / speech_s,
    ]


def _energy(frames: SpeechFrames) -> list[float]:
    active_db = frames.energy_db[frames.active]
    low, high = np.percentile(active_db, [5, 95])
    movement = np.abs(np.diff(active_db)).mean() * 1000 / FRAME_MS if active_db.size > 1 else 0.0
    return [
        float(active_db.std()),
        float(high - low),
        float(movement),
        _slope_per_s(np.flatnonzero(frames.active), active_db),
    ]


def _pauses(frames: SpeechFrames) -> list[float]:
    lengths = [end - start for start, end in frames.pauses]
    return [
        sum(lengths) / frames.active.size,
        len(lengths) / frames.duration_s,
        float(np.mean(lengths)) * FRAME_MS / 1000 if lengths else 0.0,
    ]


def _slope_per_s(places: npt.NDArray[np.int64], values: Array) -> float:
    """Return the slope of a straight line through values at these frames, per second."""
    if places.size < 2:
        return 0.0
    centred = (places - places.mean()) * FRAME_MS / 1000
    return float((centred * (values - values.mean())).sum() / (centred**2).sum())


def _spectrum(frames: SpeechFrames) -> list[float]:
    power = _power_spectra(frames.clip)[:, : frames.active.size]
    power = np.maximum(power, power.max() * 1e-8)
    mel_db = 10 * np.log10(_mel_filters() @ power)
    cepstra = scipy.fft.dct(mel_db, axis=0, norm="ortho")[1 : N_MEANS + 1]
    deltas = np.gradient(cepstra[:N_SPREADS], axis=1) if cepstra.shape[1] > 1 else np.zeros((N_SPREADS, 1))
    speech = frames.active
    shaped = frames.voiced if frames.voiced.any() else speech
    return [
        *cepstra[:, speech].mean(axis=1),
        *cepstra[:N_SPREADS, speech].std(axis=1),
        *(deltas[:, speech] if cepstra.shape[1] > 1 else deltas).std(axis=1),
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
    share = power[band] / power[band].sum(axis=0)
    centroid = octaves[band] @ share
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


def _power_spectra(clip: Array) -> Array:
    hop = ANALYSIS_RATE_HZ * FRAME_MS // 1000
    return np.asarray(np.abs(librosa.stft(clip, n_fft=WINDOW_SAMPLES, hop_length=hop, window="hann")) ** 2)


@cache
def _mel_filters() -> Array:
    filters = mel(sr=ANALYSIS_RATE_HZ, n_fft=WINDOW_SAMPLES, n_mels=N_MELS, fmin=MEL_LOW_HZ, fmax=MEL_HIGH_HZ)
    return np.asarray(filters, dtype=np.float64)
