"""Putting utterances behind each other: levels, labels, seeds."""

import numpy as np
import pytest

from tools.render.take import Label, assemble, label_track, room_noise

RATE_HZ = 24_000


def tone(duration_s: float) -> np.ndarray:
    return (0.1 * np.sin(2 * np.pi * 300 * np.arange(round(duration_s * RATE_HZ)) / RATE_HZ)).astype(np.float32)


def take_of(seed: int):
    utterances = [
        (tone(3.0), [(0, 72_000, "하나")]),
        (tone(4.0), [(0, 30_000, "둘"), (40_000, 96_000, "셋")]),
        (tone(0.5), [(0, 12_000, "넷")]),
    ]
    return assemble(utterances, sample_rate_hz=RATE_HZ, noise_db=-60.0, generator=np.random.default_rng(seed))


def test_labels_lie_where_the_sound_is():
    take = take_of(0)
    assert [label.text for label in take.labels] == ["하나", "둘", "셋", "넷"]
    assert take.labels[0].start_s == 1.5
    assert [round(label.end_s - label.start_s, 6) for label in take.labels] == [3.0, 1.25, pytest.approx(2.333333), 0.5]
    for label in take.labels:
        inside = take.samples[round(label.start_s * RATE_HZ) : round(label.end_s * RATE_HZ)]
        assert 20 * np.log10(np.sqrt(np.mean(inside**2))) == pytest.approx(-23.0, abs=1.1)


def test_pauses_are_between_1_1_and_2_5_seconds():
    labels = take_of(1).labels
    for before, after in ((labels[0], labels[1]), (labels[2], labels[3])):
        assert 1.1 <= after.start_s - before.end_s <= 2.5


def test_same_seed_same_take():
    np.testing.assert_array_equal(take_of(2).samples, take_of(2).samples)
    assert not np.array_equal(take_of(2).samples, take_of(3).samples)


def test_room_noise_has_its_level_and_is_dull():
    noise = room_noise(RATE_HZ * 4, sample_rate_hz=RATE_HZ, level_db=-60.0, generator=np.random.default_rng(0))
    assert noise.shape == (RATE_HZ * 4,)
    assert 20 * np.log10(np.sqrt(np.mean(noise**2))) == pytest.approx(-60.0, abs=0.01)
    power = np.abs(np.fft.rfft(noise)) ** 2
    frequencies = np.fft.rfftfreq(len(noise), 1 / RATE_HZ)
    assert power[frequencies > 2000].sum() < 0.001 * power.sum()


def test_label_track_is_tab_separated():
    assert (
        label_track([Label(1.5, 4.25, "가, 나!"), Label(6.0, 7.0, "다")])
        == "1.5000\t4.2500\t가, 나!\n6.0000\t7.0000\t다\n"
    )
