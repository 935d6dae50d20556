"""The choice of a front end, and the shape of what it returns."""

import pytest

from emotts.errors import TextError
from emotts.text.encode import encode
from emotts.text.frontend import SUPPORTED_LANGUAGES, front_end
from emotts.text.symbols import SYMBOLS


@pytest.fixture(scope="module")
def korean():
    return front_end("KR")


def test_phones_tones_and_counts(korean):
    read = korean.read("네, 닭.")
    assert read.normalised_text == "네, 닭."
    assert read.phones == ("_", "ᄂ", "ᅦ", ",", "ᄃ", "ᅡ", "ᆨ", ".", "_")
    assert read.tones == (0,) * 9
    assert read.word2ph == (1, 2, 1, 3, 1, 1)


def test_counts_go_with_the_characters_of_the_normalised_text(korean):
    for text in ("오늘 3시에 AI 회의가 있어요!", "값이 ₩15,000이라고…?", "못 해요. 열 개, 같이."):
        read = korean.read(text)
        assert sum(read.word2ph) == len(read.phones) == len(read.tones)
        assert len(read.word2ph) == 2 + len(read.normalised_text.replace(" ", ""))
        assert read.phones[0] == read.phones[-1] == "_"


def test_all_phones_can_be_encoded(korean):
    assert korean.symbols == SYMBOLS
    read = korean.read("까치가 얹힌 넓은 의자, 뙤약볕! 왜 웬 쥐? 얘들아… 쌍꺼풀 푯말")
    assert len(encode(read.phones, read.tones, language=korean.language).tokens) == 2 * len(read.phones) + 1


def test_the_same_text_gives_the_same_phones_from_two_front_ends(korean):
    text = "YouTube에서 3시간 동안 apple 광고를 봤어요."
    assert front_end("KR").read(text) == korean.read(text)


def test_supported_languages():
    assert SUPPORTED_LANGUAGES == ("KR", "JP", "EN")
    for language in SUPPORTED_LANGUAGES:
        assert front_end(language).language == language


@pytest.mark.parametrize("language", ["ZH", "FR"])
def test_a_language_without_front_end(language):
    with pytest.raises(TextError, match=f"language '{language}' has no front end\n.*supported languages: KR, JP, EN"):
        front_end(language)


def test_an_unknown_language():
    with pytest.raises(TextError, match="unknown language 'kr'"):
        front_end("kr")
