"""Emotion classifiers of one kind of features each: what they hear, what they are deaf to, and their files."""

from __future__ import annotations

import numpy as np
import pytest

from emotts.errors import CheckpointError
from emotts.recognition.emotion_classifier import EmotionClassifier
from emotts.recognition.emotion_features import FEATURE_NAMES, PROSODIC_NAMES
from emotts.recognition.ensemble import FEATURE_GROUPS, EmotionEnsemble, group_columns

RATE_HZ = 16_000


@pytest.fixture(scope="module")
def panel(acted_features):
    return EmotionEnsemble.fit(*acted_features)


def test_the_parts_share_no_feature_and_leave_none_out():
    assert sorted([*group_columns("prosody"), *group_columns("spectrum")]) == list(range(len(FEATURE_NAMES)))


def test_every_judge_hears_as_if_it_were_alone(make_acted, acted_features, panel):
    features, emotions, speakers = acted_features
    clip = make_acted("angry", 700, voice=0.7)
    main, auxiliaries = panel.hear(clip, RATE_HZ, speaker="low")
    alone = EmotionClassifier.fit(*acted_features, FEATURE_NAMES)
    np.testing.assert_array_equal(main, alone.probabilities(clip, RATE_HZ, speaker="low"))
    prosody = EmotionClassifier.fit(features[:, : len(PROSODIC_NAMES)], emotions, speakers, PROSODIC_NAMES)
    np.testing.assert_array_equal(auxiliaries["prosody"], prosody.probabilities(clip, RATE_HZ, speaker="low"))
    assert panel.auxiliary_names == tuple(auxiliaries) == tuple(FEATURE_GROUPS)
    assert [panel.emotions[chances.argmax()] for chances in auxiliaries.values()] == ["angry", "angry"]


def test_each_is_deaf_to_what_the_other_hears(acted_features, panel):
    features = acted_features[0]
    changed = features.copy()
    changed[:, group_columns("prosody")] += 5.0
    for name, same in (("prosody", False), ("spectrum", True)):
        before, after = (panel.auxiliaries[name].opinion(rows, speaker="low") for rows in (features, changed))
        assert np.array_equal(before, after) is same, name


def test_files_come_back_and_a_missing_judge_is_an_error(tmp_path, make_acted, panel):
    panel.save(tmp_path)
    clip = make_acted("sad", 701)
    before, after = (classifier.hear(clip, RATE_HZ) for classifier in (panel, EmotionEnsemble.load(tmp_path)))
    np.testing.assert_array_equal(before[0], after[0])
    assert all(np.array_equal(before[1][name], after[1][name]) for name in FEATURE_GROUPS)
    (tmp_path / "spectrum/classifier.json").unlink()
    with pytest.raises(CheckpointError, match=r"spectrum/classifier.json: file[\s\S]*is missing[\s\S]*dvc repro"):
        EmotionEnsemble.load(tmp_path)
