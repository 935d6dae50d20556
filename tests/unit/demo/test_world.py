"""The WORLD rules on a synthetic vowel whose pitch is known."""

import numpy as np
import pytest

from emotts.demo.world import RULES, EmotionRule, analyse, synthesise, transform, vary

RATE_HZ = 24_000
CENTRE_HZ = 220.0


@pytest.fixture(scope="module")
def vowel() -> np.ndarray:
    """Two swings (4/3 s) of harmonics through three formants, pitch swinging 2 st around 220 Hz."""
    times = np.arange(4 * RATE_HZ // 3) / RATE_HZ
    pitch = CENTRE_HZ * 2.0 ** (2.0 * np.sin(2 * np.pi * 1.5 * times) / 12.0)
    phase = 2 * np.pi * np.cumsum(pitch) / RATE_HZ
    wave = np.zeros_like(times)
    for harmonic in range(1, 30):
        frequency = harmonic * CENTRE_HZ
        gain = sum(1.0 / (1.0 + ((frequency - formant) / 150.0) ** 2) for formant in (700.0, 1200.0, 2600.0))
        wave += (gain + 0.02) * np.sin(harmonic * phase)
    return (0.1 * wave / np.abs(wave).max()).astype(np.float32)


def spoken(vowel: np.ndarray, rule: EmotionRule) -> np.ndarray:
    voice = analyse(vowel, sample_rate_hz=RATE_HZ)
    return synthesise(transform(voice, rule, generator=np.random.default_rng(0), centre_hz=CENTRE_HZ))


def pitch_st(samples: np.ndarray) -> np.ndarray:
    f0 = analyse(samples, sample_rate_hz=RATE_HZ).f0_hz
    return 12.0 * np.log2(f0[f0 > 0] / CENTRE_HZ)


def test_plain_rule_changes_neither_pitch_nor_length(vowel: np.ndarray):
    same = spoken(vowel, EmotionRule())
    assert len(same) == pytest.approx(len(vowel), rel=0.005)
    assert np.median(pitch_st(same)) == pytest.approx(np.median(pitch_st(vowel)), abs=0.1)
    assert np.std(pitch_st(same)) == pytest.approx(np.std(pitch_st(vowel)), abs=0.1)


def test_low_voice_needs_a_low_floor():
    times = np.arange(RATE_HZ) / RATE_HZ
    low = (0.02 * sum(np.sin(2 * np.pi * 65.0 * harmonic * times) for harmonic in range(1, 40))).astype(np.float32)
    voice = analyse(low, sample_rate_hz=RATE_HZ, pitch_hz=(55.0, 400.0))
    assert np.median(voice.f0_hz[20:-20]) == pytest.approx(65.0, abs=0.5)
    assert voice.envelope.shape == voice.aperiodicity.shape == (len(voice.f0_hz), 1025)
    assert analyse(low, sample_rate_hz=RATE_HZ).f0_hz.max() != pytest.approx(65.0, abs=5.0)


@pytest.mark.parametrize("tempo", [0.7, 1.3])
def test_tempo(vowel: np.ndarray, tempo: float):
    assert len(spoken(vowel, EmotionRule(tempo=tempo))) == pytest.approx(len(vowel) / tempo, rel=0.01)


@pytest.mark.parametrize("shift_st", [-3.0, 4.0])
def test_pitch_shift(vowel: np.ndarray, shift_st: float):
    changed = pitch_st(spoken(vowel, EmotionRule(f0_shift_st=shift_st)))
    assert np.median(changed) - np.median(pitch_st(vowel)) == pytest.approx(shift_st, abs=0.15)


@pytest.mark.parametrize("factor", [0.5, 1.7])
def test_pitch_range(vowel: np.ndarray, factor: float):
    changed = pitch_st(spoken(vowel, EmotionRule(f0_range=factor)))
    assert np.std(changed) == pytest.approx(factor * np.std(pitch_st(vowel)), rel=0.1)


def test_final_slope_only_where_the_utterance_ends(vowel: np.ndarray):
    rule = EmotionRule(f0_range=0.0, final_slope_st=4.0)
    voice = analyse(vowel, sample_rate_hz=RATE_HZ)
    generator = np.random.default_rng(0)
    ending = pitch_st(synthesise(transform(voice, rule, generator=generator, centre_hz=CENTRE_HZ)))
    inside = pitch_st(synthesise(transform(voice, rule, generator=generator, centre_hz=CENTRE_HZ, final=False)))
    assert ending[-20:].mean() > 2.5
    assert abs(ending[: len(ending) // 2].mean()) < 0.2
    assert abs(inside[-20:].mean()) < 0.2


def test_tilt_brightens(vowel: np.ndarray):
    def balance_db(samples: np.ndarray) -> float:
        power = np.abs(np.fft.rfft(samples)) ** 2
        frequencies = np.fft.rfftfreq(len(samples), 1 / RATE_HZ)
        high, low = power[(frequencies > 2300) & (frequencies < 2900)], power[(frequencies > 600) & (frequencies < 800)]
        return float(10 * np.log10(high.sum() / low.sum()))

    plain, bright = (balance_db(spoken(vowel, EmotionRule(tilt_db_per_octave=tilt))) for tilt in (0.0, 3.0))
    assert bright - plain == pytest.approx(3.0 * np.log2(2600 / 700), abs=1.0)


def test_aperiodicity_is_raised_towards_one(vowel: np.ndarray):
    voice = analyse(vowel, sample_rate_hz=RATE_HZ)
    rule = EmotionRule(aperiodicity=0.25)
    changed = transform(voice, rule, generator=np.random.default_rng(0), centre_hz=CENTRE_HZ)
    np.testing.assert_allclose(changed.aperiodicity, voice.aperiodicity + 0.25 * (1 - voice.aperiodicity), atol=1e-9)


def test_vary_is_seeded_and_stays_near_the_rule():
    rules = [vary(RULES["sad"], np.random.default_rng(seed)) for seed in (1, 1, 2)]
    assert rules[0] == rules[1] != rules[2]
    generator = np.random.default_rng(3)
    many = [vary(RULES["sad"], generator) for _ in range(200)]
    assert np.mean([rule.tempo for rule in many]) == pytest.approx(0.82, abs=0.02)
    assert np.mean([rule.f0_shift_st for rule in many]) == pytest.approx(-1.5, abs=0.15)
    assert all(rule.jitter_st >= 0 and 0 <= rule.aperiodicity <= 1 for rule in many)
