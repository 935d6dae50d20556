"""The emotion classifier: equality with scikit-learn, speakers, files and their damages."""

from __future__ import annotations

import json

import numpy as np
import pytest
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

from emotts.errors import CheckpointError, CorpusError
from emotts.recognition.emotion_classifier import EmotionClassifier, SpeakerStatistics, ordered_emotions
from emotts.recognition.emotion_features import FEATURE_NAMES, PROSODIC_NAMES

RATE_HZ = 16_000


@pytest.fixture(scope="module")
def classifier(acted_features):
    return EmotionClassifier.fit(*acted_features, FEATURE_NAMES)


def test_probabilities_equal_those_of_scikit_learn(acted_features, classifier):
    features, emotions, speakers = acted_features
    scored = features.copy()
    for speaker in ("low", "high"):
        own = np.asarray(speakers) == speaker
        scored[own] = SpeakerStatistics.of(features[own]).apply(features[own])
    model = LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto", priors=np.full(3, 1 / 3)).fit(scored, emotions)
    wanted = model.predict_proba(scored)[:, [list(model.classes_).index(name) for name in classifier.emotions]]
    found = np.stack(
        [classifier.probabilities_of(row, speaker=name) for row, name in zip(features, speakers, strict=True)]
    )
    np.testing.assert_allclose(found, wanted, atol=1e-9)


def test_two_emotions_equal_scikit_learn(acted_features):
    features, emotions, _ = acted_features
    kept = [place for place in range(36) if emotions[place] != "angry"]
    few, names = features[kept], [emotions[place] for place in kept]
    classifier = EmotionClassifier.fit(few, names, ["low"] * len(kept), FEATURE_NAMES)
    scored = SpeakerStatistics.of(few).apply(few)
    targets = [classifier.emotions.index(name) for name in names]
    model = LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto", priors=[0.5, 0.5]).fit(scored, targets)
    np.testing.assert_allclose(classifier.probabilities_of(few, speaker="low"), model.predict_proba(scored), atol=1e-9)


def test_new_clips_of_both_speakers_are_heard(make_acted, classifier):
    for speaker, voice in (("low", 0.7), ("high", 1.5)):
        for emotion in classifier.emotions:
            for seed in (500, 501, 502):
                found = classifier.probabilities(make_acted(emotion, seed, voice=voice), RATE_HZ, speaker=speaker)
                assert found.shape == (3,)
                assert found.sum() == pytest.approx(1)
                assert classifier.emotions[found.argmax()] == emotion


def test_an_added_speaker_is_heard_by_own_statistics(make_acted, classifier):
    from emotts.recognition.emotion_features import emotion_features

    clips = [(name, make_acted(name, seed, voice=2.0)) for name in classifier.emotions for seed in range(300, 306)]
    rows = np.stack([emotion_features(clip, sample_rate_hz=RATE_HZ) for _, clip in clips])
    names = [name for name, _ in clips]
    assert classifier.with_speaker("third", rows).predict(rows, speaker="third") == names
    as_other = np.mean([a == b for a, b in zip(classifier.predict(rows, speaker="low"), names, strict=True)])
    assert as_other < 0.9, "by the statistics of a voice one and a half octaves lower, all sounds excited"


def test_only_some_features(make_acted, acted_features):
    features, emotions, speakers = acted_features
    classifier = EmotionClassifier.fit(features[:, : len(PROSODIC_NAMES)], emotions, speakers, PROSODIC_NAMES)
    assert classifier.coefficients.shape == (3, 22)
    assert classifier.emotions[classifier.probabilities(make_acted("sad", 9), RATE_HZ, speaker="low").argmax()] == "sad"


def test_silence_has_probabilities(classifier):
    assert classifier.probabilities(np.zeros(8000), RATE_HZ, speaker="low").sum() == pytest.approx(1)


def test_a_constant_feature_is_harmless(acted_features):
    features, emotions, speakers = acted_features
    stuck = features.copy()
    stuck[:, 3] = 7.0
    classifier = EmotionClassifier.fit(stuck, emotions, speakers, FEATURE_NAMES)
    assert np.isfinite(classifier.coefficients).all()


