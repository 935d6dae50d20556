"""The corpus lists."""

import dataclasses
import json
from pathlib import Path

import pytest

from emotts.corpus.lists import (
    CorpusItem,
    MetadataItem,
    read_list,
    read_metadata,
    write_list,
    write_metadata,
)
from emotts.errors import CorpusError

ITEM = CorpusItem("wavs/a.wav", "mina", "KR", "네.", ("_", "ᄂ", "ᅦ", ".", "_"), (0, 0, 0, 0, 0), (1, 2, 1, 1), "happy")
ROW = "wavs/a.wav|mina|KR|네.|_ ᄂ ᅦ . _|0 0 0 0 0|1 2 1 1|happy"


def test_the_format_is_melotts_with_an_emotion(tmp_path):
    path = tmp_path / "train.list"
    write_list(path, [ITEM])
    assert path.read_text(encoding="utf-8") == ROW + "\n"
    assert read_list(path) == [ITEM]


def test_metadata(tmp_path):
    path = tmp_path / "metadata.list"
    item = MetadataItem("wavs/a.wav", "mina", "KR", "네. 3개요", "sad")
    write_metadata(path, [item])
    assert path.read_text(encoding="utf-8") == "wavs/a.wav|mina|KR|네. 3개요|sad\n"
    assert read_metadata(path) == [item]


def test_an_empty_list(tmp_path):
    write_list(tmp_path / "val.list", [])
    assert read_list(tmp_path / "val.list") == []


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (ROW.removesuffix("|happy"), "another number of fields\n.*found: 7 fields.*\n.*wanted: 8: wav"),
        (ROW + "|x", "found: 9 fields"),
        ("", "found: 1 fields"),
        (ROW.replace("mina", ""), "speaker is empty"),
        (ROW.replace("0 0 0 0 0", "0 0 0 0"), "counts do not match\n.*5 phones, 4 tones, word2ph adds up to 5"),
        (ROW.replace("1 2 1 1", "1 2 1 2"), "word2ph adds up to 6"),
        (ROW.replace("0 0 0 0 0", "0 0 x 0 0"), "tones holds what is not a number\n.*'x'"),
        (ROW.replace("1 2 1 1", "1 2  1 1"), "word2ph holds what is not a number"),
        (ROW.replace("_ ᄂ ᅦ", "_ 가 ᅦ"), "phone '가' is not in the symbol table\n.*at phone 2"),
        (ROW.replace("happy", "glad"), "unknown emotion 'glad'\n.*neutral, happy"),
        (ROW.replace("wavs/a.wav", "/tmp/a.wav"), "wav is outside the corpus"),
        (ROW.replace("wavs/a.wav", "../a.wav"), "wav is outside the corpus"),
        (ROW.replace("네.", "네\u2028"), "normalised text holds"),
    ],
)
def test_errors_of_reading_name_file_and_line(tmp_path, row, message):
    path = tmp_path / "train.list"
    path.write_text(f"{ROW.replace('a.wav', 'b.wav')}\n{row}\n", encoding="utf-8")
    with pytest.raises(CorpusError, match=message) as caught:
        read_list(path, symbols=["_", "ᄂ", "ᅦ", "."], emotions=["neutral", "happy"])
    assert str(caught.value).startswith(f"{path}:2: ")


def test_symbols_and_emotions_are_taken_from_the_configuration_beside(tmp_path):
    path = tmp_path / "train.list"
    write_list(path, [ITEM])
    config = {"symbols": ["_", "ᄂ", "ᅦ", "."], "emotions": {"neutral": 0}}
    (tmp_path / "config.json").write_text(json.dumps(config), encoding="utf-8")
    with pytest.raises(CorpusError, match="train.list:1: unknown emotion 'happy'"):
        read_list(path)
    (tmp_path / "config.json").write_text('{"symbols": ["_"], "emotions": {"happy": 0}}', encoding="utf-8")
    with pytest.raises(CorpusError, match="phone 'ᄂ' is not in the symbol table"):
        read_list(path)
    (tmp_path / "config.json").write_text("{", encoding="utf-8")
    with pytest.raises(CorpusError, match="not a corpus's configuration"):
        read_list(path)


def test_a_wav_stands_in_a_list_once(tmp_path):
    path = tmp_path / "train.list"
    path.write_text(f"{ROW}\n{ROW}\n", encoding="utf-8")
    with pytest.raises(CorpusError, match="train.list:2: wav 'wavs/a.wav' is there twice\n.*also in line 1"):
        read_list(path)
    with pytest.raises(CorpusError, match="is there twice"):
        write_list(path, [ITEM, ITEM])


def test_missing_and_foreign_files(tmp_path):
    with pytest.raises(CorpusError, match="file is missing"):
        read_list(tmp_path / "train.list")
    (tmp_path / "train.list").write_bytes("안녕".encode("cp949"))
    with pytest.raises(CorpusError, match="file is not UTF-8"):
        read_list(tmp_path / "train.list")


@pytest.mark.parametrize("mark", ["|", "\n", "\r", "\u2028", "\x85"])
def test_a_separator_in_a_text_names_the_row_and_writes_nothing(tmp_path, mark):
    path = tmp_path / "train.list"
    with pytest.raises(CorpusError, match="row of wavs/b.wav: normalised text holds"):
        write_list(path, [ITEM, dataclasses.replace(ITEM, wav="wavs/b.wav", text=f"네{mark}네")])
    with pytest.raises(CorpusError, match="row of wavs/b.wav: text holds"):
        write_metadata(path, [MetadataItem("wavs/b.wav", "mina", "KR", f"네{mark}네", "sad")])
    assert list(tmp_path.iterdir()) == []


def test_writing_checks_the_counts(tmp_path):
    with pytest.raises(CorpusError, match="row of wavs/a.wav: counts do not match"):
        write_list(tmp_path / "x.list", [dataclasses.replace(ITEM, tones=(0,))])


def test_rows_are_a_sequence_of_items(tmp_path: Path) -> None:
    path = tmp_path / "train.list"
    others = [dataclasses.replace(ITEM, wav=f"wavs/{n}.wav", tones=(10, 0, 1, 2, 0), text=f"네 {n}") for n in range(3)]
    write_list(path, others)
    rows = read_list(path)
    assert list(rows) == others
    assert (len(rows), rows[1], rows[-1]) == (3, others[1], others[2])
    assert rows[1:] == others[1:]
    assert rows != others[:2]
    assert rows != [*others[:2], ITEM]
    assert rows == read_list(path)
    with pytest.raises(IndexError):
        rows[3]


def test_windows_line_ends_and_a_last_line_without_one(tmp_path: Path) -> None:
    path = tmp_path / "train.list"
    path.write_bytes(f"{ROW}\r\n{ROW.replace('a.wav', 'b.wav')}".encode())
    assert read_list(path) == [ITEM, dataclasses.replace(ITEM, wav="wavs/b.wav")]


def test_signs_that_cannot_be_printed_but_separate_nothing_stay(tmp_path: Path) -> None:
    path = tmp_path / "train.list"
    item = dataclasses.replace(ITEM, text="네\u00a0네\u200b", wav="wavs/a..b.wav")
    write_list(path, [item])
    assert read_list(path) == [item]
