"""A whole evaluation of synthetic voices: a good one, one without emotions, and broken ones."""

from __future__ import annotations

import json
import logging
import math

import numpy as np
import pytest
import yaml
from support.places import REPOSITORY

from emotts.audio.io import read_mono, write_wav
from emotts.errors import AudioError, CorpusError
from emotts.evaluation.evaluate import evaluate_voice
from emotts.evaluation.inputs import EvaluatedVoice, EvaluationMaterial, Listeners
from emotts.evaluation.plan import Task, plan_tasks
from emotts.evaluation.spoken import Reference, hear
from emotts.evaluation.spoken_validation import SPOKEN_METRICS, spoken_metrics
from emotts.settings import default_params

pytestmark = pytest.mark.slow

RATE_HZ = 16_000
EMOTIONS = ("neutral", "happy", "sad")


@pytest.fixture(scope="session")
def sentences(texts):
    return [(text, EMOTIONS[number % 3]) for number, text in enumerate(texts)]


@pytest.fixture(scope="session")
def references(tmp_path_factory, sentences, synthetic_voice):
    """Reference renderings at another rate than the voice's."""
    folder = tmp_path_factory.mktemp("reference")
    for number, (text, emotion) in enumerate(sentences):
        clip = synthetic_voice(text, emotion, 1.0, rate_hz=22_050)
        write_wav(folder / f"{number}.wav", clip, sample_rate_hz=22_050)
    return [
        Reference(folder / f"{number}.wav", text, emotion, len(text))
        for number, (text, emotion) in enumerate(sentences)
    ]


@pytest.fixture
def evaluate(tmp_path, sentences, references, classifier):
    def run(speak, *, emotions=EMOTIONS, styles=(), shared_sentences=3, intensity_sentences=0, **material):
        known = {"sentences": sentences, "references": references}
        counts = {text: len(text) for text, _ in sentences}
        amounts = {"shared_sentences": shared_sentences, "intensity_sentences": intensity_sentences}
        return evaluate_voice(
            EvaluatedVoice(speak, emotions, RATE_HZ, "one", styles),
            EvaluationMaterial(n_phones=counts, **(known | material)),
            listeners=Listeners(classifier),
            settings=default_params().evaluate.model_copy(update=amounts),
            seed=1,
            out=tmp_path / "reports",
        )

    return run


def test_a_perfect_voice(tmp_path, evaluate, synthetic_voice):
    metrics = evaluate(synthetic_voice)
    assert metrics["emotion_accuracy.balanced"] == metrics["reference.emotion_accuracy.balanced"] == 1
    assert metrics["shared_text.emotion_accuracy.balanced"] == 1
    assert metrics["emotion_accuracy.sad"] == 1
    assert metrics["emotion_probability"] > 0.9
    assert metrics["auxiliary.prosody.emotion_accuracy.balanced"] == 1
    assert metrics["reference.auxiliary.prosody.emotion_accuracy.balanced"] == 1
    assert metrics["auxiliary.prosody.emotion_accuracy.sad"] == 1
    assert "auxiliary.spectrum.emotion_accuracy.balanced" in metrics
    assert (metrics["n_sentences"], metrics["n_shared_sentences"], metrics["n_clips"]) == (6, 3, 12)
    assert (metrics["n_unusable"], metrics["reference.n_clips"], metrics["mcd_db.count"]) == (0, 6, 6)
    assert metrics["mcd_db.low"] <= metrics["mcd_db"] <= metrics["mcd_db.high"]
    assert metrics["mcd_db"] < 1.0, "the same speech at another rate"
    assert metrics["reference.mcd_db.other_sentence"] > 3.0
    assert metrics["prosody.happy.f0_mean_hz"] == pytest.approx(270, rel=0.1)
    for measure in ("f0_mean_hz", "rate_phones_per_s"):
        assert metrics[f"prosody.sad.{measure}.ratio"] == pytest.approx(1, abs=0.03)
    assert metrics["prosody.within_15_percent"] == 1
    assert metrics["rtf"] == pytest.approx(metrics["compute_s"] / metrics["audio_s"])
    assert metrics["rtf.threads"] >= 1
    assert json.loads((tmp_path / "reports/evaluation.json").read_text()) == metrics


