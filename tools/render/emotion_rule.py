"""Acted emotions as rules: how tempo, melody, effort, loudness and timbre differ from the neutral voice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType

import numpy as np

__all__ = ["RULES", "EmotionRule", "vary"]


@dataclass(frozen=True)
class EmotionRule:
    """How an emotion differs from the neutral voice; the defaults change nothing."""

    tempo: float = 1.0
    """Factor; 2 speaks twice as fast."""
    vowels: float = 1.0
    """Factor on the length of vowels, besides the tempo."""
    consonants: float = 1.0
    pauses: float = 1.0
    f0_shift_st: float = 0.0
    """Semitones on the whole pitch."""
    f0_range: float = 1.0
    """Factor on the distance of the pitch from its centre, in semitones."""
    final_slope_st: float = 0.0
    """Rise (or fall) of the pitch over the last 0.4 s of an utterance."""
    tremor_st: float = 0.0
    """Depth of a tremor of the pitch, 6 times a second."""
    energy: float = 0.0
    """Added to the logarithm of the energy that the network speaks with: effort, not loudness."""
    gain_db: float = 0.0
    """Level, against the neutral one."""
    tilt_db_per_octave: float = 0.0
    """Spectral tilt around 1 kHz: positive is bright, negative is dull."""


RULES: Mapping[str, EmotionRule] = MappingProxyType(
    {
        "neutral": EmotionRule(),
        "happy": EmotionRule(
            tempo=1.06, vowels=1.05, f0_shift_st=3.0, f0_range=1.5, final_slope_st=1.5, energy=0.4, gain_db=2.0,
            tilt_db_per_octave=0.5,
        ),
        "sad": EmotionRule(
            tempo=0.86, vowels=1.08, pauses=1.15, f0_shift_st=-1.5, f0_range=0.6, final_slope_st=-1.5, energy=-0.5,
            gain_db=-3.0, tilt_db_per_octave=-1.0,
        ),
        "angry": EmotionRule(
            tempo=1.10, vowels=0.97, consonants=1.06, pauses=0.8, f0_shift_st=1.0, f0_range=1.35, final_slope_st=-2.0,
            energy=0.8, gain_db=5.0, tilt_db_per_octave=1.5,
        ),
        "depressed": EmotionRule(
            tempo=0.76, vowels=1.05, pauses=1.3, f0_shift_st=-3.0, f0_range=0.35, final_slope_st=-2.0, energy=-1.0,
            gain_db=-7.0, tilt_db_per_octave=-1.8,
        ),
        "surprised": EmotionRule(
            tempo=0.98, vowels=1.12, f0_shift_st=4.5, f0_range=1.9, final_slope_st=4.0, energy=0.5, gain_db=3.0,
            tilt_db_per_octave=0.5,
        ),
        "fearful": EmotionRule(
            tempo=1.16, pauses=0.85, f0_shift_st=4.5, f0_range=0.85, final_slope_st=0.5, tremor_st=0.5, energy=-0.4,
            gain_db=-2.0, tilt_db_per_octave=-0.3,
        ),
    }
)  # fmt: skip

_SPREAD = EmotionRule(
    tempo=0.025, vowels=0.02, consonants=0.02, pauses=0.05, f0_shift_st=0.3, f0_range=0.07, final_slope_st=0.4,
    tremor_st=0.0, energy=0.1, gain_db=0.7, tilt_db_per_octave=0.15,
)  # fmt: skip
"""Standard deviations of what an actor does differently from one utterance to the next."""


def vary(rule: EmotionRule, generator: np.random.Generator) -> EmotionRule:
    """Return the rule as acted once: its strength between 0.88 and 1.12, and a little of chance in every part."""
    strength = generator.uniform(0.88, 1.12)
    neutral = EmotionRule()
    values: dict[str, float] = {}
    for field in fields(EmotionRule):
        base, target, spread = (getattr(each, field.name) for each in (neutral, rule, _SPREAD))
        values[field.name] = base + strength * (target - base) + spread * float(generator.standard_normal())
    return EmotionRule(**values)
