"""The packaged speaker encoder: one voice is near itself, another is not."""

from __future__ import annotations

import importlib.util
import sys

import numpy as np
import pytest
from support.demo_clips import RATE_HZ, demo_clips

from emotts.errors import AudioError, CheckpointError, EmottsError
from emotts.recognition.speaker_encoder import SpeakerEncoder

PACKAGE = "resemblyzer"


@pytest.fixture(scope="module")
def encoder():
    if importlib.util.find_spec(PACKAGE) is None:
        pytest.skip("needs `pip install --no-deps resemblyzer`")
    return SpeakerEncoder.load()


def test_one_voice_is_near_itself_and_far_from_another(encoder):
    pytest.importorskip("espeakng_loader", reason="needs the extra espeak")
    from tools.render.espeak_library import Espeak

    said = demo_clips("neutral", count=4)
    own = np.stack([encoder.embed(samples, RATE_HZ) for _, samples in said])
    np.testing.assert_allclose(np.linalg.norm(own, axis=1), 1)
    assert (own @ own.T).min() > 0.85
    with Espeak("ko") as voice:
        other = np.stack([encoder.embed(voice.speak(text), voice.sample_rate_hz) for text, _ in said])
    assert (other @ other.T).min() > 0.85
    assert (own @ other.T).max() < 0.6


def test_level_and_silence_around_do_not_matter_and_the_rate_hardly(encoder):
    ((_, samples),) = demo_clips("neutral", count=1)
    vector = encoder.embed(samples, RATE_HZ)
    quiet = np.zeros(RATE_HZ, np.float32)
    assert vector @ encoder.embed(np.concatenate([quiet, samples / 10, quiet]), RATE_HZ) == pytest.approx(1, abs=1e-4)
    assert vector @ encoder.embed(samples[::2], RATE_HZ // 2) > 0.8
    assert vector @ encoder.embed(samples[: RATE_HZ // 2], RATE_HZ) > 0.5, "shorter than a part"


@pytest.mark.parametrize(
    ("clip", "message"),
    [(np.zeros(8000), "is silent"), (np.zeros(0), "holds no samples"), (np.full(9, np.nan), "9 of 9 samples are NaN")],
)
def test_clips_without_speech_are_refused(clip, message):
    with pytest.raises(AudioError, match=message):
        SpeakerEncoder().embed(clip, RATE_HZ)


def test_a_missing_package_is_named_with_the_command(monkeypatch):
    monkeypatch.setitem(sys.modules, PACKAGE, None)
    with pytest.raises(EmottsError, match=r"not installed\n[\s\S]*pip install --no-deps resemblyzer==0.1.4"):
        SpeakerEncoder.load()


def test_damaged_weights(monkeypatch, tmp_path):
    folder = tmp_path / PACKAGE
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "pretrained.pt").write_bytes(b"nothing")
    monkeypatch.delitem(sys.modules, PACKAGE, raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(CheckpointError, match=r"pretrained.pt: weights of the speaker classifier are damaged"):
        SpeakerEncoder.load()
