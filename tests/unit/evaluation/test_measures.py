"""Metrics under flat names."""

from __future__ import annotations

import math

import numpy as np
import pytest

from emotts.evaluation.measures import UNUSABLE, accuracy_metrics, heard_confusion, mean_interval, prosody_metrics
from emotts.evaluation.prosody import Prosody

EMOTIONS = ("neutral", "happy", "sad")


def test_accuracy_is_balanced_and_per_emotion():
    metrics = accuracy_metrics(
        ["happy", "happy", "happy", "happy", "sad"],
        ["happy", "happy", "happy", "neutral", UNUSABLE],
        emotions=EMOTIONS,
        prefix="reference.",
    )
    assert metrics["reference.emotion_accuracy.balanced"] == pytest.approx((0.75 + 0) / 2)
    assert metrics["reference.emotion_accuracy.chance"] == pytest.approx(1 / 3)
    assert metrics["reference.emotion_accuracy.happy"] == 0.75
    assert metrics["reference.emotion_accuracy.happy.count"] == 4
    assert metrics["reference.emotion_accuracy.happy.low"] == pytest.approx(0.3006, abs=1e-4)
    assert metrics["reference.emotion_accuracy.happy.high"] == pytest.approx(0.9544, abs=1e-4)
    assert metrics["reference.emotion_accuracy.sad"] == 0
    assert not any("neutral" in name for name in metrics), "it did not occur"


def test_unusable_clips_have_a_column():
    matrix = heard_confusion(["happy", "sad"], [UNUSABLE, "sad"], emotions=EMOTIONS)
    assert matrix.tolist() == [[0, 0, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0]]


def test_prosody_has_both_sides_and_the_fraction():
    voice = {"happy": Prosody(220.0, 2.0, 5.0, -18.0, math.nan, 0.0, 0.0, 2.0), "sad": Prosody(*[1.0] * 8)}
    reference = {"happy": Prosody(200.0, 4.0, 5.0, -20.0, 5.0, 0.0, 0.0, 2.0)}
    metrics = prosody_metrics(voice, reference)
    assert metrics["prosody.happy.f0_mean_hz"] == 220
    assert metrics["reference.prosody.happy.f0_mean_hz"] == 200
    assert metrics["prosody.happy.f0_mean_hz.ratio"] == pytest.approx(1.1)
    assert metrics["prosody.happy.f0_sd_semitones.ratio"] == 0.5
    assert metrics["prosody.happy.energy_db.ratio"] == pytest.approx(10**0.1)
    near = {name: value for name, value in metrics.items() if name.endswith(".within_15_percent")}
    assert near == {
        "prosody.happy.f0_mean_hz.within_15_percent": 1,
        "prosody.happy.f0_range_semitones.within_15_percent": 1,
        "prosody.happy.energy_db.within_15_percent": 0,
        "prosody.within_15_percent": 2 / 3,
    }
    assert "prosody.happy.rate_phones_per_s" not in metrics
    assert not any(
        name.startswith("reference.prosody.sad") or ("sad" in name and name.endswith(".ratio")) for name in metrics
    )
    assert all(math.isfinite(value) for value in metrics.values())


def test_tempo_and_pauses_have_means_over_the_emotions_of_both_sides():
    def spoken(rate_phones_per_s: float, pause_s: float, pause_fraction: float) -> Prosody:
        return Prosody(200.0, 2.0, 5.0, -20.0, rate_phones_per_s, pause_s, pause_fraction, 2.0)

    voice = {"happy": spoken(12.0, 0.5, 0.125), "sad": spoken(6.0, 1.0, 0.25), "angry": spoken(99.0, 9.0, 0.9)}
    reference = {"sad": spoken(8.0, 0.0, 0.0), "happy": spoken(16.0, 1.0, 0.25), "neutral": spoken(1.0, 5.0, 0.5)}
    metrics = prosody_metrics(voice, reference)
    names = ("rate_phones_per_s", "pause_s", "pause_fraction")
    assert {name: metrics[f"prosody.{name}"] for name in names} == dict(zip(names, (9.0, 0.75, 0.1875), strict=True))
    found = {name: metrics[f"reference.prosody.{name}"] for name in names}
    assert found == dict(zip(names, (12.0, 0.5, 0.125), strict=True))
    assert (metrics["prosody.rate_phones_per_s.ratio"], metrics["prosody.pause_fraction.ratio"]) == (0.75, 1.5)
    assert "prosody.pause_s.ratio" not in metrics
    silent = prosody_metrics(voice, {"sad": spoken(math.nan, 0.0, 0.0)})
    assert "prosody.rate_phones_per_s" not in silent, "the recording's is not known"
    assert silent["prosody.pause_fraction"] == 0.25
    assert "prosody.pause_fraction.ratio" not in silent, "nothing is a fraction of no pause"


def test_interval_of_a_mean_covers_it_and_narrows():
    random = np.random.default_rng(0)
    few, many = random.normal(5, 1, 8), random.normal(5, 1, 400)
    (low, high), (lower, higher) = mean_interval(few, seed=1), mean_interval(many, seed=1)
    assert low < few.mean() < high
    assert higher - lower < (high - low) / 3
    assert mean_interval(few, seed=1) == (low, high)
    assert mean_interval([4.0], seed=0) == (4.0, 4.0)
    assert mean_interval([1.0, 2.0, 4.0, 7.0, 11.0], seed=3) == pytest.approx((2.0, 8.4))
    weighted = mean_interval([1.0, 2.0, 4.0, 7.0, 11.0], weights=[1.0, 2.0, 1.0, 1.0, 5.0], seed=3)
    assert weighted == pytest.approx((2.0, 173 / 17))
    assert mean_interval(few, weights=[3.0] * 8, seed=1) == pytest.approx((low, high))
    assert mean_interval([1.0, 5.0], weights=[1e-9, 1.0], seed=1)[1] == pytest.approx(5.0)
    with pytest.raises(ValueError, match="no values"):
        mean_interval([], seed=0)