def test_what_is_written(tmp_path, evaluate, synthetic_voice, sentences):
    out = tmp_path / "reports"
    (out / "samples/bored").mkdir(parents=True)
    (out / "samples/bored/00.wav").touch()
    evaluate(synthetic_voice)
    assert sorted(entry.name for entry in out.iterdir()) == [
        *("confusion.csv", "confusion.png", "evaluation.json", "f0_contours.png", "intensity.png"),
        *("prosody.csv", "prosody.png", "report.md", "samples", "summary.json"),
    ]
    rows = json.loads((out / "samples/samples.json").read_text())
    assert {str(path.relative_to(out / "samples")) for path in (out / "samples").rglob("*.wav")} == {
        row["file"] for row in rows
    }, "all of these clips, none of earlier ones"
    own = [row for row in rows if row["written_for_this_emotion"]]
    assert [(row["text"], row["emotion"]) for row in own] == sentences
    first = next(row for row in rows if row["emotion"] == "happy")
    samples, rate_hz = read_mono(out / "samples" / first["file"])
    wanted = synthetic_voice(first["text"], "happy", 1.0)
    assert rate_hz == RATE_HZ
    np.testing.assert_allclose(samples, wanted, atol=1e-4)


def test_curves_over_intensity_are_there_where_they_are_asked_for(tmp_path, evaluate, synthetic_voice):
    out = tmp_path / "reports"
    metrics = evaluate(synthetic_voice, intensity_sentences=1)
    assert metrics["intensity.n_sentences"] == 2
    assert metrics["intensity.spearman.f0_mean"] > 0.9
    assert "![Curves over intensity](intensity.png)" in (out / "report.md").read_text()
    assert (out / "intensity.png").is_file()
    assert len(json.loads((out / "intensity.json").read_text())["sentences"]) == 2
    (out / "transcripts.json").touch()
    assert not any(name.startswith("intensity") for name in evaluate(synthetic_voice))
    assert not {"intensity.json", "transcripts.json"} & {path.name for path in out.iterdir()}


def test_every_picture_that_dvc_shows_is_there(tmp_path, evaluate, synthetic_voice):
    evaluate(synthetic_voice, shared_sentences=0, intensity_sentences=0)
    plots = yaml.safe_load((REPOSITORY / "dvc.yaml").read_text())["plots"]
    pictures = [plot for plot in plots if isinstance(plot, str)]
    assert len(pictures) == 4
    assert all((tmp_path / picture).is_file() for picture in pictures)


def test_a_sentence_in_a_style_is_spoken_but_not_classified(tmp_path, evaluate, synthetic_voice, sentences):
    def speak(text, emotion, intensity):
        return synthetic_voice(text, "sad", 0.5) if emotion == "wistful" else synthetic_voice(text, emotion, intensity)

    metrics = evaluate(speak, sentences=[*sentences, ("aiueai", "wistful")], styles=("wistful",))
    assert (metrics["n_sentences"], metrics["n_clips"]) == (7, 13)
    assert metrics["emotion_accuracy.balanced"] == 1
    assert "emotion_accuracy.wistful" not in metrics
    assert metrics["prosody.wistful.f0_mean_hz"] == pytest.approx(180, rel=0.05)
    rows = json.loads((tmp_path / "reports/samples/samples.json").read_text())
    wistful = [(row["file"], row["probability"]) for row in rows if row["emotion"] == "wistful"]
    assert wistful == [("wistful/aiueai-96911fce.wav", 0)]
    with pytest.raises(
        CorpusError, match=r"does not have: 'aiueai'\n  found: wistful\n  wanted: one of neutral, happy, sad"
    ):
        evaluate(speak, sentences=[("aiueai", "wistful")])


