"""Runs that hold metrics and settings under former names."""

from __future__ import annotations

from pathlib import Path

import pytest

from emotts.tracking import Tracker
from emotts.tracking.former_names import present_metric, present_metrics, present_params
from emotts.tracking.runs import find_run


@pytest.mark.parametrize(
    ("former", "present"),
    [
        ("real.n_clips", "reference.n_clips"),
        ("real.emotion_accuracy.happy.low", "reference.emotion_accuracy.happy.low"),
        ("real.mcd_db.other_sentence", "reference.mcd_db.other_sentence"),
        ("judge.prosody.emotion_accuracy.balanced", "auxiliary.prosody.emotion_accuracy.balanced"),
        ("real.judge.spectrum.emotion_accuracy.sad", "reference.auxiliary.spectrum.emotion_accuracy.sad"),
        ("classifier.judge.prosody.held_out.recall.sad", "classifier.auxiliary.prosody.held_out.recall.sad"),
        ("objective.judge.prosody.emotion_accuracy.balanced", "objective.auxiliary.prosody.emotion_accuracy.balanced"),
        ("cer.over_real", "cer.over_reference"),
        ("emotion_accuracy.real", "emotion_accuracy.real"),
        ("emotion_accuracy.balanced", "emotion_accuracy.balanced"),
        ("val/loss/mel", "val/loss/mel"),
        ("realistic", "realistic"),
        ("detail/cer.sad.low", "cer.sad.low"),
        ("detail/intensity/rate/sad", "intensity/rate/sad"),
        ("detail/classifier.held_out.count", "classifier.held_out.count"),
        ("data.train.happy.clips", "corpus.train.happy.clips"),
        ("detail/corpus.train.clips", "corpus.train.clips"),
    ],
)
def test_a_metric_has_its_present_name(former: str, present: str) -> None:
    assert present_metric(former) == present
    assert present_metric(present) == present


def test_the_present_name_wins_where_a_run_has_both() -> None:
    assert present_metrics({"real.cer": 0.5, "reference.cer": 0.25}) == {"reference.cer": 0.25}
    assert present_metrics({"reference.cer": 0.25, "real.cer": 0.5}) == {"reference.cer": 0.25}


def test_parameters_of_a_training_and_of_a_study() -> None:
    keys = {"train.clip_norm": "train.max_grad_norm"}
    params = {"train.clip_norm": "5.0", "params.train.clip_norm": "4.0", "storage": "x", "sampler.kind": "tpe"}
    assert present_params(params, keys) == {
        "train.max_grad_norm": "5.0",
        "params.train.max_grad_norm": "4.0",
        "storage": "x",
        "sampler.kind": "tpe",
    }


def test_a_run_is_read_back_under_present_names(tracked: Path) -> None:
    with Tracker(tracked, experiment="voices", name="old") as tracker:
        tracker.metrics({"real.cer": 0.125, "cer.over_real": 0.5, "cer": 0.625})
        tracker.params({"train.clip_norm": 5.0})
    run = find_run(tracked, "old", model="emotts")
    assert run.metrics == {"reference.cer": 0.125, "cer.over_reference": 0.5, "cer": 0.625}
    assert run.params == {"train.clip_norm": "5.0"}, "the settings know their former names, not the tracking"
