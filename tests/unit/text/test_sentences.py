"""Splitting of long texts."""

import random

import pytest

from emotts.errors import TextError
from emotts.text.sentences import split_sentences


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
    assert split_sentences(text) == pieces


def test_readings_in_katakana_are_split_as_well():
    assert split_sentences("コンバンワ.マタアシタ!") == ["コンバンワ.", "マタアシタ!"]
    assert split_sentences("アアア,イイイ,ウウウ", max_length=7) == ["アアア,", "イイイ,", "ウウウ"]


def test_a_long_sentence_is_cut_at_commas_first():
    assert split_sentences("하나 둘 셋, 넷 다섯 여섯, 일곱", max_length=12) == ["하나 둘 셋,", "넷 다섯 여섯, 일곱"]


def test_then_between_words():
    assert split_sentences("하나 둘 셋 넷 다섯 여섯", max_length=8) == ["하나 둘 셋 넷", "다섯 여섯"]


def test_a_word_without_end_is_cut_inside():
    assert split_sentences("가" * 25, max_length=10) == ["가" * 10, "가" * 10, "가" * 5]


def test_nothing_is_lost_and_no_piece_is_too_long():
    generator = random.Random(3)
    for _ in range(300):
        text = "".join(generator.choice("가나다라 ,.!? \n…") for _ in range(generator.randrange(200)))
        limit = generator.randrange(1, 40)
        pieces = split_sentences(text, max_length=limit)
        assert "".join("".join(pieces).split()) == "".join(text.split())
        # marks alone cannot be spoken: they stay with the words before them, beyond the limit where need be
        words = [piece.strip(" ,.!?…") for piece in pieces]
        assert all(0 < len(word) <= limit for word in words) or len(pieces) == 1


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("그래. ... 알겠어.", ["그래. ...", "알겠어."]),
        ("생일 축하해! 🎉", ["생일 축하해! 🎉"]),
        ("…\n정말? !!! ??\n***\n응", ["… 정말? !!! ?? ***", "응"]),
        ("? ! …", ["? ! …"]),
    ],
)
def test_marks_alone_stay_with_the_words_beside_them(text, pieces):
    assert split_sentences(text) == pieces


def test_any_measure_counts():
    digits = {"1": 2, "2": 1, "3": 1, " ": 0}

    def length(piece: str) -> int:
        return sum(digits[char] for char in piece)

    assert split_sentences("11 22 13 3", max_length=4, length_of=length) == ["11", "22", "13 3"]
    assert split_sentences("1122133", max_length=4, length_of=length) == ["11", "221", "33"]


def test_the_limit_must_be_positive():
    with pytest.raises(TextError, match="max_length 0 cannot be used"):
        split_sentences("가", max_length=0)
