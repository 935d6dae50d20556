"""One utterance spoken: clauses by the neural voice, the emotion by WORLD, pauses between the clauses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from emotts.demo.kokoro import KOKORO_RATE_HZ, Kokoro
from emotts.demo.kokoro_tokens import Clause, kokoro_tokens
from emotts.demo.world import EmotionRule, WorldVoice, analyse, synthesise, transform
from emotts.errors import AudioError

__all__ = ["NEUTRAL_LEVEL_DB", "SpokenUtterance", "act", "limit", "mix", "trim_silence"]

NEUTRAL_LEVEL_DB = -23.0
"""Speech level (dBFS, RMS without its pauses) that an emotion's gain is added to."""
_COMMA_PAUSE_S, _SENTENCE_PAUSE_S = (0.3, 0.45), (0.45, 0.8)
_TRIM_BELOW_PEAK_DB = 38.0
_FRAME_S = 0.01
_EDGE_S = 0.03


@dataclass(frozen=True)
class SpokenUtterance:
    """Samples float32 (sample,) at 24 kHz, and the samples (start, end) of each sentence inside."""

    samples: np.ndarray
    sentences: tuple[tuple[int, int], ...]


def trim_silence(samples: np.ndarray, *, sample_rate_hz: int) -> np.ndarray:
    """Cut what is 38 dB below the loudest 10 ms off both ends; 30 ms are kept and faded.

    Raises:
        AudioError: if there is no sound.
    """
    length = round(_FRAME_S * sample_rate_hz)
    usable = len(samples) // length * length
    levels = np.sqrt(np.mean(np.square(samples[:usable].reshape(-1, length), dtype=np.float64), axis=1))
    if not usable or levels.max() <= 0.0:
        raise AudioError("the voice gave no sound", found=f"{len(samples)} samples")
    loud = np.flatnonzero(levels > levels.max() * 10.0 ** (-_TRIM_BELOW_PEAK_DB / 20.0))
    edge = round(_EDGE_S * sample_rate_hz)
    kept = samples[max(0, loud[0] * length - edge) : (loud[-1] + 1) * length + edge].copy()
    ramp = np.linspace(0.0, 1.0, min(edge, len(kept)), dtype=np.float32)
    kept[: len(ramp)] *= ramp
    kept[len(kept) - len(ramp) :] *= ramp[::-1]
    return kept


def act(
    cut: Sequence[Clause], rule: EmotionRule, *, voice: Kokoro, generator: np.random.Generator, longest_pause_s: float
) -> SpokenUtterance:
    """Speak the clauses of one utterance with the rule of its emotion.

    Args:
        cut: clauses in order.
        rule: of this very utterance (already varied).
        voice: the neutral voice.
        generator: source of pauses and jitter.
        longest_pause_s: no pause inside is longer.
    """
    parts = [_analysed(clause, voice) for clause in cut]
    pitches = np.concatenate([part.f0_hz[part.f0_hz > 0] for part in parts])
    centre_hz = float(np.median(pitches)) if len(pitches) else 220.0
    spoken = []
    for place, part in enumerate(parts):
        final = place == len(parts) - 1
        changed = transform(part, rule, generator=generator, centre_hz=centre_hz, final=final)
        spoken.append(trim_silence(synthesise(changed), sample_rate_hz=KOKORO_RATE_HZ))
    gain = 10.0 ** ((NEUTRAL_LEVEL_DB + rule.gain_db) / 20.0) / _level(np.concatenate(spoken))
    pauses_s = [
        min(float(generator.uniform(*(_SENTENCE_PAUSE_S if clause.ends_sentence else _COMMA_PAUSE_S))), longest_pause_s)
        for clause in cut[:-1]
    ]
    return mix([limit(part * gain) for part in spoken], cut, pauses_s=pauses_s)


def mix(spoken: Sequence[np.ndarray], cut: Sequence[Clause], *, pauses_s: Sequence[float]) -> SpokenUtterance:
    """Put the clauses behind each other with ``pauses_s`` (clause - 1,) between them."""
    pieces: list[np.ndarray] = []
    sentences: list[tuple[int, int]] = []
    place = start = 0
    for number, (samples, clause) in enumerate(zip(spoken, cut, strict=True)):
        pieces.append(samples)
        place += len(samples)
        last = number == len(cut) - 1
        if clause.ends_sentence or last:
            sentences.append((start, place))
        if not last:
            pause = round(pauses_s[number] * KOKORO_RATE_HZ)
            pieces.append(np.zeros(pause, dtype=np.float32))
            place += pause
            start = place if clause.ends_sentence else start
    return SpokenUtterance(np.concatenate(pieces), tuple(sentences))


def limit(samples: np.ndarray) -> np.ndarray:
    """Round off peaks above -4 dBFS so that none reaches full scale."""
    knee = 10.0 ** (-4.0 / 20.0)
    over = np.maximum(np.abs(samples) - knee, 0.0)
    rounded = knee + (0.95 - knee) * np.tanh(over / (0.95 - knee))
    return np.where(over > 0, np.sign(samples) * rounded, samples).astype(np.float32)


def _analysed(clause: Clause, voice: Kokoro) -> WorldVoice:
    neutral = trim_silence(voice.speak(kokoro_tokens(clause.phones)), sample_rate_hz=KOKORO_RATE_HZ)
    return analyse(neutral, sample_rate_hz=KOKORO_RATE_HZ)


def _level(samples: np.ndarray) -> float:
    return float(np.sqrt(np.mean(np.square(samples, dtype=np.float64))))
