"""Splitting of long texts."""

import random

import pytest

from emotts.errors import TextError
from emotts.text.sentences import split_sentences


def split(text, *, limit=120):
    return [piece.text for piece in split_sentences(text, size=len, limit=limit)]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("안녕하세요. 반갑습니다! 누구세요?", ["안녕하세요.", "반갑습니다!", "누구세요?"]),
        ("원주율은 3.14입니다. 오늘은 2026.3.5.", ["원주율은 3.14입니다.", "오늘은 2026.3.5."]),
        ('"가자." 그가 말했다.', ['"가자."', "그가 말했다."]),
        ("정말?! 그럴 리가…  없어", ["정말?!", "그럴 리가…", "없어"]),
        ("첫 줄\n둘째 줄\r\n\r\n셋째", ["첫 줄", "둘째 줄", "셋째"]),
        ("이름은。다음", ["이름은。", "다음"]),
        ("今日は晴れです。明日は？雨かな！", ["今日は晴れです。", "明日は？", "雨かな！"]),
        ("「はい。」と言った。「え？」「うん。」", ["「はい。」と言った。", "「え？」", "「うん。」"]),
        ("本当！？すごい。", ["本当！？", "すごい。"]),
        ("本当!すごい!でも3.5円です", ["本当!", "すごい!", "でも3.5円です"]),
        ("Mr. Smith met Dr. Lee. They talked.", ["Mr. Smith met Dr. Lee.", "They talked."]),
        ("See No. 5 and p. 12. Is it No. Yes?", ["See No. 5 and p. 12.", "Is it No.", "Yes?"]),
        ("J. K. Rowling wrote it. I. You.", ["J. K. Rowling wrote it.", "I.", "You."]),
        ("Tools, e.g. Hammers, cost $3.50 at 5 p.m. today.", ["Tools, e.g. Hammers, cost $3.50 at 5 p.m. today."]),
        ("It began at 5 p.m. They left.", ["It began at 5 p.m.", "They left."]),
        (
            "He lives in the U.S. now. Cats, dogs, etc. are here.",
            ["He lives in the U.S. now.", "Cats, dogs, etc. are here."],
        ),
        ('"Go!" she said. (Really.) Yes.', ['"Go!"', "she said.", "(Really.)", "Yes."]),
        ("", []),
        (" \n ", []),
        ("마침표 없는 문장", ["마침표 없는 문장"]),
    ],
)
def test_sentences(text, pieces):
    assert split(text) == pieces


def test_readings_in_katakana_are_split_as_well():
    assert split("コンバンワ.マタアシタ!") == ["コンバンワ.", "マタアシタ!"]
    assert split("アアア,イイイ,ウウウ", limit=7) == ["アアア,", "イイイ,", "ウウウ"]


def test_a_long_sentence_is_cut_at_commas_first():
    assert split("하나 둘 셋, 넷 다섯 여섯, 일곱", limit=12) == ["하나 둘 셋,", "넷 다섯 여섯, 일곱"]


def test_then_between_words():
    assert split("하나 둘 셋 넷 다섯 여섯", limit=8) == ["하나 둘 셋 넷", "다섯 여섯"]


def test_a_word_without_end_is_cut_inside():
    assert split("가" * 30, limit=10) == ["가" * 10, "가" * 10, "가" * 10]
    assert split("가" * 25, limit=10) == ["가" * 8, "가" * 8, "가" * 9]


def test_a_word_is_not_cut_before_what_is_written_on_a_letter():
    decomposed = "\u1100\u1161\u11a8" * 20
    pieces = split(decomposed, limit=10)
    assert "".join(pieces) == decomposed
    assert len(pieces) > 5
    assert {piece[0] for piece in pieces} == {"\u1100"}
    assert split("あああゃああ", limit=5) == ["あああゃ", "ああ"]


def test_pauses_follow_the_border():
    text = "하나 둘, 셋 넷 다섯. 여섯 일곱 여덟!\n일곱"
    pieces = list(split_sentences(text, size=len, limit=7))
    assert [(piece.text, piece.pause) for piece in pieces] == [
        ("하나 둘,", 0.5),
        ("셋 넷 다섯.", 1.0),
        ("여섯 일곱", 0.0),
        ("여덟!", 1.5),
        ("일곱", 1.5),
    ]


def test_the_limit_is_one_of_the_size_and_not_of_characters():
    def digits_are_five(part):
        return sum(5 if char.isdigit() else 1 for char in part)

    pieces = list(split_sentences("1234 5678 가나다라 마바사아", size=digits_are_five, limit=20))
    assert [piece.text for piece in pieces] == ["1234", "5678", "가나다라 마바사아"]


def test_parts_that_measure_less_than_their_whole_are_still_cut():
    pieces = list(split_sentences("가 나 다 라", size=lambda part: len(part) ** 2, limit=10))
    assert [piece.text for piece in pieces] == ["가 나", "다 라"]


def test_nothing_is_lost_and_no_piece_is_too_long():
    generator = random.Random(3)
    for _ in range(300):
        text = "".join(generator.choice("가나다라 ,.!? \n…") for _ in range(generator.randrange(200)))
        limit = generator.randrange(1, 40)
        pieces = split(text, limit=limit)
        assert "".join("".join(pieces).split()) == "".join(text.split())
        assert all(0 < len(piece) <= limit for piece in pieces)


def test_the_limit_must_be_positive():
    with pytest.raises(TextError, match="limit 0 cannot be used"):
        next(split_sentences("가", size=len, limit=0))
