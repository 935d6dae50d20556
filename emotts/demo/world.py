"""Acted emotions put on a neutral voice by rules: tempo, pitch, loudness and voice quality, through WORLD.

WORLD (Morise et al. 2016) takes speech apart into pitch, spectral envelope and aperiodicity every 5 ms;
the rules change these and put the speech together again.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Any

import numpy as np

from emotts.errors import EmottsError

__all__ = ["PITCH_HZ", "RULES", "EmotionRule", "WorldVoice", "analyse", "synthesise", "transform", "vary"]

FRAME_MS = 5.0
PITCH_HZ = (90.0, 500.0)
"""Lowest and highest pitch that is looked for in a woman's voice."""
_ENVELOPE_FLOOR_HZ = 71.0
"""Lowest pitch that the spectral envelope resolves, unless the voice goes lower."""
_FINAL_S = 0.6


@dataclass(frozen=True)
class EmotionRule:
    """How an emotion differs from the neutral voice; the defaults change nothing."""

    tempo: float = 1.0
    """Factor; 2 speaks twice as fast."""
    f0_shift_st: float = 0.0
    """Semitones on the whole pitch."""
    f0_range: float = 1.0
    """Factor on the distance of the pitch from its centre, in semitones."""
    gain_db: float = 0.0
    tilt_db_per_octave: float = 0.0
    """Spectral tilt around 1 kHz: positive is pressed and bright, negative is soft and dull."""
    aperiodicity: float = 0.0
    """Share of the voice that turns to breath, 0-1."""
    jitter_st: float = 0.0
    """Standard deviation of the pitch from frame to frame."""
    final_slope_st: float = 0.0
    """Rise (or fall) of the pitch over the last 0.6 s."""


RULES: Mapping[str, EmotionRule] = MappingProxyType(
    {
        "neutral": EmotionRule(),
        "happy": EmotionRule(1.10, 3.0, 1.7, 2.0, 1.0, 0.0, 0.0, 1.5),
        "sad": EmotionRule(0.82, -1.5, 0.55, -3.0, -2.0, 0.10, 0.0, -2.0),
        "angry": EmotionRule(1.18, 1.5, 1.5, 5.0, 2.5, 0.0, 0.12, -1.0),
        "depressed": EmotionRule(0.70, -3.0, 0.30, -9.0, -3.5, 0.22, 0.0, -2.5),
        "fearful": EmotionRule(1.30, 4.5, 1.1, -2.0, 0.0, 0.15, 0.35, 0.5),
        "surprised": EmotionRule(1.00, 4.0, 2.2, 3.0, 1.0, 0.0, 0.0, 6.0),
    }
)

_SPREAD = EmotionRule(0.03, 0.35, 0.08, 0.8, 0.2, 0.01, 0.01, 0.4)
"""Standard deviations of what an actor does differently from one utterance to the next."""


@dataclass(frozen=True)
class WorldVoice:
    """Speech taken apart: ``f0_hz`` (frame,), 0 where unvoiced; ``envelope``, ``aperiodicity`` (frame, bin)."""

    f0_hz: np.ndarray
    envelope: np.ndarray
    aperiodicity: np.ndarray
    sample_rate_hz: int


def vary(rule: EmotionRule, generator: np.random.Generator) -> EmotionRule:
    """Return the rule as acted once: its strength between 0.85 and 1.15, and a little of chance in every part."""
    strength = generator.uniform(0.85, 1.15)
    neutral = EmotionRule()
    values: dict[str, float] = {}
    for field in fields(EmotionRule):
        base, target, spread = (getattr(each, field.name) for each in (neutral, rule, _SPREAD))
        values[field.name] = base + strength * (target - base) + spread * float(generator.standard_normal())
    values["aperiodicity"] = min(max(values["aperiodicity"], 0.0), 1.0)
    values["jitter_st"] = max(values["jitter_st"], 0.0)
    return EmotionRule(**values)


