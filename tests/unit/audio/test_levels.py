"""A recording's own levels: the power of each 10 ms, the threshold between noise and speech, the spans above it."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from emotts.audio.levels import frame_levels, power_curve, silence_threshold, sounding_spans


def test_the_power_of_every_ten_milliseconds_over_all_channels(tmp_path: Path) -> None:
    path = tmp_path / "take.wav"
    left = np.repeat([0.5, 0.0, 0.25], 160)
    soundfile.write(path, np.stack([left, np.zeros_like(left)], axis=1)[:-80], 16000)
    assert power_curve(path).tolist() == [0.125, 0.0, 0.03125]
    assert power_curve(path, start_ms=10, end_ms=20).tolist() == [0.0]


def test_levels_are_means_of_thirty_milliseconds() -> None:
    assert frame_levels(np.array([1.0, 1.0, 1.0, 0.1])).round(3).tolist() == [0.0, 0.0, -1.549, -3.979]
    assert frame_levels(np.zeros(2)).tolist() == pytest.approx([-90.0, -90.0])


@pytest.mark.parametrize(
    ("noise_db", "speech_db", "wanted_db"),
    [
        (-60.0, -20.0, -42.0),  # 22 dB under the speech lies below the middle
        (-50.0, -20.0, -42.0),  # 22 dB under the speech lies 8 dB over the noise
        (-38.0, -20.0, -30.0),  # 8 dB over the noise
        (-90.0, -20.0, -55.0),  # the middle
    ],
)
def test_the_threshold_lies_between_noise_and_speech(noise_db: float, speech_db: float, wanted_db: float) -> None:
    levels = np.array([noise_db] * 30 + [speech_db] * 70)
    assert silence_threshold(levels) == pytest.approx(wanted_db)


def test_a_shorter_silence_belongs_to_the_span() -> None:
    levels = np.full(100, -60.0)
    levels[[*range(10, 20), *range(34, 40), *range(80, 100)]] = -20.0
    assert sounding_spans(levels, threshold_db=-40.0, min_silence_ms=140) == [(100, 200), (340, 400), (800, 1000)]
    assert sounding_spans(levels, threshold_db=-40.0, min_silence_ms=141) == [(100, 400), (800, 1000)]
    assert sounding_spans(levels, threshold_db=-20.0, min_silence_ms=10) == []
