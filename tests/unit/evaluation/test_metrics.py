"""Figures under flat names."""

from __future__ import annotations

import math

import numpy as np
import pytest

from emotts.evaluation.metrics import UNUSABLE, accuracy_figures, heard_confusion, mean_interval, prosody_figures
from emotts.evaluation.prosody import Prosody

EMOTIONS = ("neutral", "happy", "sad")


def test_accuracy_is_balanced_and_per_emotion():
    figures = accuracy_figures(
        ["happy", "happy", "happy", "happy", "sad"],
        ["happy", "happy", "happy", "neutral", UNUSABLE],
        emotions=EMOTIONS,
        prefix="real.",
    )
    assert figures["real.emotion_accuracy.balanced"] == pytest.approx((0.75 + 0) / 2)
    assert figures["real.emotion_accuracy.chance"] == pytest.approx(1 / 3)
    assert figures["real.emotion_accuracy.happy"] == 0.75
    assert figures["real.emotion_accuracy.happy.count"] == 4
    assert figures["real.emotion_accuracy.happy.low"] == pytest.approx(0.3006, abs=1e-4)
    assert figures["real.emotion_accuracy.happy.high"] == pytest.approx(0.9544, abs=1e-4)
    assert figures["real.emotion_accuracy.sad"] == 0
    assert not any("neutral" in name for name in figures), "it did not occur"


def test_unusable_clips_have_a_column():
    matrix = heard_confusion(["happy", "sad"], [UNUSABLE, "sad"], emotions=EMOTIONS)
    assert matrix.tolist() == [[0, 0, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0]]


def test_prosody_has_both_sides_and_the_share():
    voice = {"happy": Prosody(220.0, 2.0, 5.0, -18.0, math.nan, 2.0), "sad": Prosody(*[1.0] * 6)}
    real = {"happy": Prosody(200.0, 4.0, 5.0, -20.0, 5.0, 2.0)}
    figures = prosody_figures(voice, real)
    assert figures["prosody.happy.f0_mean_hz"] == 220
    assert figures["real.prosody.happy.f0_mean_hz"] == 200
    assert figures["prosody.happy.f0_mean_hz.ratio"] == pytest.approx(1.1)
    assert figures["prosody.happy.f0_sd_semitones.ratio"] == 0.5
    assert figures["prosody.happy.energy_db.ratio"] == pytest.approx(10**0.1)
    near = {name: value for name, value in figures.items() if name.endswith(".within_15_percent")}
    assert near == {
        "prosody.happy.f0_mean_hz.within_15_percent": 1,
        "prosody.happy.f0_range_semitones.within_15_percent": 1,
        "prosody.happy.energy_db.within_15_percent": 0,
        "prosody.within_15_percent": 2 / 3,
    }
    assert "prosody.happy.rate_phones_per_s" not in figures
    assert not any(
        name.startswith("real.prosody.sad") or ("sad" in name and name.endswith(".ratio")) for name in figures
    )
    assert all(math.isfinite(value) for value in figures.values())


def test_interval_of_a_mean_covers_it_and_narrows():
    random = np.random.default_rng(0)
    few, many = random.normal(5, 1, 8), random.normal(5, 1, 400)
    (low, high), (lower, higher) = mean_interval(few, seed=1), mean_interval(many, seed=1)
    assert low < few.mean() < high
    assert higher - lower < (high - low) / 3
    assert mean_interval(few, seed=1) == (low, high)
    assert mean_interval([4.0], seed=0) == (4.0, 4.0)
    assert mean_interval(few, weights=[3.0] * 8, seed=1) == pytest.approx((low, high))
    assert mean_interval([1.0, 5.0], weights=[1e-9, 1.0], seed=1)[1] == pytest.approx(5.0)
    with pytest.raises(ValueError, match="no values"):
        mean_interval([], seed=0)
