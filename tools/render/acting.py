"""Speaking one utterance as an emotion: its sentences by the neural voice, and pauses between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.signal import fftconvolve, firwin2

from tools.render.emotion_rule import EmotionRule
from tools.render.kokoro import FRAME_SAMPLES, KOKORO_RATE_HZ, Kokoro, Reading
from tools.render.phone_times import phone_edges, with_silent_onsets
from tools.render.prosody import acted_frames, acted_melody, centre_hz
from tools.render.sentences import MARKS, SPACE, Sentence
from tools.render.timed_sound import TimedSound, trim_silence, without_holes

__all__ = ["NEUTRAL_LEVEL_DB", "Rehearsal", "SpokenUtterance", "act", "limit", "mix", "quietest_second_db", "rehearse"]

NEUTRAL_LEVEL_DB = -25.0
"""Speech level (dBFS, RMS of an utterance without its outer silence) that an emotion's gain is added to."""
_LEAD_SAMPLES = 1_320
"""By how much the sound comes before its durations: 55 ms for each of the Japanese voices.

Shifted so far, the phones fit the sound best: fricatives its share of high frequencies, vowels its energy.
"""
_PAUSE_S = (0.35, 0.7)
_SHORTEST_PAUSE_S = 0.3
_HOLE_S, _LONGEST_HOLE_S = 0.4, 0.55
"""Longest pause inside a sentence at the neutral tempo, and at any."""
_SILENT_DB = -44.0
"""What ends a sentence, at its level in the take."""
_NEVER_BELOW_DB = -38.0
_SOFT_DB = 4.0
"""An emotion softer than the neutral level by more than this has lower limits for silence, too."""
_TILT_TAPS = 255
_TILT_HZ = (125.0, 8_000.0)


@dataclass(frozen=True)
class Rehearsal:
    """A sentence as a voice has read it: its durations are known, nothing is spoken yet."""

    sentence: Sentence
    reading: Reading


@dataclass(frozen=True)
class SpokenUtterance:
    """One utterance with its emotion.

    ``samples`` float32 (sample,) at 24 kHz; ``sentences``: the first sample, last sample and text of each sentence;
    ``edges`` float64 (phone + 1,): the samples where the phones begin, and the end. The pause between two sentences
    belongs to the last phone of the first one.
    """

    samples: np.ndarray
    sentences: tuple[tuple[int, int, str], ...]
    edges: np.ndarray


def rehearse(sentences: Sequence[Sentence], *, voice: Kokoro) -> list[Rehearsal]:
    """Let a voice read sentences; they can then be spoken as several emotions."""
    return [Rehearsal(each, voice.read("".join(each.spelled))) for each in sentences]


def act(
    rehearsals: Sequence[Rehearsal], rule: EmotionRule, *, voice: Kokoro, generator: np.random.Generator
) -> SpokenUtterance:
    """Speak the sentences of one utterance with the rule of its emotion.

    Args:
        rehearsals: in order.
        rule: of this very utterance (already varied).
        voice: that has read them.
        generator: source of pauses and tremor.
    """
    frames = [acted_frames("".join(each.sentence.spelled), each.reading.durations, rule) for each in rehearsals]
    melodies = [voice.network.sing(each.reading, own) for each, own in zip(rehearsals, frames, strict=True)]
    around_hz = centre_hz(melodies)
    spoken = []
    for number, (each, own, melody) in enumerate(zip(rehearsals, frames, melodies, strict=True), 1):
        final = number == len(rehearsals)
        acted = acted_melody(melody, rule, around_hz=around_hz, final=final, generator=generator)
        samples = voice.network.sound(each.reading, own, melody=acted)
        spoken.append(TimedSound(_tilted(samples, rule.tilt_db_per_octave), _edges(each.sentence, own)))
    level = _level(np.concatenate([each.samples for each in spoken]))
    gain = 10.0 ** ((NEUTRAL_LEVEL_DB + rule.gain_db) / 20.0) / level
    levelled = [
        _levelled(sound, gain, each.sentence, rule=rule) for sound, each in zip(spoken, rehearsals, strict=True)
    ]
    pauses_s = [float(generator.uniform(*_PAUSE_S)) * rule.pauses for _ in rehearsals[1:]]
    return _without_long_silence(levelled, [each.sentence.text for each in rehearsals], pauses_s=pauses_s, rule=rule)


def _edges(sentence: Sentence, frames: np.ndarray) -> np.ndarray:
    """Return where the phones begin, and the end, in samples of the network's sound."""
    edges = np.concatenate([[0], np.cumsum(frames * FRAME_SAMPLES)])
    edges[1:-1] = np.maximum(edges[1:-1] - _LEAD_SAMPLES, 0)
    phones = [phone for phone in sentence.phones if phone != SPACE]
    return with_silent_onsets(phones, phone_edges(sentence.phones, sentence.spelled, edges))


