"""The lines of corrections.jsonl: what they hold, and what is said of those that cannot be used."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from emotts.corpus.corrections.correction import Correction, read_corrections
from emotts.errors import CorpusError

PIECE = '"recording": "take.wav", "start_s": 1.0, "end_s": 4.5'
LINES = (
    f'{{{PIECE}, "text": "그래요."}}',
    f'{{{PIECE}, "emotion": "happy"}}',
    f'{{{PIECE}, "intensity": 0.8}}',
    f'{{{PIECE}, "decision": "reject"}}',
    f'{{{PIECE}, "split_s": 2.5}}',
    f'{{{PIECE}, "merge_to_s": 9.0}}',
    f'{{{PIECE}, "cut_s": [0.9, 4.75]}}',
)


def test_every_change_is_read_and_written_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "corrections.jsonl"
    path.write_text("".join(f"{line}\n" for line in LINES), encoding="utf-8")
    found = read_corrections(path)
    assert [row.change for row in found] == [
        *("text", "emotion", "intensity", "decision", "split_s", "merge_to_s", "cut_s")
    ]
    assert "".join(row.to_line() for row in found) == path.read_text(encoding="utf-8")
    assert found[0] == Correction(recording="take.wav", start_s=1.0, end_s=4.5, text="그래요.")
    assert found[6].cut_s == (0.9, 4.75)
    assert str(found[4]) == "split_s 2.5 for take.wav 1.00-4.50 s"


def test_the_former_name_of_a_key_is_read_and_the_present_one_is_written(tmp_path: Path) -> None:
    path = tmp_path / "corrections.jsonl"
    path.write_text(f'{{{PIECE}, "verdict": "reject"}}\n', encoding="utf-8")
    (found,) = read_corrections(path)
    assert found.to_line() == f"{LINES[3]}\n"


def test_an_empty_file_holds_none_and_other_line_ends_do_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "corrections.jsonl"
    path.touch()
    assert read_corrections(path) == ()
    path.write_bytes(b"\xef\xbb\xbf" + f"{LINES[1]}\r\n{LINES[2]}".encode())
    assert [row.change for row in read_corrections(path)] == ["emotion", "intensity"]


def test_decomposed_hangul_is_composed(tmp_path: Path) -> None:
    path = tmp_path / "corrections.jsonl"
    path.write_text(f'{{{PIECE}, "text": " \u1102\u1166 "}}\n', encoding="utf-8")
    assert read_corrections(path)[0].text == "네"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("", "Expecting value"),
        ("<<<<<<< HEAD", "Expecting value"),
        ("[1, 2]", "not an object"),
        (f"{{{PIECE}}}", "one change is wanted, of text, emotion, .*; found none"),
        (f'{{{PIECE}, "text": "a", "emotion": "sad"}}', "one change is wanted, .*; found text, emotion"),
        (f'{{{PIECE}, "text": "a|b"}}', r"character '\|' cannot be in a text"),
        (f'{{{PIECE}, "text": "a\\nb"}}', r"character '\\n' cannot be in a text"),
        (f'{{{PIECE}, "text": " "}}', "a text must not be empty"),
        (f'{{{PIECE}, "txt": "a"}}', "unknown key 'txt'; did you mean 'text'?"),
        (f'{{{PIECE}, "intensity": 1.6}}', "intensity = 1.6: .*less than or equal to 1.5"),
        (f'{{{PIECE}, "intensity": NaN}}', "intensity = nan: .*finite number"),
        (f'{{{PIECE}, "decision": "maybe"}}', "decision = 'maybe': .*'accept' or 'reject'"),
        (f'{{{PIECE}, "split_s": 4.5}}', "split_s 4.5 is outside of the piece"),
        (f'{{{PIECE}, "merge_to_s": 4.5}}', "merge_to_s 4.5 is not behind the piece"),
        (f'{{{PIECE}, "cut_s": [4.0, 2.0]}}', "a piece must end after its start"),
        ('{"start_s": 1.0, "end_s": 4.5, "text": "a"}', "key 'recording' is missing"),
        ('{"recording": "a", "start_s": -1.0, "end_s": 4.5, "text": "a"}', "start_s = -1.0: .*greater than or equal"),
        ('{"recording": "a", "start_s": 5.0, "end_s": 4.5, "text": "a"}', "a piece must end after its start"),
    ],
)
def test_a_line_that_cannot_be_used_is_named(tmp_path: Path, line: str, reason: str) -> None:
    path = tmp_path / "corrections.jsonl"
    path.write_text(f"{LINES[0]}\n{line}\n", encoding="utf-8")
    with pytest.raises(CorpusError) as caught:
        read_corrections(path)
    assert str(caught.value).splitlines()[0] == f"{path}:2: line is no correction"
    assert re.search(reason, str(caught.value))
    assert caught.value.remedy == "correct the line or remove it"


def test_a_missing_file_and_one_in_another_encoding(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"the file of corrections is missing\n  to do: make an empty file"):
        read_corrections(tmp_path / "corrections.jsonl")
    path = tmp_path / "old.jsonl"
    path.write_bytes(f'{{{PIECE}, "text": "그래요."}}'.encode("cp949"))
    with pytest.raises(CorpusError, match=r"old.jsonl: file is not UTF-8\n  to do: save it as UTF-8"):
        read_corrections(path)
