"""Mixing the sentences of one utterance."""

import numpy as np
import pytest

from tools.render.acting import limit, mix, quietest_second_db
from tools.render.timed_sound import TimedSound


def test_mix_places_pauses_and_sentences():
    ones = TimedSound(np.ones(2400, dtype=np.float32), np.array([100.0, 1000.0, 2400.0]))
    mixed = mix([ones, ones, ones], ["가.", "나.", "다."], pauses_s=[0.3, 0.5])
    assert mixed.sentences == ((0, 2400, "가."), (9600, 12_000, "나."), (24_000, 26_400, "다."))
    assert len(mixed.samples) == 26_400
    assert mixed.samples[2399:2401].tolist() == [1.0, 0.0]
    assert mixed.samples.sum() == 7200
    assert mixed.edges.tolist() == [100, 1000, 9700, 10_600, 24_100, 25_000, 26_400]


def test_limit_leaves_soft_samples_and_bounds_loud_ones():
    limited = limit(np.array([0.1, -0.5, 0.6, -3.0], dtype=np.float32))
    assert limited[:2].tolist() == pytest.approx([0.1, -0.5])
    assert 0.5 < limited[2] < 0.6
    assert limited[3] == pytest.approx(-0.8, abs=1e-3)


def test_quietest_second():
    samples = np.concatenate([np.full(30_000, 0.1), np.full(24_000, 0.01), np.full(30_000, 0.1)])
    assert quietest_second_db(samples) == pytest.approx(-40.0, abs=0.01)
    assert quietest_second_db(samples[:30_000]) == pytest.approx(-20.0, abs=0.01)
