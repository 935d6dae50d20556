"""How long words take, exactly."""

from __future__ import annotations

import pytest

from emotts.corpus.transcripts.alignment.acceptance import slowness


def of(*times: tuple[str, float, float], sounding: tuple[tuple[float, float], ...] = ((0.0, 5.0),)) -> float:
    return slowness(times, sounding, phones=lambda word: len(word.strip(".,")))


def test_words_of_a_believable_length() -> None:
    assert of(("abcde", 0.0, 0.45), ("ab", 0.45, 0.78), sounding=((0.0, 0.8),)) == pytest.approx(0.5)


def test_a_word_with_something_else_in_it() -> None:
    assert of(("abcde", 0.0, 1.8), ("ab", 1.8, 5.0), sounding=((0.0, 2.0),)) == pytest.approx(2.0)
    assert of(("ab", 0.0, 0.33), ("abcde", 0.33, 2.13), sounding=((0.0, 2.13),)) == pytest.approx(2.0)


def test_pauses_between_pieces_do_not_count() -> None:
    assert of(("abcde", 0.0, 1.8), sounding=((0.0, 0.3), (1.65, 1.8))) == pytest.approx(0.5)


def test_a_mark_belongs_to_the_word_before_it() -> None:
    assert of(("abcde", 0.0, 0.6), (",", 0.6, 0.9), ("ab", 0.9, 1.0), sounding=((0.0, 1.0),)) == pytest.approx(0.75)


def test_what_sounds_behind_the_text() -> None:
    assert of(("abcde", 0.0, 0.45), sounding=((0.0, 1.65),)) == pytest.approx(1.5)
    assert of(("abcde", 0.0, 0.45), sounding=((0.0, 0.45), (1.0, 1.4))) == pytest.approx(0.5)


def test_a_text_without_words() -> None:
    assert of() == 0.0
