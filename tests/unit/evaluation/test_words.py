"""The lanes of an evaluation: recording, its copy, and the voice, heard by one recogniser."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from emotts.evaluation.intelligibility import Transcriber
from emotts.evaluation.plan import Task
from emotts.evaluation.spoken import Clip
from emotts.evaluation.words import word_metrics
from emotts.text.frontend import front_end

HEARD = {1: "가다", 2: "가나", 3: "바다"}


class ByLength:
    """Hears what belongs to a clip's number of seconds."""

    def transcribe(self, samples: np.ndarray, sample_rate_hz: int) -> str:
        return HEARD[len(samples) // sample_rate_hz]


def clip(text: str, seconds: int, *, emotion: str = "sad", own: bool = True) -> Clip:
    sound = np.full(8000 * seconds, 0.25, np.float32)
    return Clip(Task(0, text, emotion, own=own, shared=False), sound, 8000, None, emotion, 0.5, None)


def copied(samples: np.ndarray, emotion: str) -> np.ndarray:
    assert emotion == "sad"
    return np.concatenate([samples, np.full(8000, 0.25, np.float32)])


def test_every_lane_is_heard_and_the_same_sentences_apart(tmp_path: Path) -> None:
    path = tmp_path / "transcripts.json"
    transcriber = Transcriber(ByLength(), front_end("KR"))
    voice = [clip("가다", 3), clip("바다", 3), clip("가다", 1, emotion="happy", own=False)]
    metrics = word_metrics(voice, [clip("가다", 1)], transcriber, copy=copied, seed=0, path=path)
    lanes = {lane: metrics[f"phone_errors.{lane}"] for lane in ("recording", "copy", "same_text", "spoken")}
    assert lanes == {"recording": 0.0, "copy": 0.25, "same_text": 0.25, "spoken": 0.125}
    assert metrics["phone_errors.copy.plain_plosive"] == metrics["phone_errors.same_text.plain_plosive"] == 0.5
    assert (metrics["cer"], metrics["reference.cer"]) == (0.25, 0.0)
    rows = json.loads(path.read_text(encoding="utf-8"))
    assert [(row["heard"], row["reference"]) for row in rows] == [("바다", False), ("바다", False), ("가다", True)]


def test_a_voice_that_copies_nothing_or_silence(tmp_path: Path) -> None:
    path = tmp_path / "transcripts.json"
    transcriber = Transcriber(ByLength(), front_end("KR"))
    pair = ([clip("가다", 1)], [clip("가다", 1)])
    metrics = word_metrics(*pair, transcriber, copy=None, seed=0, path=path)
    assert not any(name.startswith("phone_errors.copy") for name in metrics)
    metrics = word_metrics(*pair, transcriber, copy=lambda samples, _: 0 * samples, seed=0, path=path)
    assert metrics["phone_errors.copy"] == 1.0, "nothing is heard in silence"
    assert metrics["phone_errors.recording"] == 0.0
