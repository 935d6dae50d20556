"""Known phone times: of phones and of the blanks between them, and only of the phones that they belong to."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from emotts.corpus.lists import CorpusItem
from emotts.corpus.timed_items import TimedItem, write_timed_items
from emotts.errors import CorpusError
from emotts.training.token_times import read_token_times, token_edges

ITEM = CorpusItem("wavs/a.wav", "kumo", "KR", "아", ("_", "ᄋ", "ᅡ", "_"), (0, 11, 11, 0), (1, 2, 1), "happy")


def test_a_blank_shares_the_time_of_its_neighbours() -> None:
    spans = token_edges(np.array([2.0, 1.5, 4.0]), add_blank=True)
    assert spans.tolist() == [[0, 2], [0, 2], [0, 3.5], [2, 3.5], [2, 7.5], [3.5, 7.5], [3.5, 7.5]]
    assert token_edges(np.array([2.0, 1.5]), add_blank=False).tolist() == [[0, 2], [2, 3.5]]


def test_times_are_found_by_wav(tmp_path: Path) -> None:
    write_timed_items(tmp_path / "durations.jsonl", [TimedItem(ITEM, (0.1, 0.05, 0.2, 0.05))])
    times = read_token_times(tmp_path, add_blank=False)
    spans = times.spans(ITEM, frames_per_s=100.0, where="train.list:1")
    assert spans is not None
    np.testing.assert_allclose(spans, [[0, 10], [10, 15], [15, 35], [35, 40]], atol=1e-4)
    other = dataclasses.replace(ITEM, wav="wavs/b.wav")
    assert times.spans(other, frames_per_s=100.0, where="train.list:2") is None
    changed = dataclasses.replace(ITEM, phones=("_", "ᄋ", "ᅥ", "_"))
    with pytest.raises(CorpusError, match=r"train\.list:3: the phones are not those whose times are known"):
        times.spans(changed, frames_per_s=100.0, where="train.list:3")


def test_a_corpus_without_times(tmp_path: Path) -> None:
    assert read_token_times(tmp_path, add_blank=True).spans(ITEM, frames_per_s=100.0, where="x") is None
