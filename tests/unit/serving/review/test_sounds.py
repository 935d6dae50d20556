"""The sound that the page draws and plays: a part of a recording with 1.5 s around it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from support.review_pieces import entries, spoken, take

from emotts.corpus.corrections.entry import Entry
from emotts.errors import AudioError
from emotts.serving.review.sounds import Sounds, Window

RATE_HZ = 8000
LENGTH_S = 10.0
NAME = "한국어/기쁨/take 1.wav"
TAKE = take(NAME, duration_s=LENGTH_S)


def piece(start_s: float, end_s: float) -> Entry:
    (entry,) = entries(spoken(start_s, end_s, "말", recording=NAME), takes=[TAKE])
    return entry


@pytest.fixture
def samples() -> np.ndarray:
    return np.random.default_rng(1).integers(-9000, 9000, round(LENGTH_S * RATE_HZ), dtype=np.int16)


@pytest.fixture
def sounds(tmp_path: Path, samples: np.ndarray) -> Iterator[Sounds]:
    path = tmp_path / NAME
    path.parent.mkdir(parents=True)
    soundfile.write(path, samples, RATE_HZ, subtype="PCM_16")
    (tmp_path / "secret.wav").write_bytes(path.read_bytes())
    opened = Sounds(tmp_path)
    opened.know({NAME: TAKE})
    yield opened
    opened.close()


def test_a_part_is_the_recording_sample_by_sample(sounds: Sounds, samples: np.ndarray) -> None:
    window = sounds.window(piece(4.0, 6.0))
    assert (window.start_s, window.end_s) == (2.5, 7.5)
    found, rate_hz = soundfile.read(io.BytesIO(sounds.wav(window)), dtype="int16")
    assert rate_hz == RATE_HZ
    assert np.array_equal(found, samples[20000:60000])


def test_a_window_ends_with_the_recording(sounds: Sounds) -> None:
    window = sounds.window(piece(0.5, 9.5))
    assert (window.start_s, window.end_s) == (0.0, 10.0)
    assert window.url == (
        "/sound?recording=%ED%95%9C%EA%B5%AD%EC%96%B4%2F%EA%B8%B0%EC%81%A8%2Ftake+1.wav&start_s=0.000&end_s=10.000"
    )


@pytest.mark.parametrize(
    ("window", "message"),
    [
        (Window("secret.wav", 0.0, 1.0), "there is no such recording\n  found: 'secret.wav'"),
        (Window(f"../{NAME}", 0.0, 1.0), "there is no such recording"),
        (Window(NAME, 12.0, 13.0), "part of the recording is empty or outside of it"),
        (Window(NAME, 3.0, 2.0), "part of the recording is empty or outside of it"),
        (Window(NAME, 0.0, 121.0), "part is too long\n  found: 121 s\n  wanted: 120.0 s"),
    ],
)
def test_nothing_else_is_read(sounds: Sounds, window: Window, message: str) -> None:
    with pytest.raises(AudioError) as caught:
        sounds.wav(window)
    assert message in str(caught.value)
