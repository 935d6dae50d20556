"""Items with the durations of their phones."""

import dataclasses

import pytest

from emotts.corpus.lists import CorpusItem
from emotts.corpus.timed_items import TimedItem, read_timed_items, write_timed_items
from emotts.errors import CorpusError

ITEM = CorpusItem("wavs/a.wav", "mina", "KR", "네.", ("_", "ᄂ", "ᅦ", ".", "_"), (0, 0, 0, 0, 0), (1, 2, 1, 1), "happy")
TIMED = TimedItem(ITEM, (0.1, 0.05, 0.2, 0.125, 0.5))


def test_round_trip(tmp_path):
    path = tmp_path / "durations.jsonl"
    write_timed_items(path, [TIMED])
    assert read_timed_items(path) == [TIMED]
    assert path.read_text(encoding="utf-8").endswith(
        '"emotion": "happy", "durations_s": [0.1, 0.05, 0.2, 0.125, 0.5]}\n'
    )


@pytest.mark.parametrize(
    ("durations", "message"),
    [
        ((0.1, 0.05, 0.2, 0.125), "5 phones, 5 tones, word2ph adds up to 5, 4 durations"),
        ((0.1, 0.05, 0.0, 0.125, 0.5), "a duration is not a time"),
        ((0.1, 0.05, float("nan"), 0.125, 0.5), "a duration is not a time"),
    ],
)
def test_wrong_durations_are_errors(tmp_path, durations, message):
    with pytest.raises(CorpusError, match=message):
        write_timed_items(tmp_path / "durations.jsonl", [dataclasses.replace(TIMED, durations_s=durations)])
    assert not (tmp_path / "durations.jsonl").exists()


@pytest.mark.parametrize(
    ("line", "message"),
    [("{", "line is not JSON"), ('{"wav": "a"}', "line is not a row of durations"), ("[]", "line is not a row")],
)
def test_a_broken_line_is_named(tmp_path, line, message):
    path = tmp_path / "durations.jsonl"
    write_timed_items(path, [TIMED])
    path.write_text(path.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")
    with pytest.raises(CorpusError, match=f"durations.jsonl:2: {message}"):
        read_timed_items(path)


def test_a_missing_file_is_an_error(tmp_path):
    with pytest.raises(CorpusError, match="file is missing"):
        read_timed_items(tmp_path / "durations.jsonl")
