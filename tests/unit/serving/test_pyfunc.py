"""The registered model: tables of texts with every control of a call, and errors that name the column or the row."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import soundfile
from support.tiny_voice import DESCRIPTION, make_synthesizer

from emotts import Voice
from emotts.checkpoint.voice_folder import write_voice
from emotts.errors import ConfigError, CorpusError
from emotts.serving.pyfunc import VoiceModel
from emotts.serving.requirements import serving_requirements
from emotts.tracking import Tracker, register_voice
from emotts.tracking.store import at_store
from emotts.workflows.code import package_folder


@pytest.fixture(scope="module")
def voice() -> Voice:
    return Voice(make_synthesizer(), DESCRIPTION)


def heard(answer: pd.DataFrame) -> list[np.ndarray]:
    """Return the samples of every row."""
    assert list(answer.columns) == ["wav_base64", "sample_rate_hz"]
    sounds = []
    for wav, rate_hz in zip(answer["wav_base64"], answer["sample_rate_hz"], strict=True):
        samples, found_hz = soundfile.read(io.BytesIO(base64.b64decode(wav)), dtype="float32")
        assert found_hz == rate_hz == 16000
        sounds.append(samples)
    return sounds


ROWS: list[dict[str, Any]] = [
    {"text": "안녕하세요.", "emotion": "happy", "intensity": 0.5, "speed": 2.0, "speaker": "yuna", "seed": 7},
    {"text": "네, 좋아요. 가요.", "pitch_shift": 3.0, "pitch_range": 0.5, "pause_scale": 2.0, "noise_scale": 0.0},
    {"text": "[happy] 네."},
]


def test_rows_are_spoken_as_the_voice_speaks_them(voice: Voice) -> None:
    table = pd.DataFrame(ROWS)
    assert table["seed"].dtype == float, "a column with gaps"
    for samples, row in zip(heard(VoiceModel(voice).predict(table)), ROWS, strict=True):
        said = dict(row)
        wanted = voice.speak(said.pop("text"), **said).samples
        np.testing.assert_allclose(samples, wanted, atol=1 / 32768)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"text": "네.", "emotoin": "happy"}, "unknown column 'emotoin'\n[\\s\\S]*to do: did you mean 'emotion'\\?"),
        ({"text": "네.", 0: 1}, "unknown column '0'\n  wanted: some of text, emotion, speaker, intensity, speed"),
        ({"Text": "네."}, "unknown column 'Text'\n[\\s\\S]*did you mean 'text'"),
        ({"emotion": "happy"}, "no column for the text\n  found: emotion\n  wanted: text"),
        ({"text": None, "emotion": "happy"}, "row 1: there is no text"),
        ({"text": "네.", "speed": "fast"}, "row 1: speed cannot be used\n  found: 'fast'\n  wanted: a number"),
        ({"text": "네.", "seed": 1.5}, "row 1: seed cannot be used\n  found: 1.5\n  wanted: a whole number"),
        ({"text": "네.", "pitch_shift": 13.0}, "pitch shift 13.0 cannot be used\n  wanted: a number from -12 to 12"),
    ],
)
def test_what_cannot_be_spoken_is_named(voice: Voice, row: dict[Any, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        VoiceModel(voice).predict(pd.DataFrame([row]))


def test_an_emotion_that_the_voice_has_never_heard(voice: Voice) -> None:
    with pytest.raises(CorpusError, match="never heard 'angry'"):
        VoiceModel(voice).predict(pd.DataFrame([{"text": "네.", "emotion": "angry"}]))


@pytest.mark.slow
def test_mlflow_hands_every_column_over(voice: Voice, tmp_path: Path) -> None:
    write_voice(tmp_path / "voice", make_synthesizer(), DESCRIPTION)
    with Tracker(tmp_path, experiment="voices", name="one") as tracker:
        version = register_voice(
            tracker,
            tmp_path / "voice",
            name="emotts",
            loader_module="emotts.serving.pyfunc",
            code=package_folder(),
            requirements=serving_requirements(bert=False),
            example={"text": "네.", "emotion": "happy"},
        )
    with at_store(tmp_path) as store:
        model = store.pyfunc.load_model(f"models:/emotts/{version}")
    (samples,) = heard(model.predict(pd.DataFrame([{"text": "네.", "pitch_shift": 3, "seed": 4}])))
    np.testing.assert_allclose(samples, voice.speak("네.", pitch_shift=3.0, seed=4).samples, atol=1 / 32768)
    with pytest.raises(ConfigError, match="unknown column 'pitch'"):
        model.predict(pd.DataFrame([{"text": "네.", "pitch": 3}]))
