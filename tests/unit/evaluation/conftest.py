"""A synthetic voice: vowels with a known F0 and tempo, an emotion being a shift of both."""

from __future__ import annotations

import numpy as np
import pytest

RATE_HZ = 16_000
FORMANTS = {"a": (800, 1200, 2500), "i": (300, 2300, 3000), "u": (320, 800, 2300), "e": (500, 1900, 2600)}
ACTING = {"neutral": (200.0, 1.5, 5.0), "happy": (270.0, 4.0, 6.0), "sad": (160.0, 0.6, 4.0)}


def vowels(names, *, f0_hz, swing_st=0.0, per_second=5.0, rate_hz=RATE_HZ):
    """Return the samples of vowels in a row, F0 swinging as a sine of 0.9 Hz."""
    length = int(rate_hz / per_second)
    time_s = np.arange(length * len(names)) / rate_hz
    f0 = f0_hz * 2 ** (swing_st * np.sin(2 * np.pi * 0.9 * time_s) / 12)
    phase = 2 * np.pi * np.cumsum(f0) / rate_hz
    clip = np.zeros(time_s.size)
    formants = np.repeat(np.asarray([FORMANTS[name] for name in names], dtype=float), length, axis=0)
    for harmonic in range(1, int(7500 / f0.max()) + 1):
        gain = sum(1 / (1 + ((harmonic * f0 - formants[:, place]) / 120) ** 2) for place in range(3)) + 0.01
        clip += gain / harmonic * np.sin(harmonic * phase)
    shape = np.tile(np.sin(np.pi * np.linspace(0, 1, length)) ** 0.25, len(names))
    return (0.2 * clip * shape / np.abs(clip).max()).astype(np.float32)


def speak(text, emotion, intensity, *, rate_hz=RATE_HZ):
    """Speak a text of the letters a, i, u, e."""
    plain, acted = np.asarray(ACTING["neutral"]), np.asarray(ACTING[emotion])
    f0_hz, swing_st, per_second = plain + intensity * (acted - plain)
    return vowels(text, f0_hz=f0_hz, swing_st=swing_st, per_second=per_second, rate_hz=rate_hz)


@pytest.fixture(scope="session")
def make_vowels():
    return vowels


@pytest.fixture(scope="session")
def synthetic_voice():
    return speak


@pytest.fixture(scope="session")
def texts():
    """Six sentences of six vowels."""
    random = np.random.default_rng(5)
    return ["".join(random.choice(list("aiue"), 6)) for _ in range(6)]


@pytest.fixture(scope="session")
def classifier(texts):
    """A panel of classifiers fitted on other sentences of the same voice."""
    from emotts.recognition.emotion_features import emotion_features
    from emotts.recognition.ensemble import EmotionEnsemble

    random = np.random.default_rng(6)
    rows, emotions = [], []
    for emotion in ACTING:
        for _ in range(6):
            text = "".join(random.choice(list("aiue"), 6))
            clip = speak(text, emotion, random.normal(1, 0.1))
            rows.append(emotion_features(clip, sample_rate_hz=RATE_HZ))
            emotions.append(emotion)
    return EmotionEnsemble.fit(np.stack(rows), emotions, ["one"] * len(rows))
