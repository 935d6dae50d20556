"""Texts as spoken phones, with the real Korean front end."""

from __future__ import annotations

import pytest

from emotts.corpus.transcripts.alignment.phones import spoken_phones, spoken_phones_of_heard
from emotts.errors import TextError
from emotts.text.frontend import FrontEnd

WATER = ["ᄆ", "ᅮ", "ᄅ", "ᅵ", "ᄂ", "ᅦ", "ᄋ", "ᅭ"]


def test_marks_and_boundaries_are_not_spoken(korean: FrontEnd) -> None:
    assert spoken_phones("물이네요.", korean) == spoken_phones("물이네요", korean) == WATER


def test_a_text_that_cannot_be_read(korean: FrontEnd) -> None:
    with pytest.raises(TextError):
        spoken_phones("물이네요 Жук", korean)
    with pytest.raises(TextError):
        spoken_phones("…", korean)


def test_of_what_was_heard_the_words_that_can_be_read_count(korean: FrontEnd) -> None:
    assert spoken_phones_of_heard("물이네요 Жук", korean, seconds=1.0) == WATER
    assert spoken_phones_of_heard("Жук …", korean, seconds=1.0) == []
    assert spoken_phones_of_heard("", korean, seconds=1.0) == []


@pytest.mark.parametrize(("text", "seconds", "times"), [
    ("물이네요 물이네요", 0.75, 2),
    ("물이네요 물이네요", 0.7, 1),
    ("물이네요 물이네요 물이네요", 1.0, 1),
    ("물이네요", 0.2, 1),
])  # fmt: skip
def test_a_loop_that_nobody_can_speak_counts_once(korean: FrontEnd, text: str, seconds: float, times: int) -> None:
    assert spoken_phones_of_heard(text, korean, seconds=seconds) == WATER * times


def test_a_loop_behind_a_sentence(korean: FrontEnd) -> None:
    heard = spoken_phones_of_heard("하늘 물이네요 물이네요 물이네요 물이네요", korean, seconds=1.5)
    assert heard == [*spoken_phones("하늘", korean), *WATER]
