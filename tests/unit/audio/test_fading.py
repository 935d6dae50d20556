"""Fades at the ends of a clip."""

import numpy as np

from emotts.audio.fading import faded


def test_both_ends_rise_and_fall_alike() -> None:
    clip = np.ones(8, np.float32)
    expected = [0.0669873, 0.5, 0.9330127, 1.0, 1.0, 0.9330127, 0.5, 0.0669873]
    np.testing.assert_allclose(faded(clip, fade_samples=3), expected, atol=1e-7)
    assert clip.tolist() == [1.0] * 8


def test_no_fade_gives_the_clip_itself() -> None:
    clip = np.ones(8, np.float32)
    assert faded(clip, fade_samples=0) is clip


def test_fades_meet_in_the_middle_of_a_short_clip() -> None:
    np.testing.assert_allclose(faded(np.ones(3, np.float32), fade_samples=5), [0.5, 1.0, 0.5], atol=1e-7)
