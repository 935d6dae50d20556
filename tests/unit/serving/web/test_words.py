"""The page's words: every key in all three languages, with the same values."""

from __future__ import annotations

import re
import string

import pytest

from emotts.emotions.emotion_set import EmotionSet
from emotts.ranges import CALL_RANGES
from emotts.serving.page_words import preferred_language
from emotts.serving.web import elements, text_panel
from emotts.serving.web import words as module
from emotts.serving.web.words import LANGUAGES, Words


def fields(text: str) -> set[str | None]:
    return {field for _, field, _, _ in string.Formatter().parse(text) if field is not None}


def test_all_languages_have_the_same_keys_and_values() -> None:
    for key, texts in module._TABLE.items():
        assert len(texts) == len(LANGUAGES) == 3
        assert fields(texts[0]) == fields(texts[1]) == fields(texts[2]), key
        assert re.search("[가-힣]", texts[1]), key
        assert re.search("[ぁ-ヿ一-鿿]", texts[2]), key


def test_everything_that_is_shown_has_words() -> None:
    shown = [*EmotionSet().names, *CALL_RANGES, *elements._PLAYER_WORDS, *(key for _, key in text_panel._TAGS)]
    assert [name for name in shown if name not in module._TABLE] == []


def test_words_in_a_language() -> None:
    assert Words("en")("count", count=3, most=4096) == "3 of 4096 characters"
    assert Words("ja")("count", count=3, most=4096) == "4096文字中3文字"
    assert Words("ko").several("play", "stop") == {"play": "재생", "stop": "정지"}
    assert Words("fr")("speak") == "Speak"
    assert Words("ko")("wistful") == "wistful"


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("ko-KR,ko;q=0.9,en-US;q=0.8", "ko"),
        ("fr, ja;q=0.5, ko;q=0.8", "ko"),
        ("de-DE,de", "en"),
        ("JA", "ja"),
        ("ko;q=0, en;q=0.1", "en"),
        ("ko;q=much, ja;q=0.2", "ja"),
        ("", "en"),
    ],
)
def test_the_language_that_a_browser_prefers(accepted: str, language: str) -> None:
    assert preferred_language(accepted, LANGUAGES) == language
