"""The features of the emotion classifiers: 53 numbers a clip, 22 of prosody and 31 of the spectrum.

None depends on the absolute level, on the sample rate, or on silence before and after the speech. The
choice follows eGeMAPS (Eyben et al. 2016) where that fits single short clips.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.ndimage
import scipy.signal

from emotts.features.analysis import ANALYSIS_RATE_HZ, FRAME_MS, Array, analysis_samples, frame_power
from emotts.features.pitch import runs, semitones, track_f0
from emotts.recognition.spectrum_features import SPECTRAL_NAMES, band_level_db, power_spectra, spectral_features

__all__ = [
    "FEATURE_NAMES",
    "PROSODIC_NAMES",
    "SPECTRAL_NAMES",
    "SpeechFrames",
    "emotion_features",
    "speech_frames",
    "speech_span",
]

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
    "voiced_fraction",
    "voiced_runs_per_s",
    "voiced_run_s",
    "syllables_per_s",
    "syllables_per_speech_s",
    "energy_sd_db",
    "energy_range_db",
    "energy_movement_db_per_s",
    "energy_slope_db_per_s",
    "pause_fraction",
    "pauses_per_s",
    "pause_s",
)
FEATURE_NAMES = PROSODIC_NAMES + SPECTRAL_NAMES

ACTIVE_BELOW_LOUD_DB = 30.0
DEEPEST_DB = -60.0
SHORTEST_PAUSE_FRAMES = 10


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
        AudioError: as :func:`emotts.features.analysis.analysis_samples`.
    """
    clip, loudest_db = analysis_samples(samples, sample_rate_hz=sample_rate_hz)
    if not clip.any():
        return None
    energy_db, active = _activity(clip)
    f0_hz = track_f0(clip, sample_rate_hz=ANALYSIS_RATE_HZ, frame_ms=FRAME_MS, active=active)
    span = _span(active)
    return SpeechFrames(_inside(clip, span), energy_db[span], active[span], f0_hz[span], loudest_db)


def speech_span(samples: npt.ArrayLike, *, sample_rate_hz: int) -> Array | None:
    """Return the 16 kHz samples (sample,) from the first to the last active frame of a clip; None if it is silent.

    Raises:
        AudioError: as :func:`emotts.features.analysis.analysis_samples`.
    """
    clip, _ = analysis_samples(samples, sample_rate_hz=sample_rate_hz)
    return _inside(clip, _span(_activity(clip)[1])) if clip.any() else None


def _activity(clip: Array) -> tuple[Array, npt.NDArray[np.bool_]]:
    """Return level and activity (frame,) of a clip, as :class:`SpeechFrames` says."""
    power = frame_power(clip)
    energy_db = 10 * np.log10(np.maximum(power / power.max(), 10 ** (DEEPEST_DB / 10)))
    return energy_db, energy_db > np.percentile(energy_db, 95) - ACTIVE_BELOW_LOUD_DB


def _span(active: npt.NDArray[np.bool_]) -> slice:
    first, last = np.flatnonzero(active)[[0, -1]].tolist()
    return slice(first, last + 1)


def _inside(clip: Array, span: slice) -> Array:
    hop = ANALYSIS_RATE_HZ * FRAME_MS // 1000
    return clip[span.start * hop : span.stop * hop]


def emotion_features(samples: npt.ArrayLike, *, sample_rate_hz: int) -> Array:
    """Return the features (feature,) of a clip (sample,), in the order of :data:`FEATURE_NAMES`.

    Always finite: a feature that does not exist in the clip (the F0 of a whisper, anything of a silence) is 0.

    Raises:
        AudioError: if there are no samples, more than one axis, a NaN or an infinity.
    """
    frames = speech_frames(samples, sample_rate_hz=sample_rate_hz)
    if frames is None:
        return np.zeros(len(FEATURE_NAMES))
    power = power_spectra(frames.clip)[:, : frames.active.size]
    values = [*_f0(frames), *_rhythm(frames, power), *_energy(frames), *_pauses(frames)]
    values += spectral_features(power, active=frames.active, voiced=frames.voiced)
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


def _rhythm(frames: SpeechFrames, power: Array) -> list[float]:
    syllables = _count_syllables(frames, power)
    speech_s = max(frames.active.sum() * FRAME_MS / 1000, 0.01)
    run_s = [(end - start) * FRAME_MS / 1000 for start, end in runs(frames.voiced)]
    return [
        float(frames.voiced.sum() / max(1, frames.active.sum())),
        len(run_s) / frames.duration_s,
        float(np.mean(run_s)) if run_s else 0.0,
        syllables / frames.duration_s,
        syllables / speech_s,
    ]


def _count_syllables(frames: SpeechFrames, power: Array) -> int:
    """Count voiced peaks of the level in the band of the vowels (after de Jong and Wempe 2009).

    A proxy: about four in five syllables of fluent Korean have a peak of their own.
    """
    level_db = band_level_db(power, low_hz=500.0, high_hz=2500.0, floor_db=DEEPEST_DB)
    padded = np.concatenate(([DEEPEST_DB], scipy.ndimage.gaussian_filter1d(level_db, sigma=1.0), [DEEPEST_DB]))
    peaks, _ = scipy.signal.find_peaks(padded, prominence=2.0, distance=5, height=-25.0)
    near_voiced = scipy.ndimage.binary_dilation(frames.voiced, iterations=2)
    return int(near_voiced[peaks - 1].sum())


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
