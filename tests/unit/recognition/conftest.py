"""Synthetic voices: strings of vowels with a known F0, tempo and brightness."""

from __future__ import annotations

import numpy as np
import pytest

RATE_HZ = 16_000
VOWELS = {"a": (800, 1200, 2500), "i": (300, 2300, 3000), "u": (320, 800, 2300), "e": (500, 1900, 2600)}
ACTING = {  # F0 Hz, F0 swing in semitones, vowels per second, fall of the harmonics
    "happy": (260.0, 4.0, 6.5, 1.0),
    "sad": (200.0, 1.0, 4.0, 2.0),
    "angry": (235.0, 3.0, 7.5, 0.6),
}


def vowels(names, *, f0_hz, swing_st=0.0, per_second=5.0, fall=1.0, rate_hz=RATE_HZ, gap=0.25):
    """Return the samples of vowels in a row, F0 swinging as a sine of 0.9 Hz."""
    length = int(rate_hz / per_second)
    time_s = np.arange(length * len(names)) / rate_hz
    f0 = f0_hz * 2 ** (swing_st * np.sin(2 * np.pi * 0.9 * time_s) / 12)
    phase = 2 * np.pi * np.cumsum(f0) / rate_hz
    clip = np.zeros(time_s.size)
    formants = np.repeat(np.asarray([VOWELS[name] for name in names], dtype=float), length, axis=0)
    for harmonic in range(1, int(7500 / f0.max()) + 1):
        hz = harmonic * f0
        gain = sum(1 / (1 + ((hz - formants[:, place]) / 120) ** 2) for place in range(3)) + 0.01
        clip += gain * harmonic**-fall * np.sin(harmonic * phase)
    inside = np.tile(np.sin(np.pi * np.linspace(0, 1, length)) ** gap, len(names))
    return (0.2 * clip * inside / np.abs(clip).max()).astype(np.float32)


def acted(emotion, seed, *, voice=1.0, strength=1.0):
    """Return one utterance of 2 s: the acting of an emotion, varied; ``voice`` scales F0."""
    random = np.random.default_rng([seed, sorted(ACTING).index(emotion)])
    middle = np.mean(list(ACTING.values()), axis=0)
    f0, swing, tempo, fall = (middle + strength * (np.asarray(ACTING[emotion]) - middle)) * random.normal(1, 0.05, 4)
    names = random.choice(list(VOWELS), int(2 * tempo))
    clip = vowels(names, f0_hz=f0 * voice, swing_st=swing, per_second=tempo, fall=fall)
    return (clip + random.normal(0, 1e-4, clip.size)).astype(np.float32)


@pytest.fixture(scope="session")
def make_vowels():
    return vowels


@pytest.fixture(scope="session")
def make_acted():
    return acted


@pytest.fixture(scope="session")
def acted_features():
    """Features, emotions and speakers of 2 speakers x 3 emotions x 12 clips, the second voice much higher."""
    from emotts.recognition.emotion_features import emotion_features

    rows, emotions, speakers = [], [], []
    for speaker, voice in (("low", 0.7), ("high", 1.5)):
        for emotion in ACTING:
            for seed in range(12):
                clip = acted(emotion, seed + (100 if speaker == "high" else 0), voice=voice)
                rows.append(emotion_features(clip, sample_rate_hz=RATE_HZ))
                emotions.append(emotion)
                speakers.append(speaker)
    return np.stack(rows), emotions, speakers
