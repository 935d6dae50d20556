"""Curves over intensities: rank correlations of given curves, and of a voice that acts by numbers."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from emotts.evaluation.intensity import (
    INTENSITIES,
    MEASURES,
    Curve,
    curve_points,
    intensity_metrics,
    mean_curves,
    rank_correlation,
    speak_curves,
    write_curves,
)

RATE_HZ = 16_000
EMOTIONS = ("neutral", "happy", "sad")


def curve(emotion, values):
    return Curve("text", emotion, {measure: tuple(values) for measure in MEASURES})


@pytest.mark.parametrize(
    ("values", "coefficient"),
    [
        ((0, 1, 4, 9, 16, 25, 36), 1),
        ((6, 5, 4, 3, 2, 1, 0), -1),
        ((0, 2, 1, 3, 4, 5, 6), 1 - 6 * 2 / (7 * 48)),
        ((3, 3, 3, 3, 3, 3, 3), 0),
        ((0, math.nan, 1, math.nan, 2, math.nan, 3), 1),
        ((0, 1, 2, 2, 2, 2, 2), np.corrcoef([1, 2, 3, 4, 5, 6, 7], [1, 2, 5, 5, 5, 5, 5])[0, 1]),
    ],
)
def test_rank_correlation(values, coefficient):
    assert rank_correlation(values) == pytest.approx(coefficient)


def test_rank_correlation_of_two_points_says_nothing():
    assert math.isnan(rank_correlation((0, 1, *[math.nan] * 5)))


def test_every_emotion_counts_alike():
    rising, falling, broken = (0, 1, 2, 3, 4, 5, 6), (6, 5, 4, 3, 2, 1, 0), [math.nan] * 7
    curves = [curve("happy", rising), curve("happy", rising), curve("happy", falling), curve("sad", rising)]
    metrics = intensity_metrics([*curves, curve("sad", broken)])
    assert metrics["intensity.n_sentences"] == 5
    assert metrics["intensity.spearman.probability.happy"] == pytest.approx(1 / 3)
    assert metrics["intensity.spearman.probability.sad"] == 1
    assert metrics["intensity.spearman.rate"] == pytest.approx(2 / 3)
    assert intensity_metrics([]) == {}
    assert intensity_metrics([curve("sad", broken)]) == {"intensity.n_sentences": 1}


def test_a_voice_that_acts_by_numbers(tmp_path, texts, classifier, synthetic_voice):
    sentences = [(text, EMOTIONS[number % 3]) for number, text in enumerate(texts)]
    told = []
    curves = speak_curves(
        sentences,
        speak=synthetic_voice,
        classifier=classifier,
        emotions=EMOTIONS,
        per_emotion=1,
        sample_rate_hz=RATE_HZ,
        speaker="one",
        progress=lambda done, total, note: told.append((done, total)),
    )
    assert [(each.text, each.emotion) for each in curves] == [sentences[1], sentences[2]]
    assert told == [(1, 2), (2, 2)]
    happy, sad = curves
    # the voice goes from 200 to 270 Hz and from 5 to 6 vowels a second at intensity 1
    at_full = INTENSITIES.index(1.0)
    assert happy.values["f0_mean"][at_full] == pytest.approx(12 * math.log2(270 / 200), abs=0.5)
    assert happy.values["rate"][at_full] == pytest.approx(0.2, abs=0.03)
    assert sad.values["rate"][at_full] == pytest.approx(0.2, abs=0.03)
    assert [happy.values[name][0] for name in ("f0_mean", "energy", "rate")] == [0, 0, 0]
    metrics = intensity_metrics(curves)
    assert metrics["intensity.spearman.f0_mean"] > 0.95
    assert metrics["intensity.spearman.rate"] > 0.95
    assert metrics["intensity.spearman.probability"] > 0.9

    write_curves(tmp_path / "intensity.json", curves)
    points = curve_points(tmp_path / "intensity.json")
    assert [percent for percent, _ in points] == [0, 25, 50, 75, 100, 125, 150]
    assert points[at_full][1]["intensity/rate/happy"] == mean_curves(curves)["rate"]["happy"][at_full]
    assert points[0][1]["intensity/energy/sad"] == 0


def test_a_voice_that_ignores_intensity_or_breaks(tmp_path, texts, classifier, synthetic_voice):
    def curves(speak, emotions=EMOTIONS):
        return speak_curves(
            [(texts[0], "happy")],
            speak=speak,
            classifier=classifier,
            emotions=emotions,
            per_emotion=3,
            sample_rate_hz=RATE_HZ,
            speaker="one",
        )

    stiff = intensity_metrics(curves(lambda text, emotion, intensity: synthetic_voice(text, emotion, 1.0)))
    assert {stiff[f"intensity.spearman.{measure}"] for measure in MEASURES} == {0}
    broken = curves(lambda text, emotion, intensity: np.zeros(RATE_HZ, np.float32))
    assert intensity_metrics(broken) == {"intensity.n_sentences": 1}
    write_curves(tmp_path / "intensity.json", broken)
    assert json.loads((tmp_path / "intensity.json").read_text())["mean"]["rate"]["happy"] == [None] * 7
    assert curve_points(tmp_path / "intensity.json")[0] == (0, {})
    assert curves(synthetic_voice, emotions=("happy", "sad")) == [], "there is nothing to measure intensity from"
    assert curve_points(tmp_path / "gone.json") == []
