"""Japanese counters behind digits, with the sounds that change between number and counter: 8色 -> ハッショク."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from emotts.text.japanese.numbers import kana
from emotts.text.patterns import BEGINS, any_of, plain_number
from emotts.text.tables import read_pairs, read_table

__all__ = ["read_counters"]

_DOUBLED = {
    "イチ": "イッ",
    "ロク": "ロッ",
    "ハチ": "ハッ",
    "ジュー": "ジュッ",
    "ヒャク": "ヒャッ",
    "ビャク": "ビャッ",
    "ピャク": "ピャッ",
}
_BEFORE: Mapping[str, tuple[str, ...]] = {
    "k": ("イチ", "ロク", "ハチ", "ジュー", "ヒャク", "ビャク", "ピャク"),
    "s": ("イチ", "ハチ", "ジュー"),
    "h": ("イチ", "ロク", "ハチ", "ジュー", "ヒャク", "ビャク", "ピャク"),
}
"""Numbers whose end is doubled before a counter of each kind."""

_HALF_VOICED = dict(zip("ハヒフヘホ", "パピプペポ", strict=True))
_VOICED = dict(zip("カキクケコサシスセソタチツテトハヒフヘホ", "ガギグゲゴザジズゼゾダヂヅデドバビブベボ", strict=True))
_LONGEST = 16


def read_counters(text: str) -> str:
    """Write numbers with a counter of the table behind them in katakana."""
    return _pattern().sub(_counted, text)


@cache
def _counters() -> Mapping[str, tuple[str, str, str, str]]:
    rows = read_table("emotts.text.japanese", "counters.tsv")
    return {counter: (reading, kind, voiced, others) for counter, reading, kind, voiced, others in rows}


@cache
def _odd() -> Mapping[str, str]:
    return read_pairs("emotts.text.japanese", "odd_counts.tsv")


@cache
def _pattern() -> re.Pattern[str]:
    """Match a number and its counter, where no other word begins with the counter: 4周, but 4周年."""
    names = sorted(_counters(), key=len, reverse=True)
    counters = "|".join(f"{name}(?!{others})" if (others := _counters()[name][3]) else name for name in names)
    return re.compile(
        rf"{BEGINS}(?:({any_of(_odd())})(?:(?<=時)|(?![一-鿿]))|(\d{{1,3}}(?:,\d{{3}}(?!\d))++|\d++)\s?({counters}))"
    )


def _counted(match: re.Match[str]) -> str:
    odd, number, counter = match.groups()
    if odd:
        return _odd()[odd]
    plain = plain_number(number)
    if len(plain) > _LONGEST:
        return match.group()
    reading, kind, voiced, _ = _counters()[counter]
    value = int(plain)
    spoken = kana(value)
    ending = next((end for end in _BEFORE.get(kind, ()) if spoken.endswith(end)), "")
    if ending and value:
        spoken = spoken.removesuffix(ending) + _DOUBLED[ending]
        return spoken + (_HALF_VOICED.get(reading[0], reading[0]) if kind == "h" else reading[0]) + reading[1:]
    if voiced == "p" and spoken.endswith(("サン", "ヨン")):
        return spoken + _HALF_VOICED[reading[0]] + reading[1:]
    if voiced and spoken.endswith(("サン", "セン", "マン")) and voiced != "p":
        return spoken + _VOICED[reading[0]] + reading[1:]
    return spoken + reading
