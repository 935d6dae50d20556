"""Readings of Japanese words in katakana, by Open JTalk with the dictionary of pyopenjtalk-plus.

Particles are read as they sound (は is ワ, へ is エ), long vowels are written with ー where they are spoken so.
"""

from __future__ import annotations

import re
from functools import cache

import pyopenjtalk

from emotts.text.japanese.kana import is_katakana, to_katakana
from emotts.text.japanese.words import SpelledWord
from emotts.text.tables import read_table

__all__ = ["read_words", "respell"]

_WIDE = str.maketrans({",": "、", ".": "。", "!": "！", "?": "？"})
_NARROW = {"、": ",", "，": ",", "。": ".", "．": ".", "！": "!", "？": "?", "…": "…", "・": "・", "「": " ", "」": " "}
_DEVOICED = "’"
# an outcry, not the particle: は？ [ハ]
_OUTCRY = re.compile(r"(?:(?<=^)|(?<=[、。！？…「]))[はへ](?=[っッー]*(?:[！？…」]|$))")
_SUFFIX = ("動詞", "接尾")
_SILENT = re.compile("[ー・ \u3000]+")


@cache
def _words() -> list[tuple[re.Pattern[str], str]]:
    rows = read_table("emotts.text.japanese", "readings.tsv")
    return [
        (re.compile(f"({before}){re.escape(written)}" + (f"(?={behind})" if behind else "")), reading)
        for before, written, behind, reading in rows
    ]


def respell(text: str) -> str:
    """Write words that the dictionary reads otherwise in katakana, by what stands before and behind them."""
    for pattern, reading in _words():
        text = pattern.sub(rf"\1{reading}", text)
    return text


def read_words(text: str, unread: list[str]) -> list[SpelledWord]:
    """Return the words of a normalised text; readings are katakana, spaces at quotation marks, and ``! ? … , . ・``.

    Words without a reading are added to ``unread``.
    """
    if is_katakana(re.sub("[!?….,・ ]", "", text)):
        return [SpelledWord(text, text)]
    wide = _OUTCRY.sub(lambda match: to_katakana(match.group()), text.replace(" ", "").translate(_WIDE))
    words = []
    for feature in pyopenjtalk.run_frontend(wide):
        spelled = feature["string"]
        read = to_katakana(feature["pron"].replace(_DEVOICED, ""))
        if all(char in _NARROW for char in spelled):
            read = "".join(_NARROW[char] for char in spelled)
        elif not is_katakana(read):
            read = ""
            if not _SILENT.fullmatch(spelled):
                unread.append(spelled)
        is_suffix = (feature["pos"], feature["pos_group1"]) == _SUFFIX
        words.append(SpelledWord(spelled, read, is_ending=is_suffix or feature["pos"] == "助動詞"))
    return words
