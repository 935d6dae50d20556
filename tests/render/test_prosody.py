"""What the rules of the emotions change."""

import numpy as np
import pytest

from tools.render.emotion_rule import RULES, EmotionRule, vary
from tools.render.kokoro import Melody
from tools.render.prosody import acted_frames, acted_melody, centre_hz

CURVE = Melody(
    np.array([5.0, 100.0, 200.0, 400.0, 8.0], dtype=np.float32), np.array([-5.0, 2, 3, 4, -5], dtype=np.float32)
)


def acted(rule: EmotionRule, *, final: bool = False) -> Melody:
    return acted_melody(CURVE, rule, around_hz=200.0, final=final, generator=np.random.default_rng(0))


def test_neutral_durations_keep_their_sum():
    durations = np.array([10.0, 2.4, 3.4, 2.4, 3.4, 4.4])
    frames = acted_frames("sasa", durations, EmotionRule())
    assert frames.tolist() == [10, 2, 4, 2, 4, 4]


def test_vowels_consonants_and_pauses_are_stretched_apart():
    rule = EmotionRule(tempo=0.5, vowels=1.5, consonants=1.0, pauses=2.0)
    frames = acted_frames("sa, ", np.array([5.0, 2.0, 4.0, 3.0, 2.0, 5.0]), rule)
    assert frames.tolist() == [5, 4, 12, 12, 8, 5]


def test_the_pause_inside_a_long_vowel_is_stretched_as_a_pause():
    frames = acted_frames("a", np.array([5.0, 17.0, 5.0]), EmotionRule(vowels=1.0, pauses=2.0))
    assert frames.tolist() == [5, 7 + 20, 5]


def test_every_token_keeps_a_frame():
    assert acted_frames("sts", np.array([1.0, 0.1, 0.1, 0.1, 1.0]), EmotionRule(tempo=3.0)).min() == 1


def test_pitch_is_shifted_and_widened_around_its_centre_where_it_is_voiced():
    rule = EmotionRule(f0_shift_st=-12.0, f0_range=0.5)
    assert acted(rule).pitch_hz.tolist() == pytest.approx([5.0, 100.0, 100.0, 100 * 2**0.5, 8.0])


def test_the_final_slope_is_where_the_utterance_ends():
    rule = EmotionRule(f0_range=0.0, final_slope_st=12.0)
    assert acted(rule).pitch_hz[3] == pytest.approx(200.0)
    assert acted(rule, final=True).pitch_hz[3] == pytest.approx(400.0)


def test_energy_is_added_to_what_sounds():
    assert acted(EmotionRule(energy=0.5)).energy.tolist() == [-5.0, 2.5, 3.5, 4.5, -5.0]


def test_the_centre_is_the_median_of_the_voiced():
    assert centre_hz([CURVE]) == 200.0
    assert centre_hz([Melody(np.zeros(3), np.zeros(3))]) == 150.0


def test_vary_is_seeded_and_stays_near_the_rule():
    rules = [vary(RULES["sad"], np.random.default_rng(seed)) for seed in (1, 1, 2)]
    assert rules[0] == rules[1] != rules[2]
    generator = np.random.default_rng(3)
    many = [vary(RULES["sad"], generator) for _ in range(200)]
    assert np.mean([rule.tempo for rule in many]) == pytest.approx(0.86, abs=0.01)
    assert np.mean([rule.f0_shift_st for rule in many]) == pytest.approx(-1.5, abs=0.1)