def test_a_voice_without_emotions_is_found_out(tmp_path, evaluate, synthetic_voice):
    metrics = evaluate(lambda text, emotion, intensity: synthetic_voice(text, "neutral", intensity))
    assert metrics["emotion_accuracy.balanced"] == pytest.approx(1 / 3)
    assert metrics["reference.emotion_accuracy.balanced"] == 1
    assert metrics["prosody.happy.f0_mean_hz.ratio"] == pytest.approx(200 / 270, abs=0.06)
    assert metrics["prosody.happy.f0_mean_hz.within_15_percent"] == 0
    for name in ("prosody", "spectrum"):
        assert (
            metrics[f"auxiliary.{name}.emotion_accuracy.balanced"] <= metrics["reference.emotion_accuracy.balanced"] / 2
        )
    assert "**the emotion cannot be heard yet.**" in (tmp_path / "reports/report.md").read_text()


@pytest.mark.parametrize(
    ("broken", "problem"),
    [
        (np.zeros(RATE_HZ, np.float32), "silent"),
        (np.full(RATE_HZ, np.nan, np.float32), "16000 of 16000 samples are NaN or infinite"),
        (np.zeros(0, np.float32), "only 0 samples"),
        (np.ones((1, RATE_HZ), np.float32), "shape (1, 16000)"),
    ],
    ids=["silent", "nan", "empty", "shape"],
)
def test_a_broken_clip_is_heard_as_unusable(classifier, broken, problem):
    task = Task(0, "aiu", "sad", own=True, shared=False)
    clip = hear(task, broken, sample_rate_hz=RATE_HZ, classifier=classifier, speaker="one", n_phones=3)
    assert (clip.heard, clip.probability, clip.prosody) == ("unusable", 0.0, None)
    assert clip.auxiliary_heard == {"prosody": "unusable", "spectrum": "unusable"}
    assert problem in clip.problem


def test_broken_clips_are_counted_as_wrong(tmp_path, evaluate, synthetic_voice, caplog):
    def speak(text, emotion, intensity):
        return np.full(RATE_HZ, np.nan) if emotion == "sad" else synthetic_voice(text, emotion, intensity)

    with caplog.at_level(logging.WARNING):
        metrics = evaluate(speak)
    assert metrics["emotion_accuracy.sad"] == metrics["auxiliary.prosody.emotion_accuracy.sad"] == 0
    assert metrics["emotion_accuracy.balanced"] == pytest.approx(2 / 3)
    assert metrics["n_unusable"] == 4
    assert "mcd_db.sad" not in metrics
    assert "prosody.sad.f0_mean_hz" not in metrics
    assert all(math.isfinite(value) for value in metrics.values())
    assert caplog.text.count("voice gave no usable speech") == 4
    rows = json.loads((tmp_path / "reports/samples/samples.json").read_text())
    assert [row["file"] for row in rows if row["emotion"] == "sad"] == [None] * 4
    assert "**4 of 12 clips were silent or broken**" in (tmp_path / "reports/report.md").read_text()


def test_a_voice_that_says_nothing_at_all_is_still_evaluated(tmp_path, evaluate):
    metrics = evaluate(lambda text, emotion, intensity: np.zeros(0, np.float32))
    assert metrics["emotion_accuracy.balanced"] == 0
    assert metrics["n_unusable"] == 12
    assert "rtf" not in metrics
    assert "mcd_db" not in metrics
    assert (tmp_path / "reports/confusion.png").is_file()


def test_without_reference_clips(evaluate, synthetic_voice, sentences):
    metrics = evaluate(synthetic_voice, references=[], sentences=sentences[:2], shared_sentences=0)
    assert (metrics["n_clips"], metrics["reference.n_clips"]) == (2, 0)
    assert not any(name.startswith("reference.") for name in metrics if not name.startswith("reference.n_"))
    assert "mcd_db" not in metrics
    assert metrics["prosody.happy.f0_mean_hz"] == pytest.approx(270, rel=0.1)