def _levelled(sound: TimedSound, gain: float, sentence: Sentence, *, rule: EmotionRule) -> TimedSound:
    """Bring a sentence to its level, let its marks begin with the silence that they are, and shorten long silences."""
    softer_db = min(rule.gain_db + _SOFT_DB, 0.0)
    louder = replace(sound, samples=sound.samples * np.float32(gain))
    phones = [phone for phone in sentence.phones if phone != SPACE]
    timed = louder.with_silent([phone in MARKS for phone in phones], below_db=_SILENT_DB + softer_db)
    trimmed = trim_silence(timed, below_db=_SILENT_DB + softer_db)
    return replace(trimmed, samples=limit(trimmed.samples))


def _without_long_silence(
    spoken: Sequence[TimedSound], texts: Sequence[str], *, pauses_s: Sequence[float], rule: EmotionRule
) -> SpokenUtterance:
    """Mix, and make all pauses shorter while a whole second would count as silence, between sentences to 0.3 s."""
    below_db = _NEVER_BELOW_DB + min(rule.gain_db + _SOFT_DB, 0.0)
    hole_s = min(_HOLE_S * rule.pauses / rule.tempo, _LONGEST_HOLE_S)
    for factor in (1.0, 0.85, 0.7, 0.55, 0.4):
        whole = [without_holes(each, below_db=below_db, longest_s=hole_s * factor) for each in spoken]
        utterance = mix(whole, texts, pauses_s=[max(pause * factor, _SHORTEST_PAUSE_S) for pause in pauses_s])
        if quietest_second_db(utterance.samples) > below_db:
            break
    return utterance


def quietest_second_db(samples: np.ndarray) -> float:
    """Level (dBFS, RMS) of the softest second inside; of everything where it is shorter than a second."""
    sums = np.concatenate([[0.0], np.cumsum(np.square(samples, dtype=np.float64))])
    window = min(KOKORO_RATE_HZ, len(samples))
    power = (sums[window:] - sums[:-window]).min() / window
    return float(10.0 * np.log10(max(power, 1e-12)))


def mix(spoken: Sequence[TimedSound], texts: Sequence[str], *, pauses_s: Sequence[float]) -> SpokenUtterance:
    """Put sentences behind each other with ``pauses_s`` (sentence - 1,) between them."""
    pieces: list[np.ndarray] = []
    edges: list[np.ndarray] = []
    sentences: list[tuple[int, int, str]] = []
    place = 0
    for number, (sound, text) in enumerate(zip(spoken, texts, strict=True)):
        if number:
            pause = round(pauses_s[number - 1] * KOKORO_RATE_HZ)
            pieces.append(np.zeros(pause, dtype=np.float32))
            place += pause
        pieces.append(sound.samples)
        edges.append(place + sound.edges[:-1])
        sentences.append((place, place + len(sound.samples), text))
        place += len(sound.samples)
    return SpokenUtterance(np.concatenate(pieces), tuple(sentences), np.concatenate([*edges, [place]]))


def limit(samples: np.ndarray) -> np.ndarray:
    """Round off peaks above -6 dBFS so that none passes -2 dBFS."""
    knee, ceiling = 0.5, 0.8
    over = np.maximum(np.abs(samples) - knee, 0.0)
    rounded = knee + (ceiling - knee) * np.tanh(over / (ceiling - knee))
    return np.where(over > 0, np.sign(samples) * rounded, samples).astype(np.float32)


def _tilted(samples: np.ndarray, tilt_db_per_octave: float) -> np.ndarray:
    """Tilt the spectrum around 1 kHz by a filter of linear phase, without delay; level from 125 Hz down, 8 kHz up."""
    top_hz = KOKORO_RATE_HZ / 2
    frequencies = np.concatenate([[0.0], np.geomspace(*_TILT_HZ, 25), [top_hz]])
    octaves = np.log2(np.clip(frequencies, *_TILT_HZ) / 1_000.0)
    taps = firwin2(_TILT_TAPS, frequencies / top_hz, 10.0 ** (tilt_db_per_octave * octaves / 20.0))
    return np.asarray(fftconvolve(samples, taps, mode="same"), dtype=np.float32)


def _level(samples: np.ndarray) -> float:
    """Return the RMS of what is louder than 30 dB below the loudest 10 ms."""
    frame = KOKORO_RATE_HZ // 100
    power = np.mean(np.square(samples[: len(samples) // frame * frame].reshape(-1, frame), dtype=np.float64), axis=1)
    return float(np.sqrt(power[power > power.max() * 1e-3].mean()))