def test_order_is_that_of_the_emotion_ids():
    assert ordered_emotions(["whisper", "angry", "neutral", "bored", "angry"]) == (
        "neutral",
        "angry",
        "bored",
        "whisper",
    )


def test_an_unknown_speaker_is_an_error(classifier):
    with pytest.raises(CorpusError, match=r"does not know speaker 'hihg'[\s\S]*did you mean 'high'"):
        classifier.probabilities_of(np.zeros(53), speaker="hihg")


def test_a_single_clip_of_an_emotion_is_named_with_the_counts(acted_features):
    features, emotions, speakers = acted_features
    with pytest.raises(CorpusError, match=r"too few clips of sad[\s\S]*happy 12, sad 1\b[\s\S]*record more of it"):
        EmotionClassifier.fit(features[:13], emotions[:13], speakers[:13], FEATURE_NAMES)
    with pytest.raises(CorpusError, match=r"fewer than two of them[\s\S]*happy 12"):
        EmotionClassifier.fit(features[:12], emotions[:12], speakers[:12], FEATURE_NAMES)
    with pytest.raises(CorpusError, match="no clips at all"):
        EmotionClassifier.fit(features[:0], [], [], FEATURE_NAMES)


def test_rows_that_do_not_fit_are_refused(acted_features):
    features, emotions, speakers = acted_features
    with pytest.raises(CorpusError, match="do not fit together"):
        EmotionClassifier.fit(features, emotions[1:], speakers, FEATURE_NAMES)
    broken = features.copy()
    broken[2, 4] = np.nan
    with pytest.raises(CorpusError, match=r"not finite\n  found: f0_high_st\n"):
        EmotionClassifier.fit(broken, emotions, speakers, FEATURE_NAMES)


def test_saved_is_loaded_exactly(tmp_path, acted_features, classifier):
    classifier.save(tmp_path / "classifier")
    assert sorted(path.name for path in (tmp_path / "classifier").iterdir()) == [
        "classifier.json",
        "classifier.safetensors",
    ]
    again = EmotionClassifier.load(tmp_path / "classifier")
    assert (again.emotions, again.feature_names) == (classifier.emotions, classifier.feature_names)
    for speaker in ("low", "high", None):
        wanted = classifier.probabilities_of(acted_features[0], speaker=speaker)
        assert (again.probabilities_of(acted_features[0], speaker=speaker) == wanted).all()


def _cut(folder):
    path = folder / "classifier.safetensors"
    path.write_bytes(path.read_bytes()[:-100])


def _fewer_emotions(folder):
    path = folder / "classifier.json"
    content = json.loads(path.read_text())
    path.write_text(json.dumps(content | {"emotions": content["emotions"][:2]}))


def _other_feature(folder):
    path = folder / "classifier.json"
    path.write_text(path.read_text().replace("f0_mean_st", "f0_mean_hz"))


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda folder: (folder / "classifier.json").unlink(), "classifier.json: file .* is missing"),
        (lambda folder: (folder / "classifier.safetensors").unlink(), "classifier.safetensors: file .* is missing"),
        (lambda folder: (folder / "classifier.json").write_text("{"), "is damaged"),
        (
            lambda folder: (folder / "classifier.json").write_text('{"format": "x"}'),
            "not that of an emotion classifier",
        ),
        (
            lambda folder: (folder / "classifier.json").write_text('{"format": "emotts-emotion-classifier-1"}'),
            "does not hold what it should",
        ),
        (_cut, "is damaged"),
        (lambda folder: (folder / "classifier.safetensors").write_bytes(b"no"), "is damaged"),
        (_fewer_emotions, "do not fit its names"),
        (_other_feature, r"does not compute\n  found: f0_mean_hz"),
    ],
)
def test_a_damaged_folder_is_refused(tmp_path, classifier, damage, message):
    classifier.save(tmp_path)
    damage(tmp_path)
    with pytest.raises(CheckpointError, match=message):
        EmotionClassifier.load(tmp_path)
