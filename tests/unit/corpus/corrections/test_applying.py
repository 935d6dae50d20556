"""What corrections make of pieces: values, decisions, borders; and those that match nothing."""

from __future__ import annotations

import dataclasses

import pytest
from support.review_pieces import TAKE, entries, reject, spoken, take

from emotts.corpus.corrections.applying import Applied, apply_corrections
from emotts.corpus.corrections.correction import Correction
from emotts.corpus.corrections.entry import Entry
from emotts.corpus.rows import Reject, Utterance
from emotts.emotions.emotion_set import EmotionSet
from emotts.errors import CorpusError

ONE, TWO, THREE = spoken(1.0, 4.0, "하나 둘"), spoken(5.0, 8.0, "셋"), spoken(8.0, 11.0, "넷", emotion="happy")


def corrected(pieces: list[Entry], *changes: tuple[float, float, str, object]) -> Applied:
    rows = [
        Correction.from_dict({"recording": TAKE, "start_s": start_s, "end_s": end_s, name: value})
        for start_s, end_s, name, value in changes
    ]
    return apply_corrections(pieces, rows, emotions=EmotionSet(), where="corrections.jsonl")


def rows(applied: Applied) -> list[Utterance | Reject]:
    return [entry.to_row(None) for entry in applied.entries]


def times(applied: Applied) -> list[tuple[float, float]]:
    return [(entry.start_s, entry.end_s) for entry in applied.entries]


def test_without_corrections_every_row_is_the_one_that_came_in() -> None:
    lost = reject(12.0, 15.0)
    applied = corrected(entries(ONE, TWO, THREE, lost))
    assert rows(applied) == [ONE, TWO, THREE, lost]


def test_text_emotion_and_intensity_say_that_they_come_from_the_review() -> None:
    applied = corrected(
        entries(ONE, TWO),
        (1.0, 4.0, "text", "하나 셋"),
        (5.0, 8.0, "emotion", "기쁨"),
        (5.0, 8.0, "intensity", 0.5),
    )
    assert rows(applied) == [
        dataclasses.replace(ONE, text="하나 셋", text_source="review"),
        dataclasses.replace(TWO, emotion="happy", intensity=0.5, emotion_source="review"),
    ]


def test_the_last_change_wins_and_a_decision_can_be_changed_too() -> None:
    applied = corrected(
        entries(ONE),
        (1.0, 4.0, "text", "가"),
        (1.0, 4.0, "decision", "reject"),
        (1.0, 4.0, "text", "나"),
    )
    (row,) = rows(applied)
    assert row == Reject("label", TAKE, 1.0, 4.0, "rejected in the review", "나", ONE.wav)
    assert corrected(list(applied.entries), (1.0, 4.0, "decision", "accept")).entries[0].problem is None


def test_a_reject_becomes_an_utterance_when_its_text_is_typed_or_accepted() -> None:
    silent, heard = reject(1.0, 4.0), reject(5.0, 8.0, "recognised with too little confidence", heard="들은 말")
    applied = corrected(entries(silent, heard), (1.0, 4.0, "text", "쓴 말"), (5.0, 8.0, "decision", "accept"))
    assert [
        (row.text, row.text_source, row.emotion, row.wav) for row in rows(applied) if isinstance(row, Utterance)
    ] == [
        ("쓴 말", "review", "sad", "take/take_0001.wav"),
        ("들은 말", "review", "sad", "take/take_0005.wav"),
    ]


def test_what_has_no_text_or_no_emotion_stays_a_reject_though_it_is_accepted() -> None:
    pieces = entries(reject(1.0, 4.0), takes=[take(emotion=None)])
    applied = corrected(pieces, (1.0, 4.0, "decision", "accept"))
    assert applied.entries[0].problem == "no transcript"
    applied = corrected(pieces, (1.0, 4.0, "text", "말"))
    assert applied.entries[0].problem == "no emotion"
    applied = corrected(pieces, (1.0, 4.0, "text", "말"), (1.0, 4.0, "emotion", "angry"))
    assert applied.entries[0].problem is None


def test_an_accepted_text_of_an_aligned_take_is_certain() -> None:
    unsure = dataclasses.replace(ONE, confidence=0.1, line=3, text_source="script")
    (row,) = rows(corrected(entries(unsure), (1.0, 4.0, "decision", "accept")))
    assert row == dataclasses.replace(unsure, confidence=1.0)


def test_a_split_waits_for_its_texts() -> None:
    applied = corrected(entries(ONE), (1.0, 4.0, "split_s", 2.2))
    assert [(e.start_s, e.end_s, e.text, e.problem) for e in applied.entries] == [
        (1.0, 2.2, "하나", "text of a new piece not checked"),
        (2.2, 4.0, "둘", "text of a new piece not checked"),
    ]
    assert (applied.n_split, applied.n_merged) == (1, 0)
    applied = corrected(
        entries(ONE), (1.0, 4.0, "split_s", 2.2), (1.0, 2.2, "decision", "accept"), (2.2, 4.0, "text", "두울")
    )
    first, second = (entry.to_row("corrected/take.wav") for entry in applied.entries)
    assert first == dataclasses.replace(
        ONE, wav="corrected/take.wav", folder="labels", end_s=2.2, text="하나", text_source="review"
    )
    assert isinstance(second, Utterance)
    assert (second.start_s, second.end_s, second.text) == (2.2, 4.0, "두울")


