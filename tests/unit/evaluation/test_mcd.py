"""Mel-cepstral distortion: zero with itself, blind to level and length, the formula, and clear differences."""

from __future__ import annotations

import math

import numpy as np
import pytest
import soxr

from emotts.errors import AudioError
from emotts.evaluation.mcd import N_COEFFICIENTS, mel_cepstra, mel_cepstral_distortion, warped_cepstra

RATE_HZ = 16_000


def distortion(first, second, first_rate_hz=RATE_HZ, second_rate_hz=RATE_HZ):
    return mel_cepstral_distortion(first, second, first_rate_hz=first_rate_hz, second_rate_hz=second_rate_hz)


def test_a_clip_and_itself_are_exactly_zero_apart(make_vowels):
    clip = make_vowels("aeiua", f0_hz=200.0, swing_st=2.0)
    assert distortion(clip, clip) == 0.0


def test_level_and_silence_around_hardly_matter(make_vowels):
    clip = make_vowels("aeiua", f0_hz=200.0)
    quiet = np.zeros(RATE_HZ, dtype=np.float32)
    assert distortion(clip, clip / 8) < 1e-6
    assert distortion(clip, np.concatenate([quiet, clip, quiet])) < 0.5


def test_other_vowels_are_far_apart(make_vowels):
    first, second = make_vowels("aaaaa", f0_hz=200.0), make_vowels("iiiii", f0_hz=200.0)
    assert distortion(first, second) > 3
    assert distortion(first, second) == pytest.approx(distortion(second, first), rel=1e-6)


def test_tempo_and_pitch_matter_less_than_vowels(make_vowels):
    plain = make_vowels("aeiua", f0_hz=200.0)
    slower = make_vowels("aeiua", f0_hz=200.0, per_second=3.5)
    wrong = make_vowels("uiaei", f0_hz=200.0)
    assert distortion(plain, slower) < 0.4 * distortion(plain, wrong)


@pytest.mark.parametrize("rate_hz", [22_050, 44_100])
def test_rates_may_differ(make_vowels, rate_hz):
    clip = make_vowels("aeiua", f0_hz=200.0)
    other = soxr.resample(clip, RATE_HZ, rate_hz)
    assert distortion(clip, other, second_rate_hz=rate_hz) < 0.5


def test_cepstra_of_a_known_envelope():
    """An envelope of one cosine on the warped axis has one coefficient: half the amplitude of the log power."""
    bins = np.linspace(0, np.pi, 4097)
    warped = bins + 2 * np.arctan2(0.41 * np.sin(bins), 1 - 0.41 * np.cos(bins))
    power = np.exp(2 * 0.7 * np.cos(3 * warped) + 5.0)[None]
    wanted = np.zeros(N_COEFFICIENTS)
    wanted[2] = 0.7
    np.testing.assert_allclose(warped_cepstra(power)[0], wanted, atol=1e-4)


def test_the_formula(make_vowels):
    """Two steady spectra differ by 10 / ln 10 * sqrt(2 * sum of squares)."""
    first = mel_cepstra(make_vowels("aaaaa", f0_hz=200.0), sample_rate_hz=RATE_HZ)
    assert first.shape[1] == 24
    second = mel_cepstra(make_vowels("iiiii", f0_hz=200.0), sample_rate_hz=RATE_HZ)
    middle = 10 / math.log(10) * math.sqrt(2 * ((np.median(first, 0) - np.median(second, 0)) ** 2).sum())
    found = distortion(make_vowels("aaaaa", f0_hz=200.0), make_vowels("iiiii", f0_hz=200.0))
    assert found == pytest.approx(middle, rel=0.15)


@pytest.mark.parametrize(
    ("clip", "message"),
    [(np.zeros(8000), "is silent"), (np.zeros(0), "holds no samples"), (np.full(9, np.nan), "9 of 9 samples are NaN")],
)
def test_clips_without_speech_are_refused(make_vowels, clip, message):
    with pytest.raises(AudioError, match=message):
        distortion(make_vowels("a", f0_hz=200.0), clip)
