"""F0 of known sounds, frame by frame."""

from __future__ import annotations

import numpy as np
import pytest

from emotts.features.pitch import frame_pitch, track_f0

RATE_HZ = 22050


def pulses(f0_hz: np.ndarray) -> np.ndarray:
    """Return harmonics 1 to 20 of a pitch given for every sample."""
    phase = 2 * np.pi * np.cumsum(f0_hz) / RATE_HZ
    return np.asarray(0.02 * np.cos(np.arange(1, 21)[:, None] * phase).sum(axis=0))


def test_a_frame_has_the_pitch_of_its_centre() -> None:
    n_frames, hop = 120, 256
    rising = np.linspace(150.0, 300.0, n_frames * hop)
    pitch = frame_pitch(pulses(rising).astype(np.float32), sample_rate_hz=RATE_HZ, hop_length=hop)
    assert pitch.dtype == np.float32
    assert pitch.shape == (n_frames,)
    centres = rising[hop // 2 :: hop]
    np.testing.assert_allclose(pitch[5:-5] * RATE_HZ, centres[5:-5], rtol=2e-3)


def test_silence_and_noise_have_no_pitch() -> None:
    noise = np.random.default_rng(0).normal(scale=0.05, size=100 * 256).astype(np.float32)
    assert frame_pitch(np.zeros(2560, dtype=np.float32), sample_rate_hz=RATE_HZ, hop_length=256).tolist() == [0.0] * 10
    assert (frame_pitch(noise, sample_rate_hz=RATE_HZ, hop_length=256) > 0).mean() < 0.2


def test_speech_in_the_middle_of_silence() -> None:
    samples = np.zeros(200 * 256, dtype=np.float32)
    samples[60 * 256 : 140 * 256] = pulses(np.full(80 * 256, 180.0))
    pitch = frame_pitch(samples, sample_rate_hz=RATE_HZ, hop_length=256)
    assert pitch[65:135].min() * RATE_HZ == pytest.approx(180.0, rel=5e-3)
    assert pitch[65:135].max() * RATE_HZ == pytest.approx(180.0, rel=5e-3)
    assert not pitch[:55].any()
    assert not pitch[145:].any()


@pytest.mark.parametrize("n_samples", [256, 300, 1000])
def test_clips_shorter_than_a_window(n_samples: int) -> None:
    samples = np.full(n_samples, 0.1, dtype=np.float32)
    pitch = frame_pitch(samples, sample_rate_hz=RATE_HZ, hop_length=256)
    assert pitch.shape == (n_samples // 256,)


def test_frames_outside_of_active_speech_are_unvoiced() -> None:
    clip = pulses(np.full(RATE_HZ, 200.0))
    active = np.arange(100) < 50
    f0_hz = track_f0(clip, sample_rate_hz=RATE_HZ, frame_ms=10, active=active)
    assert f0_hz.shape == (100,)
    np.testing.assert_allclose(f0_hz[5:45], 200.0, rtol=5e-3)
    assert not f0_hz[50:].any()