@pytest.mark.parametrize(
    ("text", "at_s", "parts"),
    [
        ("세 낱말이 있다", 2.0, ("세", "낱말이 있다")),
        ("세 낱말이 있다", 3.5, ("세 낱말이", "있다")),
        ("はい、そうです。", 2.0, ("はい、", "そうです。")),
        ("여섯글자예요", 2.5, ("여섯글", "자예요")),
        ("네", 2.0, ("네", None)),
    ],
)
def test_the_text_of_a_split_is_divided_where_a_word_ends(text: str, at_s: float, parts: tuple[str, str]) -> None:
    applied = corrected(entries(spoken(1.0, 4.0, text)), (1.0, 4.0, "split_s", at_s))
    assert tuple(entry.text for entry in applied.entries) == parts


def test_a_merge_takes_both_texts_and_what_is_between() -> None:
    applied = corrected(entries(ONE, TWO, THREE), (1.0, 4.0, "merge_to_s", 8.0))
    assert (applied.n_split, applied.n_merged) == (0, 1)
    assert rows(applied) == [dataclasses.replace(ONE, end_s=8.0, text="하나 둘 셋"), THREE]


def test_a_merge_of_two_emotions_or_with_a_reject_waits() -> None:
    applied = corrected(entries(TWO, THREE), (5.0, 8.0, "merge_to_s", 11.0))
    assert applied.entries[0].problem == "two emotions in one segment"
    applied = corrected(list(applied.entries), (5.0, 11.0, "emotion", "happy"))
    assert (applied.entries[0].problem, applied.entries[0].emotion) == (None, "happy")
    applied = corrected(entries(ONE, reject(5.0, 8.0)), (1.0, 4.0, "merge_to_s", 8.0))
    assert (applied.entries[0].problem, applied.entries[0].text) == ("text of a new piece not checked", "하나 둘")


def test_a_cut_moves_the_border_that_is_shared_and_no_other() -> None:
    assert times(corrected(entries(ONE, TWO, THREE), (5.0, 8.0, "cut_s", [4.5, 7.5]))) == [
        (1.0, 4.0),
        (4.5, 7.5),
        (7.5, 11.0),
    ]
    assert times(corrected(entries(ONE, TWO, THREE), (5.0, 8.0, "cut_s", [3.5, 8.25]))) == [
        (1.0, 3.5),
        (3.5, 8.25),
        (8.25, 11.0),
    ]
    applied = corrected(entries(ONE, TWO, THREE), (5.0, 8.0, "cut_s", [4.75, 8.0]))
    assert [sorted(entry.corrected) for entry in applied.entries] == [[], ["times"], []]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ((1.0, 4.0, "split_s", 3.95), "a part would be shorter than 0.1 s"),
        ((8.0, 11.0, "merge_to_s", 14.0), "the next piece does not end there"),
        ((1.0, 4.0, "merge_to_s", 11.0), "the next piece does not end there"),
        ((5.0, 8.0, "cut_s", [5.0, 10.95]), "a piece would be shorter than 0.1 s, or reach beyond its neighbours"),
        ((8.0, 11.0, "cut_s", [8.0, 60.5]), "a piece would be shorter than 0.1 s, or reach beyond its neighbours"),
        ((20.0, 23.0, "text", "가"), "no piece has these times"),
        ((1.0, 8.0, "text", "가"), "no piece has these times"),
    ],
)
def test_what_cannot_be_applied_is_reported_and_changes_nothing(
    change: tuple[float, float, str, object], why: str
) -> None:
    pieces = entries(ONE, TWO, THREE)
    applied = corrected(pieces, (1.0, 4.0, "intensity", 0.5), change)
    assert [(each.line, each.why) for each in applied.unmatched] == [(2, why)]
    assert times(applied) == [(1.0, 4.0), (5.0, 8.0), (8.0, 11.0)]


def test_another_recording_is_reported_and_an_unknown_emotion_is_an_error() -> None:
    other = Correction(recording="gone.wav", start_s=1.0, end_s=4.0, text="가")
    applied = apply_corrections(entries(ONE), [other], emotions=EmotionSet(), where="c")
    assert applied.unmatched[0].why == "there is no such recording"
    assert applied.unmatched[0].to_line() == (
        '{"line": 1, "why": "there is no such recording", "recording": "gone.wav", "start_s": 1.0, "end_s": 4.0, '
        '"text": "가"}\n'
    )
    with pytest.raises(CorpusError, match=r"corrections.jsonl:1: unknown emotion 'hapy'(?s:.*)did you mean 'happy'"):
        corrected(entries(ONE), (1.0, 4.0, "emotion", "hapy"))


@pytest.mark.parametrize(
    ("start_s", "end_s", "is_found"),
    [
        (1.4, 3.6, True),  # a segmentation that keeps less silence
        (0.6, 4.4, True),
        (1.0, 4.6, False),  # more than half a second longer may be other words
        (1.0, 3.4, False),
    ],
)
def test_a_correction_finds_its_piece_in_another_segmentation(start_s: float, end_s: float, is_found: bool) -> None:
    applied = corrected(entries(ONE, TWO), (start_s, end_s, "text", "가"))
    assert [entry.text for entry in applied.entries] == (["가", "셋"] if is_found else ["하나 둘", "셋"])


def test_of_short_pieces_the_borders_must_be_nearer() -> None:
    short = spoken(1.0, 2.0, "네")
    assert corrected(entries(short), (1.2, 2.2, "text", "예")).entries[0].text == "예"
    assert corrected(entries(short), (1.3, 2.3, "text", "예")).entries[0].text == "네"
