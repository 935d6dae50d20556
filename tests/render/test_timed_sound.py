"""Speech that is cut without losing the times of its phones."""

import numpy as np
import pytest

from emotts.errors import AudioError
from tools.render.timed_sound import TimedSound, trim_silence, without_holes

RATE_HZ = 24_000


def loud_between(*spans: tuple[int, int], edges: list[float]) -> TimedSound:
    samples = np.zeros(RATE_HZ, dtype=np.float32)
    for first, last in spans:
        samples[first:last] = 0.1
    return TimedSound(samples, np.array(edges))


def test_trim_keeps_forty_milliseconds_faded():
    trimmed = trim_silence(loud_between((9600, 14_400), edges=[9000, 10_000, 24_000]), below_db=-44.0)
    assert len(trimmed.samples) == 4800 + 2 * 960
    assert trimmed.samples[0] == trimmed.samples[-1] == 0.0
    assert trimmed.edges.tolist() == [360, 1360, 6720]


def test_trim_does_not_touch_its_input():
    sound = loud_between((0, 24_000), edges=[0, 24_000])
    trim_silence(sound, below_db=-44.0)
    assert sound.samples.min() == np.float32(0.1)


def test_trim_of_silence_is_an_error():
    with pytest.raises(AudioError, match="the voice gave no sound"):
        trim_silence(loud_between(edges=[0, 24_000]), below_db=-44.0)


def test_a_hole_is_shortened_and_what_is_behind_it_comes_earlier():
    sound = loud_between((0, 4800), (12_000, 24_000), edges=[0, 4800, 13_000, 24_000])
    shorter = without_holes(sound, below_db=-44.0, longest_s=0.15)
    assert len(shorter.samples) == 24_000 - 7200 + 15 * 240
    assert shorter.edges.tolist() == [0, 4800, 13_000 - 3600, 24_000 - 3600]


def test_the_closure_of_a_stop_stays():
    sound = loud_between((0, 4800), (8400, 24_000), edges=[0, 24_000])
    assert len(without_holes(sound, below_db=-44.0, longest_s=0.15).samples) == 24_000


def test_a_pause_begins_where_the_silence_begins():
    sound = loud_between((0, 4800), (12_000, 16_800), edges=[0, 11_000, 12_000, 23_000, 24_000])
    settled = sound.with_silent([False, True, False, True], below_db=-50.0)
    assert settled.edges.tolist() == [0, 4800, 12_000, 16_800, 24_000]


def test_of_two_marks_the_second_one_is_the_pause():
    sound = loud_between((0, 4800), edges=[0, 10_000, 11_000, 24_000])
    assert sound.with_silent([False, True, True], below_db=-50.0).edges.tolist() == [0, 4800, 4800, 24_000]


def test_a_pause_without_silence_stays_where_it_was():
    sound = loud_between((0, 24_000), edges=[0, 10_000, 24_000])
    assert sound.with_silent([False, True], below_db=-50.0).edges.tolist() == [0, 10_000, 24_000]
