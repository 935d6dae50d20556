"""The page's words: the same values in both languages, and a help text for every key."""

from __future__ import annotations

import string

from emotts.corpus.corrections.entry import NO_EMOTION, NO_TEXT, TWO_EMOTIONS, UNCHECKED
from emotts.corpus.transcripts.alignment.acceptance import BROKEN_OFF, NOT_IN_SCRIPT, READ_AGAIN, WORDING
from emotts.emotions.emotion_set import EmotionSet
from emotts.serving.review import words as module
from emotts.serving.review.filters import FILTERS
from emotts.serving.review.keys import KEYS, emotion_keys
from emotts.serving.review.words import LANGUAGES, Words


def fields(text: str) -> set[str | None]:
    return {field for _, field, _, _ in string.Formatter().parse(text) if field is not None}


def test_both_languages_take_the_same_values() -> None:
    for key, texts in module._TABLE.items():
        assert len(texts) == len(LANGUAGES)
        assert fields(texts[0]) == fields(texts[1]), key
        assert any("가" <= char <= "힣" for char in texts[1]), key


def test_words_in_a_language() -> None:
    assert Words("en")("checked", done=3, total=62) == "3 of 62 checked"
    assert Words("ko")("checked", done=3, total=62) == "62개 중 3개 확인"
    assert Words("fr")("accept") == "Accept"
    assert Words("ko")("wistful") == "wistful"


def test_every_key_filter_emotion_and_reason_has_words() -> None:
    names = [*(key.help for key in KEYS), *FILTERS, *EmotionSet().names]
    names += [NO_TEXT, NO_EMOTION, TWO_EMOTIONS, UNCHECKED, WORDING, BROKEN_OFF, NOT_IN_SCRIPT, READ_AGAIN]
    assert [name for name in names if name not in module._TABLE] == []


def test_no_key_does_two_things() -> None:
    keys = (*KEYS, *emotion_keys(7))
    places = [(key.code, key.shift, key.ctrl) for key in keys]
    assert len(places) == len(set(places))
    assert [(key.code, key.action) for key in emotion_keys(12)][-1] == ("Digit9", "emotion_9")
