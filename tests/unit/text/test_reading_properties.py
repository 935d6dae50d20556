"""What holds for every text in every language: read or refused, nothing lost, phones that MeloTTS knows."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from emotts.errors import TextError
from emotts.text.characters import CharacterSet
from emotts.text.encode import encode
from emotts.text.english.characters import ENGLISH_CHARACTERS
from emotts.text.frontend import SUPPORTED_LANGUAGES, front_end
from emotts.text.japanese.characters import JAPANESE_CHARACTERS
from emotts.text.korean.characters import KOREAN_CHARACTERS
from emotts.text.normalising import OnUnknown
from emotts.text.phonemes import FrontEnd, Phonemes
from emotts.text.symbols import BLANK, PUNCTUATION, SYMBOL_IDS

ALL_LANGUAGES = pytest.mark.parametrize("language", SUPPORTED_LANGUAGES)

CHARACTERS: dict[str, CharacterSet] = {
    "KR": KOREAN_CHARACTERS,
    "JP": JAPANESE_CHARACTERS,
    "EN": ENGLISH_CHARACTERS,
}
ANCHORS = {"KR": " 나무 ", "JP": "、山、", "EN": " tree "}
"""A word that changes no word beside it, with what parts it from them."""

SILENT_BESIDE_KATAKANA = "ヵヷヸヹヺ"
"""Open JTalk leaves these out of an unknown word beside other katakana: サヷ山 becomes ササン."""

AMBIGUOUS = re.compile(r"(?:^|[.!?…,] )A |\bvs\b")
LATIN = "abcdefghijklmnopqrstuvwxyz"
SIGNS = "・ー「」…。、！？:;~·±≥≤≠≈∞√₩$€£¥‰μ½²³①Ⅳ№㎏αβΩ–—ㅋㅠㄱ々〆〇゛ｱﾞé́ß\n\t\u200b\ufe0f\u3099👍🏽\ud800"


def kana() -> st.SearchStrategy[str]:
    """Return words in hiragana or katakana that begin with a full kana."""
    hiragana = [chr(code) for code in range(0x3041, 0x3097)]
    katakana = [chr(code) for code in range(0x30A1, 0x30FB) if chr(code) not in SILENT_BESIDE_KATAKANA]
    rest = st.text(st.sampled_from([*hiragana, *katakana, "ー"]), max_size=3)
    return st.builds(str.__add__, st.sampled_from("かきさたのはみやれをアコサタナヘモヤル"), rest)


NATIVE = {
    "KR": st.text(st.characters(min_codepoint=ord("가"), max_codepoint=ord("힣")), min_size=1, max_size=4),
    "JP": st.one_of(kana(), st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1, max_size=2)),
    "EN": st.text(LATIN, min_size=1, max_size=9),
}


def latin() -> st.SearchStrategy[str]:
    """Return Latin words and names: happy, USA, Google, x-ray, mp3."""
    word = st.text(LATIN, min_size=1, max_size=7)
    cased = st.one_of(word, word.map(str.upper), word.map(str.title))
    joined = st.builds(lambda first, mark, second: f"{first}{mark}{second}", cased, st.sampled_from("'-."), cased)
    numbered = st.builds(lambda name, number: f"{name}{number}", cased, st.integers(0, 999))
    return st.one_of(cased, joined, numbered)


def number() -> st.SearchStrategy[str]:
    """Return numbers as people write them: 7, 1,234.5, 12:30, 2024-05-06, $5, 30%, 010-1234-5678."""
    whole = st.integers(0, 10**24 - 1)
    small = st.integers(0, 99)
    return st.one_of(
        whole.map(str),
        whole.map("{:,}".format),
        st.integers(0, 9_999_999).map(lambda value: f"{value / 100:,.2f}"),
        st.builds("{}:{:02}".format, st.integers(0, 23), st.integers(0, 59)),
        st.builds("{}/{}".format, st.integers(1, 12), st.integers(1, 31)),
        st.builds("{}-{:02}-{:02}".format, st.integers(1900, 2099), st.integers(1, 12), st.integers(1, 31)),
        st.builds("0{}-{:04}-{:04}".format, small, st.integers(0, 9999), st.integers(0, 9999)),
        st.builds("{}{}".format, small, st.sampled_from(["%", "kg", "°C", "th", "km/h", "MB"])),
        st.builds("{}{}".format, st.sampled_from(["$", "₩", "€", "-", "#", "v1.", "."]), small),
    )


def words(language: str) -> st.SearchStrategy[str]:
    """Return what stands between two spaces of a text."""
    mixed = st.builds("{}{}".format, number(), NATIVE[language])
    return st.one_of(NATIVE[language], latin(), number(), mixed)


def texts(language: str) -> st.SearchStrategy[str]:
    """Return everything from sentences to noise."""
    native = NATIVE[language]
    ascii_text = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=12)
    pieces = st.one_of(native, words(language), ascii_text, st.text(SIGNS, max_size=4), st.text(st.characters()))
    return st.lists(pieces, max_size=6).map("".join)


@functools.cache
def reader(language: str, on_unknown: OnUnknown = "error") -> FrontEnd:
    """Return the front end of a language, loaded once; a sign without a reading is refused unless it is skipped."""
    return front_end(language, on_unknown=on_unknown)


def read_or_none(language: str, text: str, on_unknown: OnUnknown = "error") -> Phonemes | None:
    """Return a reading, None where the text is refused."""
    try:
        return reader(language, on_unknown).read(text)
    except TextError:
        return None


def spoken(language: str, parts: Sequence[str]) -> list[str] | None:
    """Return the phones of words between anchors, marks left out."""
    anchor = ANCHORS[language]
    read = read_or_none(language, anchor + "".join(part + anchor for part in parts))
    return None if read is None else [phone for phone in read.phones if phone not in (*PUNCTUATION, BLANK)]


@pytest.mark.slow
@pytest.mark.parametrize("on_unknown", ["error", "skip"])
@ALL_LANGUAGES
@given(data=st.data())
def test_every_string_is_read_into_phones_of_melotts_or_refused(
    language: str, on_unknown: OnUnknown, data: st.DataObject
) -> None:
    read = read_or_none(language, data.draw(texts(language)), on_unknown)
    if read is None:
        return
    assert set(read.phones) <= set(SYMBOL_IDS)
    assert read.phones[0] == read.phones[-1] == BLANK
    assert any(phone not in (*PUNCTUATION, BLANK) for phone in read.phones)
    assert sum(read.word2ph) == len(read.phones) == len(read.tones)
    assert len(read.word2ph) == 2 + len(read.normalised_text.replace(" ", ""))
    assert min(read.word2ph) >= 0
    ids = encode(read.phones, read.tones, language=language)
    assert len(ids.tokens) == 2 * len(read.phones) + 1


@pytest.mark.slow
@ALL_LANGUAGES
@given(data=st.data())
def test_every_word_is_spoken_or_refused(language: str, data: st.DataObject) -> None:
    parts = data.draw(st.lists(words(language), min_size=1, max_size=4))
    left_out = data.draw(st.integers(0, len(parts) - 1))
    # faces (xD, OTL) are left out on purpose
    assume(not CHARACTERS[language].faces.search(" ".join(parts)))
    whole = spoken(language, parts)
    rest = spoken(language, [part for place, part in enumerate(parts) if place != left_out])
    anchor = spoken(language, [])
    assert anchor is not None
    if whole is not None and rest is not None:
        assert len(whole) > len(rest) + len(anchor), parts[left_out]


@pytest.mark.slow
@ALL_LANGUAGES
@given(data=st.data())
def test_what_was_normalised_is_read_as_it_stands(language: str, data: st.DataObject) -> None:
    read = read_or_none(language, data.draw(texts(language)))
    if read is None:
        return
    # at the beginning of a phrase, the letter A is taken for the article when it is read again; vs becomes versus
    assume(language != "EN" or not AMBIGUOUS.search(read.normalised_text))
    again = reader(language).read(read.normalised_text)
    assert again.phones == read.phones
    assert again.tones == read.tones
    assert again.word2ph == read.word2ph
    # the letter I and the word i sound alike
    fold = str.lower if language == "EN" else str
    assert fold(again.normalised_text) == fold(read.normalised_text)


@pytest.mark.parametrize("rare", SILENT_BESIDE_KATAKANA)
@pytest.mark.parametrize("text", ["サ{}", "山{}山", "山、{}、山", "かき{}"])
def test_a_rare_kana_is_spoken_or_refused_away_from_other_words_in_katakana(rare: str, text: str) -> None:
    read = read_or_none("JP", text.format(rare))
    assert read is None or rare in read.normalised_text
