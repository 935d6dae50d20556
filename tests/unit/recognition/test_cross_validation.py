"""Cross-validation: separable classes, chance, intervals, and too few clips."""

from __future__ import annotations

import logging
from functools import partial

import numpy as np
import pytest

from emotts.errors import ConfigError, CorpusError
from emotts.recognition.cross_validation import cross_validate
from emotts.recognition.emotion_classifier import EmotionClassifier
from emotts.recognition.emotion_features import FEATURE_NAMES

FIT = partial(EmotionClassifier.fit, feature_names=tuple(f"feature{number}" for number in range(6)))


def gaussian(counts, *, distance, seed=0):
    """Return clips (clip, 6) around one centre an emotion, ``distance`` spreads apart."""
    random = np.random.default_rng(seed)
    emotions = [name for name, count in counts.items() for _ in range(count)]
    centres = {name: distance * np.eye(6)[place] for place, name in enumerate(counts)}
    return np.stack([centres[name] for name in emotions]) + random.normal(size=(len(emotions), 6)), emotions


@pytest.mark.slow
def test_synthetic_voices_are_told_apart(acted_features):
    found = cross_validate(
        *acted_features, fit=partial(EmotionClassifier.fit, feature_names=FEATURE_NAMES), folds=4, repeats=2, seed=1
    )
    assert found.balanced_accuracy > 0.95
    assert found.emotions == ("happy", "sad", "angry")
    assert found.counts == {"happy": 24, "sad": 24, "angry": 24}
    np.testing.assert_allclose(found.confusion.sum(axis=1), 24)
    assert 0.2 < found.shuffled < 0.47
    assert found.majority == pytest.approx(1 / 3)


def test_labels_that_mean_nothing_are_at_chance():
    features, emotions = gaussian({"happy": 40, "sad": 40, "angry": 40}, distance=0.0)
    found = cross_validate(features, emotions, ["one"] * 120, fit=FIT, folds=5, repeats=4, seed=0)
    assert found.low < 1 / 3 < found.high
    assert abs(found.balanced_accuracy - 1 / 3) < 0.12


def test_the_scarce_emotion_counts_as_much_as_the_others():
    features, emotions = gaussian({"happy": 60, "sad": 60, "angry": 8}, distance=3.0)
    found = cross_validate(features, emotions, ["one"] * 128, fit=FIT, folds=4, repeats=5, seed=0)
    mean_recall = np.mean([recall.value for recall in found.recalls.values()])
    assert found.balanced_accuracy == pytest.approx(mean_recall, abs=1e-9), "folds are equal, so both means agree"
    assert found.low < found.balanced_accuracy < found.high
    angry, happy = found.recalls["angry"], found.recalls["happy"]
    assert angry.high - angry.low > 2 * (happy.high - happy.low), "8 clips tell less than 60"


def test_same_seed_same_figures_and_flat_names():
    features, emotions = gaussian({"happy": 10, "sad": 10}, distance=1.0)
    first, again, other = (
        cross_validate(features, emotions, ["one"] * 20, fit=FIT, folds=5, repeats=2, seed=seed).metrics()
        for seed in (3, 3, 4)
    )
    assert first == again != other
    assert {"balanced_accuracy", "balanced_accuracy.low", "recall.happy", "recall.sad.high", "count.sad"} <= set(first)
    assert (first["folds"], first["repeats"], first["count.sad"]) == (5, 2, 10)


def test_folds_are_limited_by_the_scarcest_emotion(caplog):
    features, emotions = gaussian({"happy": 10, "sad": 3}, distance=4.0)
    with caplog.at_level(logging.WARNING):
        found = cross_validate(features, emotions, ["one"] * 13, fit=FIT, folds=5, repeats=1, seed=0)
    assert found.folds == 3
    assert "only 3 folds instead of 5: sad has 3 clips" in caplog.text


def test_two_clips_of_an_emotion_are_enough_to_run():
    features, emotions = gaussian({"happy": 10, "sad": 2}, distance=8.0)
    found = cross_validate(features, emotions, ["one"] * 12, fit=FIT, folds=5, repeats=2, seed=0)
    assert found.folds == 2
    assert found.recalls["sad"].low < 0.5, "two clips prove little"


def test_one_clip_of_an_emotion_is_an_error():
    features, emotions = gaussian({"happy": 10, "sad": 1}, distance=8.0)
    with pytest.raises(
        CorpusError, match=r"too few clips of sad[\s\S]*found: happy 10, sad 1[\s\S]*to do: record more"
    ):
        cross_validate(features, emotions, ["one"] * 11, fit=FIT)


@pytest.mark.parametrize(("folds", "repeats"), [(1, 3), (5, 0)])
def test_settings_that_validate_nothing_are_refused(folds, repeats):
    with pytest.raises(ConfigError, match=f"{folds} folds, {repeats} repeats"):
        cross_validate(np.zeros((4, 6)), list("aabb"), ["s"] * 4, fit=FIT, folds=folds, repeats=repeats)


def test_progress_is_told():
    features, emotions = gaussian({"happy": 6, "sad": 6}, distance=4.0)
    told = []
    cross_validate(
        features,
        emotions,
        ["one"] * 12,
        fit=FIT,
        folds=2,
        repeats=3,
        progress=lambda done, total, note="": told.append((done, total)),
    )
    assert told == [(1, 3), (2, 3), (3, 3)]
