"""Latin words in Korean texts: known words, abbreviations letter by letter, English words by CMUdict."""

from __future__ import annotations

import re
from functools import cache

from emotts.text.english.dictionary import CmuDictionary
from emotts.text.english.pronunciation import WordReader
from emotts.text.english.spelling import SpellingReader
from emotts.text.korean.loanwords import english_hangul
from emotts.text.latin import LatinReader
from emotts.text.tables import read_pairs

__all__ = ["korean_latin_reader"]

_LETTERS = {
    "a": "에이", "b": "비", "c": "시", "d": "디", "e": "이", "f": "에프", "g": "지", "h": "에이치",
    "i": "아이", "j": "제이", "k": "케이", "l": "엘", "m": "엠", "n": "엔", "o": "오", "p": "피", "q": "큐",
    "r": "알", "s": "에스", "t": "티", "u": "유", "v": "브이", "w": "더블유", "x": "엑스", "y": "와이",
    "z": "제트",
}  # fmt: skip
"""Names of the letters."""

_SECOND_PARTS = re.compile(
    "out|up|off|man|day|way|boy|box|board|back|down|work|book|ball|room|house|top|side|"
    "time|land|yard|mate|site|page|word|ware|phone|case|card|shop|store|list|mark|maker|"
    "break|run|point|hand|head|field|fall|line|light|life|like|made|men|wear|ear|eye|"
    "lock|less|let|look|over|pack|paper|place|plan|play|proof|power|port|sheet|ship|show|"
    "space|stage|stand|station|step|stick|stone|style|table|tail|talk|tape|test|view|wall|"
    "watch|water|wave|web|weight|wood|woman|world|worm|worth|code|craft|cut|door|drop|"
    "fight|film|fire|fish|flow|food|game|gate|girl|gun|guard|hall|keeper|lift|load|maid|"
    "mail|map|market|master|name|net|night|pad|party|path|pool|rock|roll|sale|screen|"
    "service"
)


def korean_latin_reader(dictionary: CmuDictionary) -> LatinReader:
    """Return a reader that writes Latin words in Hangul as Koreans say them."""

    @cache
    def by_dictionary(word: str) -> str | None:
        phones = dictionary.first(word)
        if not phones:
            return None
        stem = dictionary.first(word[:-1]) if word.endswith("s") else None
        if stem and phones[:-1] == stem and stem[-1] not in ("T", "D"):
            return english_hangul(stem, spelled=word[:-1]) + "스"
        parts = _compound(word, phones, dictionary)
        if parts:
            return "".join(words.get(part) or by_dictionary(part) or "" for part in parts)
        return english_hangul(phones, spelled=word)

    @cache
    def unknown_words() -> WordReader:
        return WordReader(dictionary, SpellingReader())

    words = read_pairs("emotts.text.korean", "loanwords.tsv")
    return LatinReader(
        words,
        _LETTERS,
        possessive="스",
        joined="앤",
        by_dictionary=by_dictionary,
        by_spelling=lambda word: english_hangul(unknown_words().read(word), spelled=word),
        is_abbreviation=dictionary.is_spelled,
    )


def _compound(word: str, phones: tuple[str, ...], dictionary: CmuDictionary) -> tuple[str, str] | None:
    """Return the two words that a word is made of, if it sounds as they do: headlight."""
    for cut in range(3, len(word) - 1):
        first, second = word[:cut], word[cut:]
        if not _SECOND_PARTS.fullmatch(second):
            continue
        before, behind = dictionary.first(first), dictionary.first(second)
        if before and behind and _plain((*before, *behind)) == _plain(phones):
            return first, second
    return None


def _plain(phones: tuple[str, ...]) -> list[str]:
    return [phone.rstrip("012") for phone in phones]
