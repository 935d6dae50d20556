"""Distortion beside what the source itself varies by."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from emotts.errors import CorpusError
from emotts.evaluation.distortion import VARIABILITY_FILE, distortion_metrics, source_variability, with_distortion
from emotts.evaluation.mcd import mel_cepstral_distortion
from emotts.evaluation.plan import Task
from emotts.evaluation.spoken import Clip
from tools.render.script import recorded_folder

RATE_HZ = 16_000


def clip(samples, emotion, number, *, text="text"):
    task = Task(number, f"{text} {number}", emotion, own=True, shared=False)
    return Clip(task, np.asarray(samples, np.float32), RATE_HZ, None, emotion, 1.0, None)


@pytest.fixture(scope="module")
def pairs(make_vowels):
    """One clip in two renderings for two sad sentences and a happy one."""
    names = ["aeiuae", "iuaeai", "uuaaei"]
    emotions = ["sad", "sad", "happy"]
    ours = [clip(make_vowels(name, f0_hz=230.0), emotions[at], at) for at, name in enumerate(names)]
    reference = [clip(make_vowels(name, f0_hz=200.0), emotions[at], at) for at, name in enumerate(names)]
    return with_distortion(ours, reference), reference


def test_the_voice_as_a_multiple_of_the_source(pairs):
    metrics = distortion_metrics(*pairs, seed=0, variability={"sad": 0.5, "happy": 2.0, "angry": 9.0})
    assert metrics["mcd_db.source_variability"] == pytest.approx((0.5 + 0.5 + 2.0) / 3)
    assert metrics["mcd_db.ratio"] == pytest.approx(metrics["mcd_db"] / 1.0)
    assert metrics["mcd_db.count"] == 3
    assert metrics["reference.mcd_db.other_sentence"] > metrics["mcd_db"] > 0


def test_a_clip_knows_how_far_it_is_from_its_own_rendering(pairs):
    ours, reference = pairs
    apart = [
        mel_cepstral_distortion(a.samples, b.samples, first_rate_hz=RATE_HZ, second_rate_hz=RATE_HZ)
        for a, b in zip(ours, reference, strict=True)
    ]
    assert [each.mcd_db for each in ours] == apart
    assert distortion_metrics(ours, reference, seed=0)["mcd_db"] == pytest.approx(np.mean(apart))
    other = replace(ours[0], task=replace(ours[0].task, own=False), mcd_db=None)
    broken = replace(ours[1], problem="silent", mcd_db=None)
    assert [each.mcd_db for each in with_distortion([other, broken, ours[2]], reference[:2])] == [
        None,
        None,
        ours[2].mcd_db,
    ]


@pytest.mark.parametrize("known", [None, {}, {"sad": 0.5}])
def test_without_the_variability_of_every_emotion_there_is_no_ratio(pairs, known):
    metrics = distortion_metrics(*pairs, seed=0, variability=known)
    assert not {"mcd_db.ratio", "mcd_db.source_variability"} & metrics.keys()
    assert metrics["mcd_db"] == distortion_metrics(*pairs, seed=0)["mcd_db"]


def test_the_demo_knows_its_own():
    found = source_variability(recorded_folder())
    assert set(found) == {"neutral", "happy", "sad", "angry"}
    assert all(1.0 < value < 5.0 for value in found.values())


def test_files_of_recordings(tmp_path):
    assert source_variability(tmp_path) == {}
    assert source_variability(tmp_path / "recording.wav") == {}
    for content in ("{", "[]", '{"mcd": {}}', '{"mcd_db": 3}', '{"mcd_db": {"sad": "much"}}'):
        (tmp_path / VARIABILITY_FILE).write_text(content)
        with pytest.raises(CorpusError, match=r"variability.json: not the variability of a recording[\s\S]*in dB"):
            source_variability(tmp_path)
    (tmp_path / VARIABILITY_FILE).write_text('{"mcd_db": {"sad": 3}, "how": "read twice"}')
    assert source_variability(tmp_path) == {"sad": 3.0}
