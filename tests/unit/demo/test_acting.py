"""Mixing the clauses of one utterance."""

import numpy as np
import pytest

from emotts.demo.acting import limit, mix, quietest_second_db, trim_silence
from emotts.demo.kokoro_tokens import Clause
from emotts.errors import AudioError

RATE_HZ = 24_000


def clause(text: str, *, ends_sentence: bool) -> Clause:
    return Clause(("ᄂ", "ᅦ"), text, ends_sentence)


def test_mix_places_pauses_and_sentences():
    ones = np.ones(2400, dtype=np.float32)
    cut = [clause("가,", ends_sentence=False), clause("나.", ends_sentence=True), clause("다.", ends_sentence=True)]
    mixed = mix([ones, ones, ones], cut, pauses_s=[0.3, 0.5])
    assert mixed.sentences == ((0, 12_000, "가, 나."), (24_000, 26_400, "다."))
    assert len(mixed.samples) == 26_400
    assert mixed.samples[2399:2401].tolist() == [1.0, 0.0]
    assert mixed.samples.sum() == 7200


def test_trim_keeps_forty_milliseconds_faded():
    samples = np.zeros(RATE_HZ, dtype=np.float32)
    samples[9600:14_400] = 0.1
    trimmed = trim_silence(samples, sample_rate_hz=RATE_HZ, below_db=-44.0)
    assert len(trimmed) == 4800 + 2 * 960
    assert trimmed[0] == trimmed[-1] == 0.0


def test_trim_of_silence_is_an_error():
    with pytest.raises(AudioError, match="the voice gave no sound"):
        trim_silence(np.zeros(RATE_HZ, dtype=np.float32), sample_rate_hz=RATE_HZ, below_db=-44.0)


def test_limit_leaves_soft_samples_and_bounds_loud_ones():
    limited = limit(np.array([0.1, -0.5, 0.6, -3.0], dtype=np.float32))
    assert limited[:2].tolist() == pytest.approx([0.1, -0.5])
    assert 0.5 < limited[2] < 0.6
    assert limited[3] == pytest.approx(-0.8, abs=1e-3)


def test_quietest_second():
    samples = np.concatenate([np.full(30_000, 0.1), np.full(24_000, 0.01), np.full(30_000, 0.1)])
    assert quietest_second_db(samples) == pytest.approx(-40.0, abs=0.01)
    assert quietest_second_db(samples[:30_000]) == pytest.approx(-20.0, abs=0.01)
