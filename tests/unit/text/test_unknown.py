"""Signs and words without a reading: left out with a warning that names them, or refused; texts that are too long."""

import logging

import pytest

from emotts.errors import TextError
from emotts.text.frontend import front_end
from emotts.text.passages import read_passages


@pytest.mark.parametrize(
    ("language", "text", "spoken", "left_out"),
    [
        ("EN", "I saw 上海 and Ж today.", "i saw and today.", ("上海", "Ж")),
        ("EN", "no ₿ here", "no here", ("₿",)),
        ("KR", "저는 привет 라고 했다.", "저는 라고 했다.", ("привет",)),
        ("JP", "これはЖという字", "コレワトイウジ", ("Ж",)),
        ("JP", "これは彁という字", "コレワトイウジ", ("彁",)),
    ],
)
def test_what_has_no_reading_is_left_out_and_named(language, text, spoken, left_out, caplog):
    reader = front_end(language)
    with caplog.at_level(logging.WARNING):
        read = reader.read(text)
    assert read.normalised_text == spoken
    assert read.left_out == left_out
    assert [record.getMessage() for record in caplog.records] == [
        f"left out of {text!r}, as it has no reading: {', '.join(map(repr, left_out))}"
    ]


def test_nothing_is_left_out_of_a_readable_text(caplog):
    with caplog.at_level(logging.WARNING):
        assert front_end("KR").read("漢字와 カナ, 그리고 word.").left_out == ()
    assert caplog.records == []


@pytest.mark.parametrize(
    ("language", "text", "message"),
    [
        ("EN", "I saw Ж", r"'Ж' \(U\+0416\) at 7"),
        ("JP", "これは彁という字", "'彁' at 4"),
    ],
)
def test_or_the_text_is_refused(language, text, message):
    with pytest.raises(TextError, match=message):
        front_end(language, on_unknown="error").read(text)


@pytest.mark.parametrize("on_unknown", ["skip", "error"])
def test_a_text_of_which_nothing_is_left_is_refused_and_says_why(on_unknown):
    with pytest.raises(TextError, match=r"characters that cannot be read\n.*'п' \(U\+043F\) at 1"):
        front_end("KR", on_unknown=on_unknown).read("привет!")


@pytest.mark.parametrize("language", ["KR", "JP", "EN"])
def test_a_line_of_ten_megabytes_is_refused(language):
    line = "word 말 言葉 " * 1_000_000
    message = rf"text is too long\n.*{len(line):,} characters in one line\n?.*\n.*at most 200,000\n.*a line of its own"
    with pytest.raises(TextError, match=message):
        front_end(language).read(line)
    with pytest.raises(TextError, match="text is too long"):
        next(read_passages(f"short\n{line}", front_end(language), max_phones=100))
