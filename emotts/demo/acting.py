"""One utterance spoken: clauses by the neural voice, the emotion by WORLD, pauses between the clauses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.signal import butter, sosfiltfilt

from emotts.demo.kokoro import KOKORO_RATE_HZ, Kokoro
from emotts.demo.kokoro_tokens import MARKS, SPACE, Clause, spellings
from emotts.demo.phone_times import phone_edges, with_silent_onsets
from emotts.demo.timed_sound import TimedSound, trim_silence, without_holes
from emotts.demo.world import EmotionRule, WorldVoice, analyse, synthesise, transform

__all__ = [
    "NEUTRAL_LEVEL_DB",
    "NeutralClause",
    "SpokenUtterance",
    "act",
    "limit",
    "mix",
    "quietest_second_db",
    "rehearse",
]

NEUTRAL_LEVEL_DB = -25.0
"""Speech level (dBFS, RMS without its pauses) that an emotion's gain is added to."""
_COMMA_PAUSE_S, _SENTENCE_PAUSE_S = (0.3, 0.45), (0.45, 0.8)
_VOICE_TRIM_DB, _TAKE_TRIM_DB = -50.0, -44.0
"""What ends a clause: as the voice gives it, and at its level in the take."""
_SHORTEST_PAUSE_S = 0.3
_NEVER_BELOW_DB = -38.0
_BAND_HZ = 9_500.0


@dataclass(frozen=True)
class NeutralClause:
    """A clause as the neutral voice spoke it, taken apart; ``edges`` (phone + 1,) as in :class:`TimedSound`."""

    clause: Clause
    voice: WorldVoice
    edges: np.ndarray


@dataclass(frozen=True)
class SpokenUtterance:
    """One utterance with its emotion.

    ``samples`` float32 (sample,) at 24 kHz; ``sentences``: the first sample, last sample and text of each sentence;
    ``edges`` float64 (phone + 1,): the samples where the phones begin, and the end. The pause between two clauses
    belongs to the last phone of the first one.
    """

    samples: np.ndarray
    sentences: tuple[tuple[int, int, str], ...]
    edges: np.ndarray


def rehearse(clause: Clause, *, voice: Kokoro, pitch_hz: tuple[float, float]) -> NeutralClause:
    """Let the neutral voice, whose pitch is within ``pitch_hz``, speak a clause, and take it apart."""
    spelled = spellings(clause.phones)
    speech = voice.speak("".join(spelled))
    phones = [phone for phone in clause.phones if phone != SPACE]
    sound = TimedSound(speech.samples, phone_edges(clause.phones, spelled, speech.token_edges))
    sound = sound.with_silent([phone in MARKS for phone in phones], below_db=_VOICE_TRIM_DB)
    neutral = trim_silence(replace(sound, edges=with_silent_onsets(phones, sound.edges)), below_db=_VOICE_TRIM_DB)
    taken_apart = analyse(neutral.samples, sample_rate_hz=KOKORO_RATE_HZ, pitch_hz=pitch_hz)
    return NeutralClause(clause, taken_apart, neutral.edges)


def act(
    parts: Sequence[NeutralClause], rule: EmotionRule, *, generator: np.random.Generator, breathless: bool = False
) -> SpokenUtterance:
    """Speak the clauses of one utterance with the rule of its emotion.

    Args:
        parts: clauses in order.
        rule: of this very utterance (already varied).
        generator: source of pauses and jitter.
        breathless: whether the pauses are as short as pauses go, as of somebody who reads on and on.
    """
    pitches = np.concatenate([part.voice.f0_hz[part.voice.f0_hz > 0] for part in parts])
    centre_hz = float(np.median(pitches)) if len(pitches) else 220.0
    spoken = []
    for place, part in enumerate(parts):
        final = place == len(parts) - 1
        changed = transform(part.voice, rule, generator=generator, centre_hz=centre_hz, final=final)
        stretch = (len(changed.f0_hz) - 1) / (len(part.voice.f0_hz) - 1)
        spoken.append(TimedSound(_band_limited(synthesise(changed)), part.edges * stretch))
    gain = 10.0 ** ((NEUTRAL_LEVEL_DB + rule.gain_db) / 20.0) / _level(
        np.concatenate([each.samples for each in spoken])
    )
    cut = [part.clause for part in parts]
    pauses_s = [_pause_s(clause, generator=generator, breathless=breathless) for clause in cut[:-1]]
    return _without_long_silence([_levelled(each, gain) for each in spoken], cut, pauses_s=pauses_s)


def _levelled(sound: TimedSound, gain: float) -> TimedSound:
    trimmed = trim_silence(replace(sound, samples=sound.samples * gain), below_db=_TAKE_TRIM_DB)
    whole = without_holes(trimmed, below_db=_TAKE_TRIM_DB)
    return replace(whole, samples=limit(whole.samples))


def _pause_s(clause: Clause, *, generator: np.random.Generator, breathless: bool) -> float:
    shortest, longest = _SENTENCE_PAUSE_S if clause.ends_sentence else _COMMA_PAUSE_S
    drawn = float(generator.uniform(shortest, longest))
    return min(drawn, shortest + 0.05) if breathless else drawn


def _without_long_silence(
    spoken: Sequence[TimedSound], cut: Sequence[Clause], *, pauses_s: Sequence[float]
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


def mix(spoken: Sequence[TimedSound], cut: Sequence[Clause], *, pauses_s: Sequence[float]) -> SpokenUtterance:
    """Put the clauses behind each other with ``pauses_s`` (clause - 1,) between them."""
    pieces: list[np.ndarray] = []
    edges: list[np.ndarray] = []
    sentences: list[tuple[int, int, str]] = []
    words: list[str] = []
    place = start = 0
    for number, (sound, clause) in enumerate(zip(spoken, cut, strict=True)):
        pieces.append(sound.samples)
        edges.append(place + sound.edges[:-1])
        place += len(sound.samples)
        words.append(clause.text)
        if clause.ends_sentence:
            sentences.append((start, place, " ".join(words)))
            words = []
        if number < len(cut) - 1:
            pause = round(pauses_s[number] * KOKORO_RATE_HZ)
            pieces.append(np.zeros(pause, dtype=np.float32))
            place += pause
            start = place if clause.ends_sentence else start
    return SpokenUtterance(np.concatenate(pieces), tuple(sentences), np.concatenate([*edges, [place]]))


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


def _level(samples: np.ndarray) -> float:
    return float(np.sqrt(np.mean(np.square(samples, dtype=np.float64))))
