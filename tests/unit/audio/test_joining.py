"""Sentences joined with pauses."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest

from emotts.audio.joining import Joiner, PauseRule

RATE_HZ = 1000
Samples = npt.NDArray[np.float32]


def sentence(lead: int, sound: int, tail: int, *, peak: float = 0.5) -> Samples:
    return np.concatenate([np.zeros(lead), np.full(sound, peak), np.zeros(tail)]).astype(np.float32)


def joined(pieces: Sequence[Samples], pauses_s: Sequence[float], *, rule: PauseRule, block: int = 1000) -> Samples:
    """Return sentences that come in blocks of some samples, one after the other."""
    joiner = Joiner(sample_rate_hz=RATE_HZ, rule=rule)
    heard = []
    for piece, pause_s in zip(pieces, [*pauses_s, None], strict=True):
        heard += [joiner.add(piece[start : start + block]) for start in range(0, len(piece), block)]
        heard += [] if pause_s is None else [joiner.pause(pause_s)]
    return np.concatenate([*heard, joiner.end()])


def silences(samples: Samples) -> list[int]:
    """Return the lengths of the silences between sounds."""
    gaps = np.diff(np.flatnonzero(samples)) - 1
    return [int(gap) for gap in gaps if gap > 0]


def test_a_pause_is_added_to_the_silence_or_is_all_of_it() -> None:
    pieces = [sentence(60, 100, 80), sentence(70, 200, 90), sentence(20, 50, 30)]
    added = joined(pieces, [0.3, 0.4], rule="added")
    assert silences(added) == [80 + 300 + 70, 90 + 400 + 20]
    assert len(added) == sum(map(len, pieces)) + 700
    total = joined(pieces, [0.3, 0.4], rule="total")
    assert silences(total) == [300, 400]
    assert total.dtype == np.float32


def test_too_much_silence_is_cut_but_not_the_edges_of_the_sounds() -> None:
    pieces = [sentence(0, 100, 250), sentence(250, 100, 0)]
    assert silences(joined(pieces, [0.3], rule="total")) == [300]
    assert silences(joined(pieces, [0.01], rule="total")) == [100]
    assert silences(joined([pieces[0]] * 2, [0.1], rule="total")) == [100]
    assert silences(joined([pieces[0]] * 2, [0.0], rule="total")) == [50]


def test_silence_is_40_db_below_the_sentence_before_and_sounds_stay_as_they_are() -> None:
    quiet = sentence(0, 100, 200, peak=0.01)
    quiet[150] = 0.0002
    loud = sentence(300, 100, 0)
    loud[:300] = 0.00005
    found = joined([quiet, loud], [0.35], rule="total")
    assert len(found) == 151 + 350 + 100
    np.testing.assert_array_equal(found[:151], quiet[:151])
    np.testing.assert_array_equal(found[-100:], loud[-100:])


@pytest.mark.parametrize("rule", ["added", "total"])
def test_one_sentence_and_a_silent_one(rule: PauseRule) -> None:
    one, silent = sentence(20, 50, 200), np.zeros(100, dtype=np.float32)
    assert np.array_equal(joined([one], [], rule=rule), one)
    assert len(joined([silent, silent], [0.3], rule=rule)) == 500


@pytest.mark.parametrize("rule", ["added", "total"])
@pytest.mark.parametrize("block", [1, 7, 64, 129])
def test_blocks_are_joined_as_sentences_are(rule: PauseRule, block: int) -> None:
    draw = np.random.default_rng(3)
    pieces = [sentence(*draw.integers(1, 300, size=3), peak=draw.uniform(0.02, 0.9)) for _ in range(5)]
    pieces[1][40:60], pieces[3][:] = 0.001, 0.0
    pauses_s = [0.3, 0.0, 0.05, 0.4]
    whole = joined(pieces, pauses_s, rule=rule)
    np.testing.assert_array_equal(joined(pieces, pauses_s, rule=rule, block=block), whole)


def test_pauses_at_the_ends_are_heard_in_full() -> None:
    joiner = Joiner(sample_rate_hz=RATE_HZ, rule="total")
    heard = [joiner.pause(0.2), joiner.add(sentence(0, 100, 30)), joiner.pause(0.25), joiner.end()]
    assert len(np.concatenate(heard)) == 200 + 100 + 250
