"""The features of a clip: what they measure, and what must not matter to them."""

from __future__ import annotations

import numpy as np
import pytest
import soxr

from emotts.errors import AudioError
from emotts.recognition.emotion_features import (
    FEATURE_NAMES,
    PROSODIC_NAMES,
    SPECTRAL_NAMES,
    emotion_features,
    speech_frames,
)

RATE_HZ = 16_000


def named(clip, rate_hz=RATE_HZ):
    return dict(zip(FEATURE_NAMES, emotion_features(clip, sample_rate_hz=rate_hz), strict=True))


@pytest.fixture(scope="module")
def clip(make_acted):
    return make_acted("happy", 1)


def test_the_two_groups_are_the_whole():
    assert PROSODIC_NAMES + SPECTRAL_NAMES == FEATURE_NAMES
    assert len(set(FEATURE_NAMES)) == len(FEATURE_NAMES) == 53


@pytest.mark.parametrize("gain", [0.25, 0.031, 3.0])
def test_level_does_not_matter(clip, gain):
    plain = emotion_features(clip, sample_rate_hz=RATE_HZ)
    np.testing.assert_allclose(emotion_features(gain * clip, sample_rate_hz=RATE_HZ), plain, atol=1e-3)


def test_offset_does_not_matter(clip):
    plain = emotion_features(clip, sample_rate_hz=RATE_HZ)
    np.testing.assert_allclose(emotion_features(clip + 0.1, sample_rate_hz=RATE_HZ), plain, atol=1e-2)


@pytest.mark.parametrize("rate_hz", [22_050, 44_100, 48_000])
def test_rate_does_not_matter(clip, rate_hz):
    plain = emotion_features(clip, sample_rate_hz=RATE_HZ)
    other = emotion_features(soxr.resample(clip, RATE_HZ, rate_hz), sample_rate_hz=rate_hz)
    close = np.isclose(other, plain, rtol=0.02, atol=0.2)
    assert close.all(), [FEATURE_NAMES[place] for place in np.flatnonzero(~close)]


def test_silence_around_does_not_matter(clip):
    quiet = np.zeros(RATE_HZ, dtype=np.float32)
    plain, padded = named(clip), named(np.concatenate([quiet, clip, quiet]))
    for name in ("f0_mean_st", "f0_sd_st", "syllables_per_s", "pause_fraction", "mfcc1_mean"):
        assert padded[name] == pytest.approx(plain[name], rel=0.02, abs=0.05), name


def test_f0_is_that_of_the_voice(make_vowels):
    values = named(make_vowels("aaaaaaaaaa", f0_hz=200.0))
    assert values["f0_mean_st"] == pytest.approx(12.0, abs=0.05)
    assert values["f0_sd_st"] < 0.2
    assert values["voiced_fraction"] > 0.9


def test_f0_spread_is_that_of_the_sine(make_vowels):
    clip = make_vowels("aaaaaaaaaaaaaaaaaaaa", f0_hz=200.0, swing_st=3.0, per_second=4.5)
    assert named(clip)["f0_sd_st"] == pytest.approx(3 / np.sqrt(2), rel=0.05)


@pytest.mark.parametrize("per_second", [3.0, 5.0, 8.0])
def test_rate_counts_syllables(make_vowels, per_second):
    clip = make_vowels("aiaiaiaiaiaiaiai", f0_hz=200.0, per_second=per_second, gap=1.0)
    assert named(clip)["syllables_per_s"] == pytest.approx(per_second, rel=0.12)


def test_a_pause_is_measured(make_vowels):
    speech = make_vowels("aeaea", f0_hz=200.0)
    values = named(np.concatenate([speech, np.zeros(8000, dtype=np.float32), speech]))
    assert values["pauses_per_s"] == pytest.approx(1 / 2.5, rel=0.05)
    assert values["pause_s"] == pytest.approx(0.5, abs=0.05)
    assert named(speech)["pause_fraction"] == 0


def test_a_darker_voice_falls_steeper(make_vowels):
    bright, dark = (named(make_vowels("aeiuaeiu", f0_hz=200.0, fall=fall)) for fall in (0.6, 1.4))
    for name in ("tilt_mean_db_per_octave", "centroid_mean_octaves", "alpha_ratio_db"):
        assert dark[name] < bright[name], name
    # harmonics weaker by h**-0.8 fall by 0.8 * 6.02 dB an octave more
    assert dark["tilt_mean_db_per_octave"] - bright["tilt_mean_db_per_octave"] == pytest.approx(-4.8, abs=0.8)


@pytest.mark.parametrize(
    "clip",
    [
        np.zeros(16_000),
        np.full(16_000, 0.3),
        np.array([0.1]),
        np.eye(1, 16_000)[0],
        np.random.default_rng(0).normal(0, 0.1, 16_000),
        np.sin(np.arange(500) * 0.1),
    ],
    ids=["zeros", "constant", "one sample", "click", "noise", "short"],
)
def test_degenerate_clips_have_finite_features(clip):
    assert np.isfinite(emotion_features(clip, sample_rate_hz=RATE_HZ)).all()


def test_silence_is_all_zero_and_has_no_frames():
    assert not emotion_features(np.zeros(16_000), sample_rate_hz=RATE_HZ).any()
    assert speech_frames(np.zeros(16_000), sample_rate_hz=RATE_HZ) is None


@pytest.mark.parametrize(
    ("clip", "rate_hz", "message"),
    [
        (np.array([0.0, np.nan, np.inf]), 16_000, "2 of 3 samples are NaN or infinite"),
        (np.zeros(0), 16_000, "holds no samples"),
        (np.zeros((2, 5)), 16_000, r"not one channel\n  found: shape \(2, 5\)"),
        (np.ones(5), 0, "sample rate cannot be used"),
    ],
)
def test_unusable_clips_are_refused(clip, rate_hz, message):
    with pytest.raises(AudioError, match=message):
        emotion_features(clip, sample_rate_hz=rate_hz)
