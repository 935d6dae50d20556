"""What a rule changes in the network: durations of tokens, pitch and energy."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tools.render.emotion_rule import EmotionRule
from tools.render.kokoro import FRAME_SAMPLES, KOKORO_RATE_HZ, Melody

__all__ = ["acted_frames", "acted_melody", "centre_hz"]

_VALUES_PER_S = 2 * KOKORO_RATE_HZ / FRAME_SAMPLES
_VOWELS = frozenset("aeiouɑæʌəɔWIɛɜAɪOYʊɯɨː")
_PAUSES = frozenset(" .,!?…")
_LONGEST_VOWEL = 7.0
"""Frames; what a token is longer than this is a pause, which the network puts into the vowel before a mark."""
_VOICED = 0.5
"""Fraction of the centre above which the pitch is that of a voice, and not a way to or from silence."""
_LOWEST_HZ, _HIGHEST_HZ = 55.0, 620.0
_FINAL_S = 0.4
_TREMOR_HZ = 6.0


def acted_frames(spelling: str, durations: np.ndarray, rule: EmotionRule) -> np.ndarray:
    """Return whole frames int64 (token + 2,) of an acted spelling; each token has at least one.

    Args:
        spelling: the tokens, one a character.
        durations: (token + 2,), as the neutral voice would speak, in frames; silence before and behind them.
        rule: of the utterance.
    """
    factors = np.array([1.0, *(_stretch(token, rule) for token in spelling), 1.0]) / rule.tempo
    sounding = np.minimum(durations, _LONGEST_VOWEL)
    silent = (durations - sounding) * rule.pauses / rule.tempo
    acted = sounding * factors + silent
    acted[[0, -1]] = durations[[0, -1]]
    edges = np.round(np.cumsum(np.maximum(acted, 1.0)))
    return np.diff(edges, prepend=0.0).clip(min=1.0).astype(np.int64)


def centre_hz(melodies: Sequence[Melody]) -> float:
    """Return the median pitch of what is voiced; 150 Hz where nothing is."""
    pitch_hz = np.concatenate([melody.pitch_hz for melody in melodies])
    voiced = pitch_hz[pitch_hz > _LOWEST_HZ]
    return float(np.median(voiced)) if len(voiced) else 150.0


def acted_melody(
    melody: Melody, rule: EmotionRule, *, around_hz: float, final: bool, generator: np.random.Generator
) -> Melody:
    """Apply a rule to pitch and energy.

    Args:
        melody: of one sentence.
        rule: of the utterance.
        around_hz: pitch around which the range widens or narrows.
        final: whether the sentence ends its utterance, where the final slope belongs.
        generator: source of the tremor's phase and of its unevenness.
    """
    voiced = melody.pitch_hz > _VOICED * around_hz
    semitones = 12.0 * np.log2(np.where(voiced, melody.pitch_hz, around_hz) / around_hz)
    changed = semitones * rule.f0_range + rule.f0_shift_st
    places = np.flatnonzero(voiced)
    if final and len(places):
        changed += rule.final_slope_st * _final_ramp(len(voiced), end=int(places[-1]) + 1)
    changed += rule.tremor_st * _tremor(len(voiced), generator)
    pitch_hz = np.clip(around_hz * 2.0 ** (changed / 12.0), _LOWEST_HZ, _HIGHEST_HZ)
    return Melody(
        np.where(voiced, pitch_hz, melody.pitch_hz).astype(np.float32),
        (melody.energy + rule.energy * (melody.energy > 0.0)).astype(np.float32),
    )


def _stretch(token: str, rule: EmotionRule) -> float:
    if token in _PAUSES:
        return rule.pauses
    return rule.vowels if token in _VOWELS else rule.consonants


def _final_ramp(values: int, *, end: int) -> np.ndarray:
    """Return (value,): from 0 to 1 over the last 0.4 s before ``end``, 1 behind."""
    return np.clip(1.0 - (end - 1 - np.arange(values)) / (_FINAL_S * _VALUES_PER_S), 0.0, 1.0)


def _tremor(values: int, generator: np.random.Generator) -> np.ndarray:
    """Return a wave (value,) of depth 1 whose rate is a little uneven."""
    rates_hz = _TREMOR_HZ * (1.0 + 0.15 * generator.standard_normal(values))
    phase = generator.uniform() + np.cumsum(rates_hz) / _VALUES_PER_S
    return np.asarray(np.sin(2.0 * np.pi * phase))
