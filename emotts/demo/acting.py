"""One utterance spoken: clauses by the neural voice, the emotion by WORLD, pauses between the clauses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.signal import butter, sosfiltfilt

from emotts.demo.kokoro import KOKORO_RATE_HZ, Kokoro
from emotts.demo.kokoro_tokens import Clause, kokoro_tokens
from emotts.demo.world import EmotionRule, WorldVoice, analyse, synthesise, transform
from emotts.errors import AudioError

__all__ = ["NEUTRAL_LEVEL_DB", "SpokenUtterance", "act", "limit", "mix", "quietest_second_db", "trim_silence"]

NEUTRAL_LEVEL_DB = -25.0
"""Speech level (dBFS, RMS without its pauses) that an emotion's gain is added to."""
_COMMA_PAUSE_S, _SENTENCE_PAUSE_S = (0.3, 0.45), (0.45, 0.8)
_VOICE_TRIM_DB, _TAKE_TRIM_DB = -50.0, -44.0
"""What ends a clause: as the voice gives it, and at its level in the take."""
_FRAME_S = 0.01
_EDGE_S = 0.04
_SHORTEST_PAUSE_S = 0.3
_LONGEST_HOLE_S = 0.15
_NEVER_BELOW_DB = -38.0
_BAND_HZ = 9_500.0


@dataclass(frozen=True)
class SpokenUtterance:
    """Samples float32 (sample,) at 24 kHz, and the first sample, last sample and text of each sentence."""

    samples: np.ndarray
    sentences: tuple[tuple[int, int, str], ...]


def trim_silence(samples: np.ndarray, *, sample_rate_hz: int, below_db: float) -> np.ndarray:
    """Cut what is softer than ``below_db`` (dBFS, RMS of 10 ms) off both ends; 40 ms are kept and faded.

    Raises:
        AudioError: if nothing is louder.
    """
    length = round(_FRAME_S * sample_rate_hz)
    usable = len(samples) // length * length
    levels = np.sqrt(np.mean(np.square(samples[:usable].reshape(-1, length), dtype=np.float64), axis=1))
    loud = np.flatnonzero(levels > 10.0 ** (below_db / 20.0))
    if not len(loud):
        raise AudioError("the voice gave no sound", found=f"{len(samples)} samples", wanted=f"some above {below_db} dB")
    edge = round(_EDGE_S * sample_rate_hz)
    kept = samples[max(0, loud[0] * length - edge) : (loud[-1] + 1) * length + edge].copy()
    ramp = np.linspace(0.0, 1.0, min(edge, len(kept)), dtype=np.float32)
    kept[: len(ramp)] *= ramp
    kept[len(kept) - len(ramp) :] *= ramp[::-1]
    return kept


def act(
    cut: Sequence[Clause], rule: EmotionRule, *, voice: Kokoro, generator: np.random.Generator, breathless: bool = False
) -> SpokenUtterance:
    """Speak the clauses of one utterance with the rule of its emotion.

    Args:
        cut: clauses in order.
        rule: of this very utterance (already varied).
        voice: the neutral voice.
        generator: source of pauses and jitter.
        breathless: whether the pauses are as short as pauses go, as of somebody who reads on and on.
    """
    parts = [_analysed(clause, voice) for clause in cut]
    pitches = np.concatenate([part.f0_hz[part.f0_hz > 0] for part in parts])
    centre_hz = float(np.median(pitches)) if len(pitches) else 220.0
    spoken = []
    for place, part in enumerate(parts):
        final = place == len(parts) - 1
        changed = transform(part, rule, generator=generator, centre_hz=centre_hz, final=final)
        spoken.append(_band_limited(synthesise(changed)))
    gain = 10.0 ** ((NEUTRAL_LEVEL_DB + rule.gain_db) / 20.0) / _level(np.concatenate(spoken))
    pauses_s = [_pause_s(clause, generator=generator, breathless=breathless) for clause in cut[:-1]]
    levelled = [
        _without_holes(trim_silence(part * gain, sample_rate_hz=KOKORO_RATE_HZ, below_db=_TAKE_TRIM_DB))
        for part in spoken
    ]
    return _without_long_silence([limit(part) for part in levelled], cut, pauses_s=pauses_s)


