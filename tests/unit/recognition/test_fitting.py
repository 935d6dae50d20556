"""Fitting on a corpus folder: files, metrics, and what is held out."""

from __future__ import annotations

import json

import numpy as np
import pytest

from emotts.audio.io import write_wav
from emotts.corpus.lists import CorpusItem, write_list
from emotts.emotions.emotion_set import EmotionSet
from emotts.errors import AudioError, CorpusError
from emotts.recognition.emotion_classifier import EmotionClassifier
from emotts.recognition.emotion_features import FEATURE_NAMES, emotion_features
from emotts.recognition.fitting import LabelledFeatures, fit_emotion_classifier, held_out_metrics
from emotts.recognition.settings import ClassifierSettings

pytestmark = pytest.mark.slow

RATE_HZ = 16_000
COUNTS = {"train": {"happy": 8, "sad": 6}, "val": {"happy": 2, "sad": 1}, "test": {"happy": 1, "sad": 2}}


def make_corpus(folder, counts, speak):
    """Write wavs and lists; every clip is another one."""
    seed = 0
    for name, emotions in counts.items():
        items = []
        for emotion, count in emotions.items():
            for _ in range(count):
                seed += 1
                wav = f"wavs/{emotion}_{seed:02d}.wav"
                write_wav(folder / wav, speak(emotion, seed), sample_rate_hz=RATE_HZ)
                items.append(CorpusItem(wav, "one", "KR", "아", ("_", "ᅡ", "_"), (0, 0, 0), (1, 1, 1), emotion))
        write_list(folder / f"{name}.list", items)


def fit(corpus, out, **changes):
    settings = ClassifierSettings(folds=changes.pop("folds", 3), repeats=changes.pop("repeats", 2), encoder="none")
    return fit_emotion_classifier(corpus, out, **{"emotions": EmotionSet(), "settings": settings, "seed": 0, **changes})


@pytest.fixture(scope="module")
def corpus(tmp_path_factory, make_acted):
    folder = tmp_path_factory.mktemp("corpus")
    make_corpus(folder, COUNTS, make_acted)
    return folder


def test_a_corpus_gives_a_judge_and_a_report(tmp_path, corpus, make_acted):
    told = []
    report = fit(corpus, tmp_path / "classifier", progress=lambda done, total, note="": told.append((done, total)))
    assert sorted(entry.name for entry in (tmp_path / "classifier").iterdir()) == [
        "classifier.json",
        "classifier.safetensors",
        "confusion.png",
        "prosody",
        "report.json",
        "spectrum",
    ]
    metrics = json.loads((tmp_path / "classifier/report.json").read_text())
    assert metrics == report.metrics
    assert metrics["cross_validation.balanced_accuracy"] == 1
    assert (metrics["cross_validation.count.happy"], metrics["cross_validation.count.sad"]) == (8, 6)
    assert metrics["cross_validation.recall.happy.low"] == pytest.approx(0.6756, abs=1e-4)
    assert metrics["held_out.balanced_accuracy"] == 1
    assert (metrics["held_out.count"], metrics["held_out.count.happy"], metrics["held_out.count.sad"]) == (6, 3, 3)
    for name in ("prosody", "spectrum"):
        assert metrics[f"auxiliary.{name}.cross_validation.balanced_accuracy"] == 1
        assert metrics[f"auxiliary.{name}.held_out.balanced_accuracy"] == 1
        assert metrics[f"auxiliary.{name}.cross_validation.shuffled_baseline"] < 0.7
    assert told[19] == (20, 20)
    classifier = EmotionClassifier.load(tmp_path / "classifier")
    assert classifier.probabilities(make_acted("sad", 99), RATE_HZ, speaker="one")[1] > 0.9


def test_held_out_clips_do_not_change_the_judge(tmp_path, corpus, make_acted):
    fit(corpus, tmp_path / "first")
    other = tmp_path / "corpus"
    make_corpus(other, {"train": COUNTS["train"], "val": {"sad": 1}, "test": {"happy": 2}}, make_acted)
    fit(other, tmp_path / "second")
    first, second = (EmotionClassifier.load(tmp_path / name) for name in ("first", "second"))
    assert (first.coefficients == second.coefficients).all()


def test_no_held_out_clips(tmp_path, make_acted):
    make_corpus(tmp_path, {"train": {"happy": 3, "sad": 3}, "val": {}, "test": {}}, make_acted)
    metrics = fit(tmp_path, tmp_path / "classifier").metrics
    assert metrics["held_out.count"] == 0
    assert "held_out.balanced_accuracy" not in metrics


def test_one_training_clip_of_an_emotion(tmp_path, make_acted):
    make_corpus(tmp_path, {"train": {"happy": 3, "sad": 1}, "val": {}, "test": {}}, make_acted)
    with pytest.raises(CorpusError, match=r"too few clips of sad[\s\S]*found: happy 3, sad 1"):
        fit(tmp_path, tmp_path / "classifier")
    assert not (tmp_path / "classifier").exists()


def test_an_emotion_that_is_only_held_out(make_acted):
    clips = {name: [make_acted(name, seed) for seed in range(3)] for name in ("happy", "sad", "angry")}
    rows = {
        name: np.stack([emotion_features(clip, sample_rate_hz=RATE_HZ) for clip in group])
        for name, group in clips.items()
    }
    train = np.concatenate([rows["happy"], rows["sad"]])
    classifier = EmotionClassifier.fit(train, ["happy"] * 3 + ["sad"] * 3, ["one"] * 6, FEATURE_NAMES)
    with pytest.raises(CorpusError, match="no training clip has: angry"):
        held_out_metrics(classifier, LabelledFeatures(rows["angry"], ("angry",) * 3, ("one",) * 3))
    metrics, matrix = held_out_metrics(classifier, LabelledFeatures(rows["sad"], ("sad",) * 3, ("stranger",) * 3))
    assert matrix.sum() == 3
    assert set(metrics) >= {"held_out.balanced_accuracy", "held_out.recall.sad.low"}


def test_missing_files(tmp_path, corpus, make_acted):
    with pytest.raises(CorpusError, match=r"train.list: file is missing"):
        fit(tmp_path, tmp_path / "classifier")
    make_corpus(tmp_path, {"train": {"happy": 2, "sad": 2}, "val": {}, "test": {}}, make_acted)
    (tmp_path / "wavs/happy_01.wav").unlink()
    with pytest.raises(AudioError, match=r"happy_01.wav"):
        fit(tmp_path, tmp_path / "classifier")
