"""Rows between the stages: read back as written; what is damaged or reaches outside is refused with its line."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from emotts.corpus.corpus_wavs import place_wavs
from emotts.corpus.rows import Recording, Utterance, read_rows, write_rows
from emotts.errors import CorpusError
from emotts.paths import is_inside

ROW = Recording("한국어/take.flac", "0" * 64, 48000, 1, 12.5, "yuna", "KR", "sad", "한국어/take.labels.txt", None)


def test_rows_come_back_as_they_were(tmp_path: Path) -> None:
    rows = [ROW, dataclasses.replace(ROW, file="a\u2028b\u0085c.wav", duration_s=3, labels=None)]
    write_rows(tmp_path / "recordings.jsonl", rows)
    assert read_rows(tmp_path / "recordings.jsonl", Recording) == rows


VALUES: list[tuple[str, Any, str]] = [
    ("file", "../../secret.wav", "file is outside of the folder of the row\n  found: '../../secret.wav'"),
    ("file", "/etc/passwd", "file is outside of the folder of the row\n  found: '/etc/passwd'"),
    ("file", "a/../../b.wav", "file is outside of the folder of the row"),
    ("file", "C:\\a.wav", "file is outside of the folder of the row"),
    ("file", "..\\a.wav", "file is outside of the folder of the row"),
    ("file", "a\0.wav", "file is outside of the folder of the row"),
    ("file", "", "file is outside of the folder of the row"),
    ("labels", "../take.labels.txt", "labels is outside of the folder of the row"),
    ("script", "/take.txt", "script is outside of the folder of the row"),
    ("file", 7, "line is not a recording row\n  found: "),
    ("file", None, "(file is None)"),
    ("duration_s", "12.5", "(duration_s is '12.5')"),
    ("duration_s", True, "(duration_s is True)"),
    ("duration_s", float("nan"), "(duration_s is nan)"),
    ("duration_s", float("inf"), "(duration_s is inf)"),
    ("channels", 1.5, "(channels is 1.5)"),
    ("emotion", ["sad"], "(emotion is ['sad'])"),
    ("mood", 1, "unexpected keyword argument 'mood'"),
]


@pytest.mark.parametrize(("name", "value", "message"), VALUES)
def test_a_row_that_cannot_be_used(tmp_path: Path, name: str, value: Any, message: str) -> None:
    path = tmp_path / "recordings.jsonl"
    good = dataclasses.asdict(ROW)
    path.write_text(f"{json.dumps(good)}\n{json.dumps({**good, name: value})}\n", encoding="utf-8")
    with pytest.raises(CorpusError) as caught:
        read_rows(path, Recording)
    assert caught.value.where == f"{path}:2"
    assert message in str(caught.value)
    assert caught.value.remedy == "write it again: `dvc repro --force recording`"


@pytest.mark.parametrize("line", ["[" * 100_000, "[]", "7", "{", "", '{"file": ' + "9" * 5000 + "}"])
def test_a_line_that_is_no_row(tmp_path: Path, line: str) -> None:
    path = tmp_path / "utterances.jsonl"
    path.write_text(f"{line}\n", encoding="utf-8")
    with pytest.raises(CorpusError, match=r"utterances\.jsonl:1: line is not a utterance row"):
        read_rows(path, Utterance)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a.wav", True), ("a/b.wav", True), ("./a.wav", True), ("a..b/..c.wav", True), ("한/글.wav", True)]
    + [(name, False) for name in ("", ".", "..", "/a", "a/..", "../a", "a/../b", "\\a", "c:a", "a\\..\\b", "a\0b")],
)
def test_what_is_inside(name: str, expected: bool) -> None:
    assert is_inside(name) is expected


def test_what_a_link_stands_for_is_copied_and_a_file_of_the_project_linked(tmp_path: Path) -> None:
    secret, own, link = tmp_path / "secret.wav", tmp_path / "own.wav", tmp_path / "link.wav"
    secret.write_bytes(b"1")
    own.write_bytes(b"2")
    link.symlink_to(secret)
    folder = tmp_path / "wavs"
    place_wavs([(own, folder / "own.wav"), (link, folder / "link.wav")], folder=folder)
    assert (folder / "own.wav").samefile(own)
    assert not (folder / "link.wav").is_symlink()
    assert not (folder / "link.wav").samefile(secret)
    assert (folder / "link.wav").read_bytes() == b"1"


def test_what_fails_leaves_the_former_rows(tmp_path: Path) -> None:
    path = tmp_path / "recordings.jsonl"
    write_rows(path, [ROW])

    def broken() -> Iterator[Recording]:
        yield ROW
        raise CorpusError("no more")

    with pytest.raises(CorpusError, match="no more"):
        write_rows(path, broken())
    assert [file.name for file in tmp_path.iterdir()] == ["recordings.jsonl"]
    assert read_rows(path, Recording) == [ROW]