def test_prosody_is_compared_with_every_reference_clip(tmp_path, evaluate, synthetic_voice, references):
    """One held-out clip an emotion says little of a speaker, so those of the training count too."""
    (held_out,) = (each for each in references[:3] if each.emotion == "happy")
    samples, rate_hz = read_mono(held_out.path)
    for number in range(2):
        write_wav(tmp_path / f"quiet_{number}.wav", samples * 0.25, sample_rate_hz=rate_hz)
    write_wav(tmp_path / "silent.wav", samples * 0, sample_rate_hz=rate_hz)
    recorded = [
        Reference(tmp_path / f"{name}.wav", "not spoken", "happy", held_out.n_phones)
        for name in ("quiet_0", "quiet_1", "silent")
    ]
    before = evaluate(synthetic_voice, references=[held_out])
    after = evaluate(synthetic_voice, references=[held_out], recorded=recorded)
    level = "prosody.happy.energy_db"
    assert after[f"reference.{level}"] == pytest.approx(before[f"reference.{level}"] - 12.04 * 2 / 3, abs=0.01)
    assert after[level] == before[level]
    assert (before[f"{level}.within_15_percent"], after[f"{level}.within_15_percent"]) == (1, 0)
    rate = "reference.prosody.happy.rate_phones_per_s"
    assert after[rate] == pytest.approx(before[rate])
    assert after["reference.n_clips"] == before["reference.n_clips"] == 1, "no classifier hears them"


def test_a_missing_reference_is_an_error(tmp_path, evaluate, synthetic_voice):
    with pytest.raises(AudioError, match="gone.wav"):
        evaluate(synthetic_voice, references=[Reference(tmp_path / "gone.wav", "aiai", "happy", 4)])


def test_an_emotion_the_classifier_does_not_know_is_an_error(evaluate, synthetic_voice):
    with pytest.raises(CorpusError, match=r"does not know angry[\s\S]*found: a classifier of neutral, happy, sad"):
        evaluate(synthetic_voice, emotions=(*EMOTIONS, "angry"))


def test_plan_speaks_nothing_twice_and_shares_in_turn(sentences):
    tasks = plan_tasks(sentences, emotions=EMOTIONS, shared_sentences=3, seed=0)
    assert len({(task.sentence, task.emotion) for task in tasks}) == len(tasks) == 6 + 3 * 2
    shared = {task.sentence for task in tasks if task.shared}
    assert {sentences[number][1] for number in shared} == set(EMOTIONS), "one sentence written for each emotion"
    assert tasks == plan_tasks(sentences, emotions=EMOTIONS, shared_sentences=3, seed=0)
    assert tasks != plan_tasks(sentences, emotions=EMOTIONS, shared_sentences=3, seed=1)
    assert len(plan_tasks(sentences, emotions=EMOTIONS, shared_sentences=100, seed=0)) == 18


def test_plan_needs_sentences_in_known_emotions():
    with pytest.raises(CorpusError, match="no held-out sentence"):
        plan_tasks([], emotions=EMOTIONS, shared_sentences=3, seed=0)
    with pytest.raises(CorpusError, match=r"does not have: 'aiu'\n  found: angry"):
        plan_tasks([("aiu", "angry")], emotions=EMOTIONS, shared_sentences=3, seed=0)


@pytest.mark.parametrize(
    ("deaf", "wanted"), [((), (1.0, 0.9)), (("sad",), (2 / 3, 0.6))], ids=["all emotions", "sad spoken as neutral"]
)
def test_a_short_hearing(sentences, classifier, synthetic_voice, deaf, wanted):
    def speak(text, emotion, intensity):
        return synthetic_voice(text, "neutral" if emotion in deaf else emotion, intensity)

    metrics = spoken_metrics(
        sentences[:2], speak=speak, classifier=classifier, emotions=EMOTIONS, sample_rate_hz=RATE_HZ, speaker="one"
    )
    assert tuple(metrics) == SPOKEN_METRICS
    assert metrics["emotion_accuracy.balanced"] == pytest.approx(wanted[0])
    assert wanted[1] - 0.1 < metrics["emotion_probability"] <= wanted[0]
