"""Speech found by Silero VAD in lines of the demo recording."""

import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
from support.demo_clips import RATE_HZ, demo_clips

from emotts.audio.voice_activity import find_voice
from emotts.errors import ConfigError


def write_take(path: Path, *parts: np.ndarray) -> list[tuple[float, float]]:
    """Write clips with 0.6 s of noise at -45 dBFS before, between and after them; return their times in ms."""
    pause = np.zeros(round(0.6 * RATE_HZ))
    times, pieces, at = [], [pause], len(pause)
    for part in parts:
        times.append((1000 * at / RATE_HZ, 1000 * (at + len(part)) / RATE_HZ))
        pieces += [part, pause]
        at += len(part) + len(pause)
    sound = np.concatenate(pieces)
    sound += 10 ** (-45 / 20) * np.random.default_rng(1).standard_normal(len(sound))
    soundfile.write(path, sound, RATE_HZ, subtype="PCM_16")
    return times


def test_speech_in_noise_is_found_and_noise_is_not(tmp_path: Path) -> None:
    lines = [samples for _, samples in demo_clips("sad", count=2)]
    times = write_take(tmp_path / "take.wav", *lines)
    found = find_voice(tmp_path / "take.wav", min_silence_ms=400)
    assert len(found) == 2
    np.testing.assert_allclose(found, times, atol=200)
    write_take(tmp_path / "noise.wav", np.zeros(RATE_HZ))
    assert find_voice(tmp_path / "noise.wav", min_silence_ms=400) == []


def test_speech_to_the_end_of_the_recording(tmp_path: Path) -> None:
    _, line = demo_clips("sad", count=1)[0]
    soundfile.write(tmp_path / "take.wav", line[: RATE_HZ + 10], RATE_HZ)
    assert find_voice(tmp_path / "take.wav", min_silence_ms=400)[-1][1] == 1000


def test_without_the_package_the_message_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "silero_vad", None)
    with pytest.raises(ConfigError, match=r"detects speech is not installed\n.*silero\n.*\n  to do: pip install 'emo"):
        find_voice(tmp_path / "take.wav", min_silence_ms=400)
