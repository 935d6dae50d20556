"""Tries in vain are counted on disk, for every entry on its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from emotts.tracking import retries
from emotts.tracking.batches import Batch
from emotts.tracking.retries import Retries
from emotts.tracking.segment import Segment

FIRST = Batch("files", ({"copy": "000001", "folder": "samples"},), 10)
METRICS = Batch("metrics", (("loss", 0.5, 7, 1),), 20)


def test_tries_are_enough_after_their_number_whoever_makes_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retries, "_MOST_TRIES", 3)
    monkeypatch.setattr(retries, "_LEAST_S", 0.0)
    segment = Segment(tmp_path / "000001")
    assert [Retries(tmp_path).are_enough(FIRST, segment) for _ in range(3)] == [False, False, True]
    assert not Retries(tmp_path).are_enough(FIRST, Segment(tmp_path / "000002"))
    assert not Retries(tmp_path).are_enough(METRICS, segment)
    joined = Batch("metrics", (*METRICS.items, ("loss", 0.25, 8, 2)), 30)
    assert [Retries(tmp_path).are_enough(joined, segment) for _ in range(2)] == [False, True]


def test_tries_are_not_enough_before_their_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retries, "_MOST_TRIES", 1)
    assert not Retries(tmp_path).are_enough(FIRST, Segment(tmp_path / "000001"))


def test_what_is_forgotten_leaves_nothing_behind(tmp_path: Path) -> None:
    counted, segment = Retries(tmp_path), Segment(tmp_path / "000001")
    assert not counted.forget(FIRST, segment)
    counted.are_enough(FIRST, segment)
    counted.are_enough(METRICS, segment)
    assert counted.forget(FIRST, segment)
    assert not counted.forget(FIRST, segment)
    assert (tmp_path / "tries.json").is_file()
    assert counted.forget(METRICS, segment)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", ["", "[]", '{"a": 1}', "no json"])
def test_a_damaged_file_counts_as_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "tries.json").write_text(content, encoding="utf-8")
    assert not Retries(tmp_path).forget(FIRST, Segment(tmp_path / "000001"))
