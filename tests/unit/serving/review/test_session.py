"""The session of a review: changes are on the disk at once, undone one by one, and shared by all tabs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.review_pieces import TAKE, entries, reject, spoken

from emotts.corpus.corrections.correction import Correction, read_corrections
from emotts.emotions.emotion_set import EmotionSet
from emotts.errors import CorpusError
from emotts.serving.review.session import Session

ROWS = (spoken(1.0, 4.0, "하나 둘"), spoken(5.0, 8.0, "셋"), reject(9.0, 12.0))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "corrections.jsonl"


def session(path: Path) -> Session:
    return Session(lambda: entries(*ROWS), path, lock=path.parent / "lock", emotions=EmotionSet())


def lines(path: Path) -> list[tuple[float, str, object]]:
    return [(row.start_s, row.change, getattr(row, row.change)) for row in read_corrections(path)]


def test_every_change_is_a_line_before_it_is_shown(path: Path) -> None:
    shown = session(path)
    assert shown.change(shown.entries[0], text="하나 셋")
    assert lines(path) == [(1.0, "text", "하나 셋")]
    assert shown.entries[0].text == "하나 셋"
    assert shown.change(shown.entries[1], emotion="happy")
    assert shown.change(shown.entries[1], decision="accept")
    assert lines(path)[1:] == [(5.0, "emotion", "happy"), (5.0, "decision", "accept")]
    assert shown.n_checked == 1


def test_what_a_piece_has_already_is_not_written_again(path: Path) -> None:
    shown = session(path)
    assert not shown.change(shown.entries[0], text="하나 둘")
    assert not shown.change(shown.entries[0], emotion="sad")
    assert not shown.change(shown.entries[0], intensity=1.0)
    assert not path.exists()
    shown.change(shown.entries[0], decision="accept")
    assert not shown.change(shown.entries[0], decision="accept")
    assert len(lines(path)) == 1


def test_a_text_is_one_line_while_it_is_typed_in_one_tab(path: Path) -> None:
    shown = session(path)
    for text in ("셋 넷", "셋 넷 다", "셋 넷 다섯"):
        shown.change(shown.entries[1], tab="a", text=text)
    assert lines(path) == [(5.0, "text", "셋 넷 다섯")]
    shown.change(shown.entries[1], tab="b", text="다른 말")
    shown.change(shown.entries[1], tab="a", text="셋 넷 여섯")
    assert lines(path) == [(5.0, "text", "셋 넷 다섯"), (5.0, "text", "다른 말"), (5.0, "text", "셋 넷 여섯")]
    shown.change(shown.entries[0], tab="a", text="하나")
    shown.change(shown.entries[1], tab="a", text="셋")
    assert [line[2] for line in lines(path)[3:]] == ["하나", "셋"]


def test_undo_takes_back_one_line_after_the_other(path: Path) -> None:
    shown = session(path)
    shown.change(shown.entries[0], text="가")
    before = path.read_bytes()
    shown.change(shown.entries[0], decision="reject")
    assert shown.undo() == Correction(recording=TAKE, start_s=1.0, end_s=4.0, decision="reject")
    assert path.read_bytes() == before
    assert shown.entries[0].decision is None
    undone = shown.undo()
    assert undone is not None
    assert undone.text == "가"
    assert shown.entries[0].text == "하나 둘"
    assert shown.undo() is None
    shown.change(shown.entries[0], tab="a", text="나")
    shown.undo()
    shown.change(shown.entries[0], tab="a", text="나다")
    assert lines(path) == [(1.0, "text", "나다")]


def test_pieces_are_split_merged_and_cut(path: Path) -> None:
    shown = session(path)
    shown.change(shown.entries[0], split_s=2.50049)
    assert [(entry.start_s, entry.end_s) for entry in shown.entries] == [
        (1.0, 2.5),
        (2.5, 4.0),
        (5.0, 8.0),
        (9.0, 12.0),
    ]
    shown.change(shown.entries[1], cut_s=(2.4004, 4.2))
    assert [(entry.start_s, entry.end_s) for entry in shown.entries][:2] == [(1.0, 2.4), (2.4, 4.2)]
    shown.change(shown.entries[0], merge_to_s=4.2)
    assert shown.entries[0].text == "하나 둘"
    assert lines(path) == [(1.0, "split_s", 2.5), (2.5, "cut_s", (2.4, 4.2)), (1.0, "merge_to_s", 4.2)]
    assert shown.entries == session(path).entries, "the file alone says the same"


@pytest.mark.parametrize(
    ("what", "found"),
    [
        ({"split_s": 3.99}, "a part would be shorter than 0.1 s"),
        ({"split_s": 9.0}, "split_s 9.0 is outside of the piece"),
        ({"cut_s": (3.0, 2.0)}, "a piece must end after its start"),
        ({"cut_s": (1.0, 8.0)}, "a piece would be shorter than 0.1 s, or reach beyond its neighbours"),
        ({"text": "a|b"}, "character '|' cannot be in a text"),
        ({"intensity": 2.0}, "intensity = 2.0: Input should be less than or equal to 1.5"),
    ],
)
def test_what_cannot_be_done_is_said_and_not_written(path: Path, what: dict[str, Any], found: str) -> None:
    shown = session(path)
    with pytest.raises(CorpusError, match="this change cannot be made") as caught:
        shown.change(shown.entries[0], **what)
    assert found in str(caught.value.found)
    assert not path.exists()


def test_two_sessions_on_one_file_see_each_others_changes(path: Path) -> None:
    one, two = session(path), session(path)
    one.change(one.entries[0], text="가")
    two.change(two.entries[1], text="나")
    assert [entry.text for entry in two.entries] == ["가", "나", None]
    one.reload()
    assert [entry.text for entry in one.entries] == ["가", "나", None]


def test_corrections_of_pieces_that_are_gone_stay_and_are_listed(path: Path) -> None:
    gone = Correction(recording=TAKE, start_s=30.0, end_s=33.0, text="가").to_line()
    path.write_text(gone, encoding="utf-8")
    shown = session(path)
    assert [(each.line, each.why) for each in shown.unmatched] == [(1, "no piece has these times")]
    shown.change(shown.entries[0], text="나")
    assert path.read_text(encoding="utf-8").startswith(gone)


def test_the_next_piece_is_of_the_same_recording(path: Path) -> None:
    shown = session(path)
    assert shown.next_in_recording(shown.entries[0]) == shown.entries[1]
    assert shown.next_in_recording(shown.entries[2]) is None
