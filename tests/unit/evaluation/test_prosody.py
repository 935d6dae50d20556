"""Prosody of clips whose F0, level and tempo are known, and its means and differences."""

from __future__ import annotations

import math

import numpy as np
import pytest

from emotts.evaluation.prosody import (
    Prosody,
    f0_contour,
    measure_prosody,
    prosody_by_emotion,
    ratios,
)

RATE_HZ = 16_000


@pytest.mark.parametrize("f0_hz", [90.0, 160.0, 250.0, 400.0])
def test_f0_is_within_one_percent(make_vowels, f0_hz):
    found = measure_prosody(make_vowels("aeiuaeiuae", f0_hz=f0_hz), sample_rate_hz=RATE_HZ)
    assert found.f0_mean_hz == pytest.approx(f0_hz, rel=0.01)
    assert found.f0_sd_semitones < 0.3


def test_spread_and_range_are_those_of_the_sine(make_vowels):
    clip = make_vowels("a" * 25, f0_hz=200.0, swing_st=3.0, per_second=4.5)
    found = measure_prosody(clip, sample_rate_hz=RATE_HZ)
    assert found.f0_sd_semitones == pytest.approx(3 / math.sqrt(2), rel=0.05)
    assert found.f0_range_semitones == pytest.approx(6 * math.cos(math.pi * 0.05), rel=0.05)


def test_duration_and_rate_leave_silence_and_pauses_out(make_vowels):
    speech = make_vowels("aeiua", f0_hz=200.0)
    quiet = np.zeros(RATE_HZ, dtype=np.float32)
    found = measure_prosody(np.concatenate([quiet, speech, quiet, speech, quiet]), sample_rate_hz=RATE_HZ, n_phones=10)
    assert found.duration_s == pytest.approx(3.0, abs=0.06)
    assert found.rate_phones_per_s == pytest.approx(5.0, rel=0.05)
    assert found.pause_s == pytest.approx(1.0, abs=0.06)
    assert found.pause_fraction == found.pause_s / found.duration_s


def test_pauses_under_100_ms_and_silence_around_the_speech_are_none(make_vowels):
    speech, gap = make_vowels("aei", f0_hz=200.0), np.zeros(RATE_HZ // 20, dtype=np.float32)
    quiet = np.zeros(RATE_HZ, dtype=np.float32)
    found = measure_prosody(np.concatenate([quiet, speech, gap, speech, quiet]), sample_rate_hz=RATE_HZ, n_phones=6)
    assert (found.pause_s, found.pause_fraction) == (0.0, 0.0)


def test_level_is_that_of_the_speech(make_vowels):
    clip = make_vowels("aaaaa", f0_hz=200.0)
    level_db = 10 * math.log10(float((clip.astype(float) ** 2).mean()))
    found = measure_prosody(clip, sample_rate_hz=RATE_HZ)
    assert found.energy_db == pytest.approx(level_db, abs=0.5)
    quieter = measure_prosody(clip / 10, sample_rate_hz=RATE_HZ)
    assert quieter.energy_db == pytest.approx(found.energy_db - 20, abs=0.01)
    padded = measure_prosody(np.concatenate([clip, np.zeros(48_000, np.float32)]), sample_rate_hz=RATE_HZ)
    assert padded.energy_db == pytest.approx(found.energy_db, abs=0.2)


def test_what_does_not_exist_is_nan():
    silent = measure_prosody(np.zeros(RATE_HZ), sample_rate_hz=RATE_HZ, n_phones=5)
    assert silent.duration_s == 0
    assert math.isnan(silent.f0_mean_hz)
    assert math.isnan(silent.rate_phones_per_s)
    hiss = measure_prosody(np.random.default_rng(0).normal(0, 0.1, RATE_HZ), sample_rate_hz=RATE_HZ)
    assert math.isnan(hiss.rate_phones_per_s)
    assert hiss.duration_s == pytest.approx(1.0, abs=0.05)


def test_contour_starts_with_the_speech(make_vowels):
    clip = np.concatenate([np.zeros(RATE_HZ, np.float32), make_vowels("aaaaa", f0_hz=220.0)])
    times_s, f0_hz = f0_contour(clip, sample_rate_hz=RATE_HZ)
    assert times_s[0] == 0
    assert times_s[-1] == pytest.approx(1.0, abs=0.05)
    assert np.nanmedian(f0_hz) == pytest.approx(220, rel=0.005)
    assert [part.size for part in f0_contour(np.zeros(RATE_HZ), sample_rate_hz=RATE_HZ)] == [0, 0]


def test_means_leave_out_what_does_not_exist():
    first = Prosody(200.0, 2.0, 5.0, -20.0, math.nan, 0.25, 0.25, 1.0)
    second = Prosody(300.0, 4.0, 7.0, -30.0, 6.0, 0.75, 0.25, 3.0)
    table = prosody_by_emotion([("happy", first), ("sad", first), ("happy", second)])
    assert table["happy"] == Prosody(250.0, 3.0, 6.0, -25.0, 6.0, 0.5, 0.25, 2.0)
    assert list(table) == ["happy", "sad"]
    assert math.isnan(table["sad"].rate_phones_per_s)


def test_ratios_are_shares_and_of_the_level_amplitudes():
    voice = Prosody(220.0, 1.0, 6.0, -14.0, math.nan, 0.5, 0.25, 2.0)
    reference = Prosody(200.0, 2.0, 0.0, -20.0, 5.0, 2.0, 0.5, 4.0)
    found = ratios(voice, reference)
    assert found["f0_mean_hz"] == pytest.approx(1.1)
    assert found["f0_sd_semitones"] == 0.5
    assert found["pause_fraction"] == 0.5
    assert not {"duration_s", "pause_s"} & found.keys(), "the texts may differ"
    assert found["energy_db"] == pytest.approx(10**0.3)
    assert math.isnan(found["f0_range_semitones"])
    assert math.isnan(found["rate_phones_per_s"])


@pytest.mark.parametrize("gain", [0.5, 1.2])
def test_ratios_of_clips_are_those_they_were_made_with(make_vowels, gain):
    reference = make_vowels("aeiuaeiu" * 3, f0_hz=200.0, swing_st=3.0, per_second=4.0)
    voice = gain * make_vowels("aeiuaeiu" * 3, f0_hz=230.0, swing_st=1.5, per_second=5.0)
    ours, theirs = (measure_prosody(clip, sample_rate_hz=RATE_HZ, n_phones=24) for clip in (voice, reference))
    found = ratios(ours, theirs)
    assert found["f0_mean_hz"] == pytest.approx(1.15, rel=0.02)
    assert found["f0_range_semitones"] == pytest.approx(0.5, rel=0.05)
    assert found["rate_phones_per_s"] == pytest.approx(1.25, rel=0.05)
    amplitudes = [float(np.sqrt((clip.astype(float) ** 2).mean())) for clip in (voice, reference)]
    assert found["energy_db"] == pytest.approx(amplitudes[0] / amplitudes[1], rel=0.03)
