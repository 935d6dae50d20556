"""The file of corrections while it is written: whole lines, one after the other, whoever writes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from emotts.corpus.corrections.correction import Correction, read_corrections
from emotts.corpus.corrections.corrections_file import CorrectionsFile, make_file
from emotts.errors import CorpusError


def text(value: str, start_s: float = 1.0) -> Correction:
    return Correction(recording="take.wav", start_s=start_s, end_s=start_s + 3.0, text=value)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "corrections.jsonl"


def opened(path: Path) -> CorrectionsFile:
    return CorrectionsFile(path, lock=path.parent / ".emotts/corrections.lock")


def test_corrections_are_added_and_taken_back(path: Path) -> None:
    file = opened(path)
    assert file.read() == ()
    assert file.take_back() == (None, ())
    assert not path.exists()
    first, second = text("하나"), text("둘", 5.0)
    assert file.add(first) == (first,)
    before = path.read_bytes()
    assert file.add(second) == (first, second)
    assert file.take_back() == (second, (first,))
    assert path.read_bytes() == before == first.to_line().encode()
    assert file.take_back() == (first, ())
    assert path.read_bytes() == b""


def test_a_text_that_is_typed_on_takes_the_place_of_the_last_line_only(path: Path) -> None:
    file = opened(path)
    first, longer, other = text("하"), text("하나"), text("둘", 5.0)
    file.add(first)
    assert file.add(longer, instead_of=first) == (longer,)
    file.add(other)
    assert file.add(text("하나 둘"), instead_of=longer) == (longer, other, text("하나 둘"))


def test_what_another_program_wrote_meanwhile_stays(path: Path) -> None:
    one, two = opened(path), opened(path)
    one.add(text("하나"))
    two.add(text("둘"))
    path.write_bytes(path.read_bytes() + text("손으로").to_line().encode())
    one.add(text("셋"))
    assert [row.text for row in read_corrections(path)] == ["하나", "둘", "손으로", "셋"]


def test_the_other_lines_stay_byte_by_byte(path: Path) -> None:
    by_hand = b'\xef\xbb\xbf{"recording": "take.wav", "text": "a", "start_s": 1, "end_s": 2}'
    path.write_bytes(by_hand)
    file = opened(path)
    file.add(text("하나"))
    assert path.read_bytes() == by_hand + b"\n" + text("하나").to_line().encode()
    file.take_back()
    assert path.read_bytes() == by_hand + b"\n"
    path.write_bytes(by_hand + b"\r\n" + by_hand[3:] + b"\r\n")
    file.take_back()
    assert path.read_bytes() == by_hand + b"\r\n"


def test_lines_with_the_former_name_of_a_key_stay_as_they_are(path: Path) -> None:
    former = b'{"recording": "take.wav", "start_s": 1.0, "end_s": 2.0, "verdict": "accept"}\n'
    path.write_bytes(former)
    added = Correction(recording="take.wav", start_s=1.0, end_s=2.0, decision="reject")
    assert [row.decision for row in opened(path).add(added)] == ["accept", "reject"]
    assert path.read_bytes() == former + added.to_line().encode()


def test_an_empty_file_is_made_where_there_is_none(path: Path) -> None:
    make_file(path)
    assert path.read_bytes() == b""
    opened(path).add(text("하나"))
    make_file(path)
    assert [row.text for row in read_corrections(path)] == ["하나"]


def test_nothing_is_written_over_a_file_that_cannot_be_read(path: Path) -> None:
    path.write_text("not json\n", encoding="utf-8")
    with pytest.raises(CorpusError, match=r"corrections.jsonl:1: line is no correction"):
        opened(path).add(text("하나"))
    assert path.read_text(encoding="utf-8") == "not json\n"


def test_many_writers_lose_nothing(path: Path) -> None:
    def write(number: int) -> None:
        file = opened(path)
        for place in range(5):
            file.add(text(f"{number}-{place}"))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))
    found = [row.text for row in read_corrections(path)]
    assert sorted(found, key=str) == sorted(f"{number}-{place}" for number in range(8) for place in range(5))
    for number in range(8):
        own = [value for value in found if value is not None and value.startswith(f"{number}-")]
        assert own == [f"{number}-{place}" for place in range(5)]
