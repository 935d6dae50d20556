"""Differences between the metrics of two runs, with and without clips to tell how sure they are."""

from __future__ import annotations

import pytest
from support.run_results import clip, results

from emotts.evaluation.comparison.differences import Difference, difference, same_clips
from emotts.evaluation.comparison.intervals import mean_of, paired_difference, unpaired_difference

TEXTS = [f"text {number}" for number in range(20)]


def spoken(right: int, *, emotion: str = "sad", texts: list[str] = TEXTS, **more: object) -> list:
    heard = [emotion if place < right else "neutral" for place in range(len(texts))]
    return [clip(text, emotion, said, **more) for text, said in zip(texts, heard, strict=True)]


def test_a_recall_of_the_same_sentences_is_paired() -> None:
    first = results({"emotion_accuracy.sad": 0.25}, spoken(5))
    second = results({"emotion_accuracy.sad": 0.9}, spoken(18))
    wanted = paired_difference([place < 5 for place in range(20)], [place < 18 for place in range(20)])
    assert difference("emotion_accuracy.sad", first, second) == Difference(0.65, wanted.low, wanted.high, "better")
    assert difference("emotion_accuracy.sad", second, first).outcome == "worse"
    assert same_clips(first, second)


def test_other_sentences_are_independent_samples() -> None:
    first = results({"emotion_accuracy.sad": 0.5}, spoken(10))
    second = results({"emotion_accuracy.sad": 0.6}, spoken(6, texts=TEXTS[:10]))
    wanted = unpaired_difference([True] * 10 + [False] * 10, [True] * 6 + [False] * 4)
    found = difference("emotion_accuracy.sad", first, second)
    assert (found.low, found.high, found.outcome) == (wanted.low, wanted.high, "unsure")
    assert not same_clips(first, second)


def test_balanced_accuracy_is_the_mean_over_emotions() -> None:
    name = "emotion_accuracy.balanced"
    first = results({name: 0.5}, [*spoken(5), *spoken(15, emotion="happy")])
    second = results({name: 0.75}, [*spoken(15), *spoken(15, emotion="happy")])
    parts = [
        paired_difference([place < before for place in range(20)], [place < after for place in range(20)])
        for before, after in ((15, 15), (5, 15))
    ]
    wanted = mean_of(parts)
    found = difference(name, first, second)
    assert (found.value, found.low, found.high) == pytest.approx((0.25, wanted.low, wanted.high))
    assert found.outcome == "better"


def test_groups_and_second_classifiers_count_their_own_clips() -> None:
    key = "shared_text.emotion_accuracy.sad"
    far = spoken(20, texts=[f"other {number}" for number in range(20)])
    first = results({key: 0.25}, [*spoken(5, shared=True), *far])
    second = results({key: 0.5}, [*spoken(10, shared=True), *far])
    assert difference(key, first, second).low is not None
    polite = spoken(20, emotion="polite", shared=True, classified=False)
    styled = results({key: 0.5}, [*spoken(10, shared=True), *polite])
    assert difference(key, first, styled) == difference(key, first, second), "no classifier knows a style"
    classified = "auxiliary.prosody.emotion_accuracy.sad"
    deaf = results({classified: 0.0}, spoken(5, heard_by={"prosody": "happy"}))
    keen = results({classified: 1.0}, spoken(5, heard_by={"prosody": "sad"}))
    assert difference(classified, deaf, keen).outcome == "better"


def test_a_mean_probability_is_resampled() -> None:
    first = results({"emotion_probability": 0.25}, spoken(5, probability=0.25))
    second = results({"emotion_probability": 0.5}, spoken(5, probability=0.5))
    assert difference("emotion_probability", first, second) == Difference(0.25, 0.25, 0.25, "better")
    other = results({"emotion_probability": 0.5}, spoken(3, texts=TEXTS[:10], probability=0.5))
    assert difference("emotion_probability", first, other) == Difference(0.25, 0.25, 0.25, "better")


def transcribed(edits: list[int], *, lengths: list[int] | None = None, emotion: str = "sad") -> list:
    lengths = lengths or [10] * len(edits)
    counts = zip(edits, lengths, strict=True)
    return [clip(f"text {place}", emotion, emotion, errors=e, length=n) for place, (e, n) in enumerate(counts)]


def test_character_errors_are_weighted_by_length() -> None:
    lengths = [10, 30]
    first = results({"cer": 0.25, "cer.sad": 0.25}, transcribed([10, 0], lengths=lengths))
    second = results({"cer": 0.5, "cer.sad": 0.5}, transcribed([5, 15], lengths=lengths))
    found = difference("cer", first, second)
    assert found == Difference(0.25, -0.5, 0.5, "unsure"), "the same two sentences: -0.5 of 10 and +0.5 of 30"
    assert difference("cer.sad", first, second) == found
    assert difference("cer.happy", results({"cer.happy": 0.0}), results({"cer.happy": 1.0})).low is None
    other = results({"cer": 1.0}, transcribed([10, 10, 10]))
    assert difference("cer", results({"cer": 0.0}, transcribed([0, 0])), other) == Difference(1.0, 1.0, 1.0, "worse")


def test_distortions_are_those_of_the_same_sentences() -> None:
    def apart(*far_db: float) -> list:
        return [clip(text, "sad", "sad", mcd_db=db) for text, db in zip(TEXTS, far_db, strict=False)]

    first = results({"mcd_db": 3.0, "mcd_db.sad": 3.0}, [*apart(2.0, 3.0, 4.0), *spoken(5, texts=["no rendering"])])
    second = results({"mcd_db": 2.5, "mcd_db.sad": 2.5}, apart(1.5, 2.5, 3.5))
    assert difference("mcd_db", first, second) == Difference(-0.5, -0.5, -0.5, "better")
    assert difference("mcd_db.sad", first, second) == difference("mcd_db", first, second)
    assert difference("mcd_db", second, first).outcome == "worse"


@pytest.mark.parametrize("name", ["mcd_db", "mcd_db.ratio", "rtf", "val/score", "reference.emotion_accuracy.sad"])
def test_what_is_not_measured_on_these_clips_has_no_confidence(name: str) -> None:
    found = difference(name, results({name: 1.0}, spoken(5)), results({name: 0.5}, spoken(5)))
    assert found == Difference(-0.5, None, None, "")


def test_clips_that_do_not_give_the_figure_give_no_confidence() -> None:
    name = "emotion_accuracy.sad"
    found = difference(name, results({name: 0.25}, spoken(5)), results({name: 0.9}, spoken(5)))
    assert found == Difference(0.65, None, None, "")


def test_a_figure_that_a_run_lacks() -> None:
    assert difference("rtf", results({"rtf": 0.1}), results({})) is None
    balanced = "emotion_accuracy.balanced"
    assert difference(balanced, results({balanced: 0.25}), results({balanced: 0.5})) == Difference(0.25, None, None, "")
    name = "emotion_accuracy.sad"
    assert difference(name, results({name: 0.25}), results({name: 0.5}, spoken(10))) == Difference(0.25, None, None, "")