def _pause_s(clause: Clause, *, generator: np.random.Generator, breathless: bool) -> float:
    shortest, longest = _SENTENCE_PAUSE_S if clause.ends_sentence else _COMMA_PAUSE_S
    drawn = float(generator.uniform(shortest, longest))
    return min(drawn, shortest + 0.05) if breathless else drawn


def _without_long_silence(
    spoken: Sequence[np.ndarray], cut: Sequence[Clause], *, pauses_s: Sequence[float]
) -> SpokenUtterance:
    """Mix, and make the pauses shorter (never under 0.3 s) while a whole second would count as silence."""
    for share in (1.0, 0.85, 0.7, 0.55, 0.4):
        utterance = mix(spoken, cut, pauses_s=[max(pause * share, _SHORTEST_PAUSE_S) for pause in pauses_s])
        if quietest_second_db(utterance.samples) > _NEVER_BELOW_DB:
            break
    return utterance


def quietest_second_db(samples: np.ndarray) -> float:
    """Level (dBFS, RMS) of the softest second inside; of everything where it is shorter than a second."""
    sums = np.concatenate([[0.0], np.cumsum(np.square(samples, dtype=np.float64))])
    window = min(KOKORO_RATE_HZ, len(samples))
    power = (sums[window:] - sums[:-window]).min() / window
    return float(10.0 * np.log10(max(power, 1e-12)))


def _without_holes(samples: np.ndarray) -> np.ndarray:
    """Shorten silences of the voice itself inside a clause to 0.15 s, longer than any closure of a stop."""
    length = round(_FRAME_S * KOKORO_RATE_HZ)
    longest = round(_LONGEST_HOLE_S / _FRAME_S)
    usable = len(samples) // length * length
    levels = np.sqrt(np.mean(np.square(samples[:usable].reshape(-1, length), dtype=np.float64), axis=1))
    kept = np.ones(len(samples), dtype=bool)
    quiet = np.concatenate([[False], levels < 10.0 ** (_TAKE_TRIM_DB / 20.0), [False]])
    edges = np.flatnonzero(np.diff(quiet.astype(int)))
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        if last - first > longest:
            kept[(first + longest // 2) * length : (last - longest // 2) * length] = False
    return samples[kept]


def mix(spoken: Sequence[np.ndarray], cut: Sequence[Clause], *, pauses_s: Sequence[float]) -> SpokenUtterance:
    """Put the clauses behind each other with ``pauses_s`` (clause - 1,) between them."""
    pieces: list[np.ndarray] = []
    sentences: list[tuple[int, int, str]] = []
    words: list[str] = []
    place = start = 0
    for number, (samples, clause) in enumerate(zip(spoken, cut, strict=True)):
        pieces.append(samples)
        place += len(samples)
        words.append(clause.text)
        if clause.ends_sentence:
            sentences.append((start, place, " ".join(words)))
            words = []
        if number < len(cut) - 1:
            pause = round(pauses_s[number] * KOKORO_RATE_HZ)
            pieces.append(np.zeros(pause, dtype=np.float32))
            place += pause
            start = place if clause.ends_sentence else start
    return SpokenUtterance(np.concatenate(pieces), tuple(sentences))


def limit(samples: np.ndarray) -> np.ndarray:
    """Round off peaks above -6 dBFS so that none passes -2 dBFS."""
    knee, ceiling = 0.5, 0.8
    over = np.maximum(np.abs(samples) - knee, 0.0)
    rounded = knee + (ceiling - knee) * np.tanh(over / (ceiling - knee))
    return np.where(over > 0, np.sign(samples) * rounded, samples).astype(np.float32)


def _band_limited(samples: np.ndarray) -> np.ndarray:
    """Low-pass at 9.5 kHz, as the converter of a 24 kHz recorder would (Butterworth, no delay)."""
    sections = butter(6, _BAND_HZ, fs=KOKORO_RATE_HZ, output="sos")
    return np.asarray(sosfiltfilt(sections, samples), dtype=np.float32)


def _analysed(clause: Clause, voice: Kokoro) -> WorldVoice:
    neutral = voice.speak(kokoro_tokens(clause.phones))
    neutral = trim_silence(neutral, sample_rate_hz=KOKORO_RATE_HZ, below_db=_VOICE_TRIM_DB)
    return analyse(neutral, sample_rate_hz=KOKORO_RATE_HZ)


def _level(samples: np.ndarray) -> float:
    return float(np.sqrt(np.mean(np.square(samples, dtype=np.float64))))
