"""A label that all other clips contradict is in doubt; labels without a system are not."""

from __future__ import annotations

import numpy as np

from emotts.recognition.label_errors import find_label_errors

NAMES = ("pitch", "rate", "energy")


def clips(seed: int = 0) -> tuple[np.ndarray, list[str]]:
    generator = np.random.default_rng(seed)
    centres = {"neutral": (0.0, 0.0, 0.0), "happy": (6.0, 0.0, 3.0), "sad": (0.0, 6.0, -3.0)}
    features = [generator.normal(centres[name], 1.0) for name in centres for _ in range(15)]
    return np.stack(features), [name for name in centres for _ in range(15)]


def test_wrong_labels_are_found_and_no_others() -> None:
    features, emotions = clips()
    emotions[3] = "sad"
    emotions[20] = "neutral"
    found = find_label_errors(features, emotions, ["a"] * 45, NAMES, seed=1)
    assert found is not None
    assert [(doubt.place, doubt.label, doubt.heard) for doubt in found.errors] == [
        (3, "sad", "neutral"),
        (20, "neutral", "happy"),
    ]
    assert found.agreement > 0.9
    assert all(0.9 <= doubt.probability <= 1 for doubt in found.errors)


def test_right_labels_are_not_doubted() -> None:
    features, emotions = clips(1)
    found = find_label_errors(features, emotions, ["a"] * 45, NAMES, seed=1)
    assert found is not None
    assert found.errors == ()


def test_a_classifier_that_hears_nothing_doubts_nothing() -> None:
    features, emotions = clips()
    np.random.default_rng(2).shuffle(features)
    found = find_label_errors(features, emotions, ["a"] * 45, NAMES, seed=1)
    assert found is not None
    assert found.agreement < 0.6
    assert found.errors == ()


def test_too_few_clips() -> None:
    features, emotions = clips()
    assert find_label_errors(features[10:], emotions[10:], ["a"] * 35, NAMES, seed=1) is None
    assert find_label_errors(features[:15], emotions[:15], ["a"] * 15, NAMES, seed=1) is None
