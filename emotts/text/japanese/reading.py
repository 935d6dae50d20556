"""Readings of Japanese words in katakana, by Open JTalk with the dictionary of pyopenjtalk-plus.

Particles are read as they sound (は is ワ, へ is エ), long vowels are written with ー where they are spoken so.
"""

from __future__ import annotations

import re
from functools import cache

import pyopenjtalk

from emotts.text.japanese.kana import is_katakana, to_katakana
from emotts.text.tables import read_table

__all__ = ["read_kana", "respell"]

_WIDE = str.maketrans({",": "、", ".": "。", "!": "！", "?": "？"})
_NARROW = {"、": ",", "，": ",", "。": ".", "．": ".", "！": "!", "？": "?", "…": "…", "・": "・", "「": " ", "」": " "}
_DEVOICED = "’"
# an outcry, not the particle: は？ [ハ]
_OUTCRY = re.compile(r"(?:(?<=^)|(?<=[、。！？…「]))[はへ](?=[っッー]*(?:[！？…」]|$))")
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


def read_kana(text: str, unread: list[str]) -> str:
    """Return the reading of a normalised text: katakana, spaces at quotation marks, and ``! ? … , . ・``.

    Words without a reading are left out and added to ``unread``.
    """
    if is_katakana(re.sub("[!?….,・ ]", "", text)):
        return text
    wide = _OUTCRY.sub(lambda match: to_katakana(match.group()), text.replace(" ", "").translate(_WIDE))
    readings = []
    for feature in pyopenjtalk.run_frontend(wide):
        spelled = feature["string"]
        read = to_katakana(feature["pron"].replace(_DEVOICED, ""))
        if all(char in _NARROW for char in spelled):
            readings.append("".join(_NARROW[char] for char in spelled))
        elif is_katakana(read):
            readings.append(read)
        elif not _SILENT.fullmatch(spelled):
            unread.append(spelled)
    return "".join(readings)
