"""Character error rates: what counts as a character, how errors are counted, and how they are averaged."""

from __future__ import annotations

import pytest

from emotts.evaluation.intelligibility import Transcript, comparable, edits, intelligibility_metrics
from emotts.text.frontend import front_end


@pytest.mark.parametrize(
    ("language", "text", "kept"),
    [
        ("KR", "회의는 오후 3시에, 시작합니다!", "회의는오후세시에시작합니다"),
        ("KR", " 30분 뒤에. ", "삼십분뒤에"),
        ("KR", "Дом 1", "дом1"),
        ("KR", "...", ""),
        ("KR", "", ""),
        ("JP", "東京は、3月です。", "トーキョーワサンガツデス"),
        ("EN", "It's 3 o'clock, isn't it?", "it s three o clock isn t it"),
    ],
)
def test_only_what_is_spoken_counts(language, text, kept):
    reader = front_end(language, on_unknown="error")
    assert comparable(text, reader=reader) == kept


@pytest.mark.parametrize("text", ["시청역에 3번 출구로", "東京タワーは高いです", "Dr. Smith paid $5 at 3 p.m."])
def test_a_text_that_was_read_already_stays(text):
    for language in ("KR", "JP", "EN"):
        reader = front_end(language)
        once = comparable(text, reader=reader)
        assert comparable(once, reader=reader) == once


@pytest.mark.parametrize(
    ("wanted", "heard", "count"),
    [
        ("가나다", "가나다", 0),
        ("가나다", "가다", 1),
        ("가나다", "", 3),
        ("", "가", 1),
        ("kitten", "sitting", 3),
        ("ab", "ba", 2),
    ],
)
def test_edits(wanted, heard, count):
    assert edits(wanted, heard) == edits(heard, wanted) == count


def test_rates_are_those_of_all_characters_together():
    def transcript(emotion, wrong, length, reference=False):
        return Transcript("text", "heard", emotion, reference, wrong, length)

    metrics = intelligibility_metrics(
        [
            transcript("happy", 1, 10),
            transcript("sad", 9, 30),
            transcript("sad", 0, 0),
            transcript("sad", 2, 40, reference=True),
        ],
        seed=0,
    )
    assert metrics["cer"] == pytest.approx(10 / 40)
    assert (metrics["cer.happy"], metrics["cer.sad"], metrics["cer.count"]) == (0.1, 0.3, 2)
    assert (metrics["cer.low"], metrics["cer.high"]) == pytest.approx((0.1, 0.3))
    assert metrics["reference.cer"] == metrics["reference.cer.sad"] == 0.05
    assert metrics["cer.over_reference"] == pytest.approx(0.2)
    assert intelligibility_metrics([], seed=0) == {}
    assert "cer.over_reference" not in intelligibility_metrics([transcript("sad", 1, 2)], seed=0)


def test_a_loop_costs_a_clip_its_own_length_and_no_more():
    loop = Transcript("text", "heard", "sad", False, 148, 27)
    metrics = intelligibility_metrics([loop, Transcript("text", "heard", "sad", False, 0, 81)], seed=0)
    assert (loop.edits, loop.errors) == (148, 27)
    assert metrics["cer"] == metrics["cer.sad"] == 0.25
    assert (metrics["cer.low"], metrics["cer.high"]) == (0.0, 1.0)
    silent = Transcript("text", "", "sad", False, 27, 27)
    assert silent.errors == loop.errors, "nothing right is as wrong as can be"
