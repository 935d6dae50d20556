"""Latin words in Japanese texts: known words, abbreviations letter by letter, English words by CMUdict."""

from __future__ import annotations

from functools import cache

from emotts.text.english.dictionary import CmuDictionary
from emotts.text.english.pronunciation import WordReader
from emotts.text.english.spelling import SpellingReader
from emotts.text.japanese.loanwords import english_kana
from emotts.text.latin import LatinReader
from emotts.text.tables import read_pairs

__all__ = ["japanese_latin_reader"]

_PACKAGE = "emotts.text.japanese"
_LETTERS = {
    "a": "エー", "b": "ビー", "c": "シー", "d": "ディー", "e": "イー", "f": "エフ", "g": "ジー", "h": "エイチ",
    "i": "アイ", "j": "ジェー", "k": "ケー", "l": "エル", "m": "エム", "n": "エヌ", "o": "オー", "p": "ピー",
    "q": "キュー", "r": "アール", "s": "エス", "t": "ティー", "u": "ユー", "v": "ブイ", "w": "ダブリュー",
    "x": "エックス", "y": "ワイ", "z": "ゼット",
}  # fmt: skip


def japanese_latin_reader(dictionary: CmuDictionary) -> LatinReader:
    """Return a reader that writes Latin words in katakana as Japanese say them."""

    def by_dictionary(word: str) -> str | None:
        phones = dictionary.first(word)
        if not phones:
            return None
        stem = dictionary.first(word[:-1]) if word.endswith("s") else None
        if stem and phones[:-1] == stem and stem[-1] not in ("T", "D"):
            # maps is マップス as map is マップ
            return english_kana(stem, spelled=word[:-1]) + ("ス" if phones[-1] == "S" else "ズ")
        return english_kana(phones, spelled=word)

    @cache
    def unknown_words() -> WordReader:
        return WordReader(dictionary, SpellingReader())

    words = {**read_pairs(_PACKAGE, "loanwords.tsv"), **read_pairs(_PACKAGE, "latin_words.tsv")}
    return LatinReader(
        words,
        _LETTERS,
        possessive="ズ",
        joined="アンド",
        by_dictionary=by_dictionary,
        by_spelling=lambda word: english_kana(unknown_words().read(word), spelled=word),
        is_abbreviation=dictionary.is_spelled,
    )