def analyse(samples: np.ndarray, *, sample_rate_hz: int, pitch_hz: tuple[float, float] = PITCH_HZ) -> WorldVoice:
    """Take speech (sample,) apart with Harvest, CheapTrick and D4C; its pitch is looked for within ``pitch_hz``."""
    world = _world()
    floor_hz, ceil_hz = pitch_hz
    fft_size = world.get_cheaptrick_fft_size(sample_rate_hz, min(floor_hz, _ENVELOPE_FLOOR_HZ))
    wave = np.ascontiguousarray(samples, dtype=np.float64)
    f0, times = world.harvest(wave, sample_rate_hz, f0_floor=floor_hz, f0_ceil=ceil_hz, frame_period=FRAME_MS)
    return WorldVoice(
        f0_hz=f0,
        envelope=world.cheaptrick(wave, f0, times, sample_rate_hz, fft_size=fft_size),
        aperiodicity=world.d4c(wave, f0, times, sample_rate_hz, fft_size=fft_size),
        sample_rate_hz=sample_rate_hz,
    )


def synthesise(voice: WorldVoice) -> np.ndarray:
    """Put speech together again: float32 (sample,)."""
    f0, envelope, aperiodicity = (
        np.ascontiguousarray(part, dtype=np.float64) for part in (voice.f0_hz, voice.envelope, voice.aperiodicity)
    )
    samples = _world().synthesize(f0, envelope, aperiodicity, voice.sample_rate_hz, FRAME_MS)
    return np.asarray(samples, dtype=np.float32)


def transform(
    voice: WorldVoice, rule: EmotionRule, *, generator: np.random.Generator, centre_hz: float, final: bool = True
) -> WorldVoice:
    """Apply a rule to speech taken apart; the level (``gain_db``) is left to whoever mixes.

    Args:
        voice: one clause.
        rule: what to change.
        generator: source of the jitter.
        centre_hz: pitch around which ``f0_range`` widens or narrows, such as the median of the utterance.
        final: whether the clause ends its utterance, where ``final_slope_st`` belongs.
    """
    frames = len(voice.f0_hz)
    places = np.linspace(0.0, frames - 1, max(2, round(frames / rule.tempo)))
    semitones = _semitones(voice.f0_hz, centre_hz=centre_hz)
    changed = np.interp(places, np.arange(frames), semitones) * rule.f0_range + rule.f0_shift_st
    changed += rule.jitter_st * generator.standard_normal(len(places))
    if final:
        changed += rule.final_slope_st * _final_ramp(len(places))
    voiced = voice.f0_hz[np.round(places).astype(int)] > 0
    envelope = np.exp(_between(np.log(voice.envelope), places)) * _tilt(voice, rule)
    aperiodicity = _between(voice.aperiodicity, places)
    return WorldVoice(
        f0_hz=np.where(voiced, centre_hz * 2.0 ** (changed / 12.0), 0.0),
        envelope=envelope,
        aperiodicity=aperiodicity + rule.aperiodicity * (1.0 - aperiodicity),
        sample_rate_hz=voice.sample_rate_hz,
    )


def _semitones(f0_hz: np.ndarray, *, centre_hz: float) -> np.ndarray:
    """Pitch relative to the centre (frame,), carried over unvoiced frames."""
    voiced = np.flatnonzero(f0_hz > 0)
    if not len(voiced):
        return np.zeros(len(f0_hz))
    return np.interp(np.arange(len(f0_hz)), voiced, 12.0 * np.log2(f0_hz[voiced] / centre_hz))


def _final_ramp(frames: int) -> np.ndarray:
    length = _FINAL_S * 1000.0 / FRAME_MS
    return np.clip(1.0 - (frames - 1 - np.arange(frames)) / length, 0.0, 1.0)


def _between(parts: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Read (frame, bin) at fractional frames (place,), linearly."""
    low = np.floor(places).astype(int)
    high = np.minimum(low + 1, len(parts) - 1)
    share = (places - low)[:, None]
    return np.asarray((1.0 - share) * parts[low] + share * parts[high])


def _tilt(voice: WorldVoice, rule: EmotionRule) -> np.ndarray:
    """Power factor of each bin (1, bin), bounded outside 125 Hz - 8 kHz."""
    bins = voice.envelope.shape[1]
    frequencies = np.linspace(0.0, voice.sample_rate_hz / 2, bins)
    octaves = np.log2(np.clip(frequencies, 125.0, 8000.0) / 1000.0)
    return np.asarray(10.0 ** (rule.tilt_db_per_octave * octaves / 10.0))[None, :]


def _world() -> Any:
    try:
        return importlib.import_module("pyworld")
    except ImportError as error:
        raise EmottsError(
            "the vocoder of the demo's emotions is not installed",
            found=error,
            wanted="pyworld-prebuilt",
            remedy="pip install 'emotts[demo-render]'",
        ) from error
