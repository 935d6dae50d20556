"""Which metrics are shown, and which way they are better."""

from __future__ import annotations

import pytest

from emotts.evaluation.comparison.metrics import direction, main_metrics


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("emotion_accuracy.sad", 1),
        ("shared_text.emotion_accuracy.balanced", 1),
        ("auxiliary.prosody.emotion_accuracy.happy", 1),
        ("emotion_probability", 1),
        ("speaker_similarity", 1),
        ("mcd_db", -1),
        ("mcd_db.sad", -1),
        ("cer", -1),
        ("rtf", -1),
        ("n_unusable", -1),
        ("val/score", -1),
        ("val/loss/mel", -1),
        ("train/loss/mel", -1),
        ("rtf.threads", 0),
        ("mcd_db.count", 0),
        ("emotion_accuracy.sad.low", 0),
        ("emotion_accuracy.chance", 0),
        ("reference.emotion_accuracy.balanced", 0),
        ("classifier.held_out.balanced_accuracy", 0),
        ("data.train.clips", 0),
        ("certainty", 0),
    ],
)
def test_which_way_is_better(name: str, wanted: int) -> None:
    assert direction(name) == wanted


def test_the_most_telling_metrics_come_first() -> None:
    names = [
        "train/loss/mel",
        "rtf",
        "val/score",
        "shared_text.emotion_accuracy.balanced",
        "shared_text.emotion_accuracy.sad",
        "own_text.emotion_accuracy.balanced",
        "auxiliary.prosody.emotion_accuracy.balanced",
        "auxiliary.prosody.emotion_accuracy.sad",
        "mcd_db",
        "mcd_db.sad",
        "emotion_accuracy.sad",
        "emotion_accuracy.sad.low",
        "data.train.clips",
        "emotion_accuracy.balanced",
    ]
    wanted = [
        "emotion_accuracy.balanced",
        "emotion_accuracy.sad",
        "shared_text.emotion_accuracy.balanced",
        "auxiliary.prosody.emotion_accuracy.balanced",
        "mcd_db",
        "rtf",
        "val/score",
    ]
    assert main_metrics(names) == wanted
