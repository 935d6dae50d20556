"""Pitch, loudness and tempo of clips, and how a voice's compare with those of reference speech."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from emotts.features.analysis import FRAME_MS
from emotts.features.pitch import semitones
from emotts.recognition.emotion_features import speech_frames

__all__ = [
    "MATCHED",
    "TIMING",
    "TOLERANCE",
    "UNCOMPARED",
    "UNITS",
    "Prosody",
    "f0_contour",
    "measure_prosody",
    "prosody_by_emotion",
    "ratios",
]

UNITS: Mapping[str, str] = {
    "f0_mean_hz": "mean F0 (Hz)",
    "f0_sd_semitones": "F0 spread (semitones)",
    "f0_range_semitones": "F0 range, 5-95 % (semitones)",
    "energy_db": "level of speech (dBFS)",
    "rate_phones_per_s": "rate (phones/s)",
    "pause_s": "pauses, total (s)",
    "pause_fraction": "pauses (fraction of the length)",
    "duration_s": "duration (s)",
}
"""The measures and what to write at an axis."""
MATCHED = ("f0_mean_hz", "f0_range_semitones", "energy_db", "rate_phones_per_s")
"""The measures by which a voice acts as its speaker does: pitch, melody, loudness, tempo."""
TIMING = ("rate_phones_per_s", "pause_s", "pause_fraction")
"""The measures of tempo, which also have a mean over all emotions."""
UNCOMPARED = ("pause_s", "duration_s")
"""The measures that have no ratio: they grow with the text, and the two need not have said the same."""
TOLERANCE = 0.15
"""A measure matches where it is this near to the reference, as a fraction of it."""

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Prosody:
    """Prosody of a clip, or means over several; NaN where it does not exist (F0 of a whisper, rate without phones).

    Attributes:
        f0_mean_hz: geometric mean over voiced frames.
        f0_sd_semitones: standard deviation over voiced frames.
        f0_range_semitones: from the 5th to the 95th percentile.
        energy_db: RMS of the active frames in dBFS (0 dBFS is an RMS of 1).
        rate_phones_per_s: phones over the seconds of speech, pauses of 100 ms and more left out.
        pause_s: seconds of all pauses of 100 ms and more together; silence before and after the speech is none.
        pause_fraction: the same as a fraction of ``duration_s``.
        duration_s: from the first to the last active frame.
    """

    f0_mean_hz: float
    f0_sd_semitones: float
    f0_range_semitones: float
    energy_db: float
    rate_phones_per_s: float
    pause_s: float
    pause_fraction: float
    duration_s: float


def measure_prosody(samples: npt.ArrayLike, *, sample_rate_hz: int, n_phones: int | None = None) -> Prosody:
    """Measure a clip (sample,); ``n_phones`` counts spoken phones, without punctuation and the marks at both ends.

    Raises:
        AudioError: if the clip is empty or not finite.
    """
    frames = speech_frames(samples, sample_rate_hz=sample_rate_hz)
    if frames is None:
        return Prosody(math.nan, math.nan, math.nan, math.nan, math.nan, 0.0, math.nan, 0.0)
    height = semitones(frames.f0_hz[frames.voiced])
    low, high = np.percentile(height, [5, 95]) if height.size else (math.nan, math.nan)
    pause_s = sum(end - start for start, end in frames.pauses) * FRAME_MS / 1000
    active_power = float((10 ** (frames.energy_db[frames.active] / 10)).mean())
    return Prosody(
        f0_mean_hz=float(100 * 2 ** (height.mean() / 12)) if height.size else math.nan,
        f0_sd_semitones=float(height.std()) if height.size else math.nan,
        f0_range_semitones=float(high - low),
        energy_db=frames.loudest_db + 10 * math.log10(active_power),
        rate_phones_per_s=n_phones / (frames.duration_s - pause_s) if n_phones else math.nan,
        pause_s=pause_s,
        pause_fraction=pause_s / frames.duration_s,
        duration_s=frames.duration_s,
    )


def f0_contour(samples: npt.ArrayLike, *, sample_rate_hz: int) -> tuple[Array, Array]:
    """Return times in s and F0 in Hz (frame,), NaN where unvoiced, from the first active frame on."""
    frames = speech_frames(samples, sample_rate_hz=sample_rate_hz)
    if frames is None:
        return np.zeros(0), np.zeros(0)
    times_s = np.arange(frames.f0_hz.size) * FRAME_MS / 1000
    return times_s, np.where(frames.voiced, frames.f0_hz, np.nan)


def prosody_by_emotion(measured: Iterable[tuple[str, Prosody]]) -> dict[str, Prosody]:
    """Return the mean of every measure per emotion, over the clips in which it exists."""
    groups: dict[str, list[Prosody]] = {}
    for emotion, prosody in measured:
        groups.setdefault(emotion, []).append(prosody)
    return {emotion: Prosody(*(_mean(group, name) for name in UNITS)) for emotion, group in groups.items()}


def _mean(group: list[Prosody], name: str) -> float:
    values = [value for value in (float(getattr(prosody, name)) for prosody in group) if math.isfinite(value)]
    return float(np.mean(values)) if values else math.nan


def ratios(voice: Prosody, reference: Prosody) -> dict[str, float]:
    """Return every measure of the voice divided by the reference's: 1 is equal.

    Of the level, it is the ratio of the amplitudes (RMS), 2 for 6 dB more. NaN where either does not exist or the
    reference value is 0. Those of ``UNCOMPARED`` are left out.
    """
    found = {}
    for name in UNITS.keys() - set(UNCOMPARED):
        ours, theirs = float(getattr(voice, name)), float(getattr(reference, name))
        if name == "energy_db":
            found[name] = float(10 ** ((ours - theirs) / 20))
        else:
            found[name] = ours / theirs if theirs else math.nan
    return found
