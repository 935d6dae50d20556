"""Loudness, true peak and gain, against the values that ITU-R BS.1770-4 and EBU Tech 3341 give for tones."""

import numpy as np
import pytest

from emotts.audio.r128 import LoudnessMeter, true_peak

RATE_HZ = 48000
TOLERANCE_LU = 0.1
"""What EBU Tech 3341 allows a meter."""


def tone(level_db: float, seconds: float = 2.0, *, pitch_hz: float = 997.0, phase: float = 0.0) -> np.ndarray:
    times = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    return (10 ** (level_db / 20) * np.sin(2 * np.pi * pitch_hz * times + phase)).astype(np.float32)


def meter(*clips: np.ndarray) -> LoudnessMeter:
    made = LoudnessMeter(RATE_HZ)
    for clip in clips:
        made.add(clip)
    return made


def test_a_tone_at_full_scale_in_one_channel_has_three_below_zero() -> None:
    assert meter(tone(0.0)).loudness_lufs == pytest.approx(-3.01, abs=TOLERANCE_LU)
    assert meter(tone(-20.0)).loudness_lufs == pytest.approx(-23.01, abs=TOLERANCE_LU)


def test_clips_count_together_and_silence_does_not() -> None:
    loud, quiet = tone(-20.0), tone(-40.0)
    assert meter(loud, np.zeros(RATE_HZ, np.float32), quiet).loudness_lufs == pytest.approx(-23.01, abs=TOLERANCE_LU)
    both = 10 * np.log10((10**-2.301 + 10**-2.601) / 2)
    assert meter(loud, tone(-23.0)).loudness_lufs == pytest.approx(both, abs=TOLERANCE_LU)
    assert meter(np.zeros(RATE_HZ, np.float32)).loudness_lufs is None


def test_a_peak_between_the_samples_is_found() -> None:
    clip = tone(0.0, 0.5, pitch_hz=12000.0, phase=np.pi / 4)
    assert np.abs(clip).max() == pytest.approx(0.7071, abs=1e-4)
    assert true_peak(clip[2000:-2000], sample_rate_hz=RATE_HZ) == pytest.approx(1.0, abs=0.03)


def test_the_gain_reaches_the_loudness_but_not_above_the_true_peak() -> None:
    measured = meter(tone(-20.0))
    assert measured.gain(-33.01, max_true_peak_db=-1.0) == pytest.approx(10 ** (-10 / 20), rel=0.012)
    assert measured.gain(-13.01, max_true_peak_db=-1.0) == pytest.approx(10 ** (10 / 20), rel=0.012)
    assert measured.gain(-3.01, max_true_peak_db=-1.0) == pytest.approx(10 ** (19 / 20), rel=0.012)
    loud = meter(tone(-0.5))
    assert loud.gain(0.0, max_true_peak_db=-1.0) == 1.0, "a peak that is too high already is not lowered"
    assert meter(np.zeros(RATE_HZ, np.float32)).gain(-23.0, max_true_peak_db=-1.0) == 1.0


def test_of_a_clip_shorter_than_a_block_the_peak_counts() -> None:
    measured = meter(tone(-20.0), tone(-6.0, 0.1))
    assert measured.loudness_lufs == pytest.approx(-23.01, abs=TOLERANCE_LU)
    assert measured.gain(-3.01, max_true_peak_db=0.0) == pytest.approx(10 ** (6 / 20), rel=0.012)
