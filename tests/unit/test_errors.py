"""The form of a message, and what a terminal is spared."""

from __future__ import annotations

import pytest

from emotts.errors import CorpusError, printable


def test_a_message_answers_the_same_questions_in_the_same_order() -> None:
    error = CorpusError("a row is damaged", where="a.list:3", found="7 fields", wanted=8, remedy="write it again")
    assert str(error) == "a.list:3: a row is damaged\n  found: 7 fields\n  wanted: 8\n  to do: write it again"
    assert str(CorpusError("a row is damaged")) == "a row is damaged"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("슬픔 のに　é\n\tok", "슬픔 のに　é\n\tok"),
        ("\x1b[31mred\x1b]0;title\x07", "\\x1b[31mred\\x1b]0;title\\x07"),
        ("a\rb\x00c\x9bd\x7f", "a\\rb\\x00c\\x9bd\\x7f"),
        ("caf\udce9.wav", "caf\\udce9.wav"),
    ],
)
def test_nothing_in_a_message_steers_the_terminal(text: str, expected: str) -> None:
    assert printable(text) == expected
    error = CorpusError(text, where=text, found=text)
    assert str(error) == f"{expected}: {expected}\n  found: {expected}"
    assert str(error).encode()
    assert error.found == text, "as it is, for programs"
