"""Hanja in Korean texts, read in Hangul by the initial-sound rule: 女子 -> 여자, 男女 -> 남녀, 3月 -> 3월.

``data/hanja.tsv`` has the reading of every character, ``data/hanja_words.tsv`` the words that are read otherwise than
their characters are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property

from emotts.text.tables import read_pairs, read_table

__all__ = ["HanjaReader", "is_hanja"]

_PACKAGE = "emotts.text.korean"
_RUN = re.compile("[\u4e00-\u9fff\uf900-\ufaff]+")
_HANJA = "[\u4e00-\u9fff\uf900-\ufaff]"
_COMPANIES = {"株": "주식회사", "有": "유한회사", "財": "재단법인", "社": "사단법인", "合": "합자회사"}
_COMPANY = re.compile(f"[(（]([{''.join(_COMPANIES)}])[)）]\\s?")
# a word in Hangul with its Hanja in brackets behind it, or the other way round
_GLOSS = re.compile(rf"(?<=[가-힣])\s?[(（\[]\s?{_HANJA}(?:{_HANJA}|[\s,·・:;/、-])*[)）\]]")
_GLOSSED = re.compile(rf"({_HANJA}+)\s?[(（]([가-힣]+)[)）]")
_INITIAL = {
    "녀": "여", "뇨": "요", "뉴": "유", "니": "이", "랴": "야", "려": "여", "례": "예", "료": "요",
    "류": "유", "리": "이",
    "라": "나", "래": "내", "로": "노", "뢰": "뇌", "루": "누", "르": "느",
}  # fmt: skip
_RATES = {"률": "율", "율": "율", "렬": "열", "열": "열"}
_AFTER_CONSONANT = {"율": "률", "열": "렬"}
# characters that stand alone in headlines and are read otherwise there
_ALONE = {"金": "김", "露": "러"}
_LONGEST = 5


def is_hanja(char: str) -> bool:
    """Say whether a character is Hanja of the basic block, or a compatible form of one."""
    return _RUN.match(char) is not None


class HanjaReader:
    """Writes Hanja in Hangul."""

    @cached_property
    def _readings(self) -> Mapping[str, str]:
        return {char: reading for reading, chars in read_table(_PACKAGE, "hanja.tsv") for char in chars}

    @cached_property
    def _words(self) -> Mapping[str, str]:
        return read_pairs(_PACKAGE, "hanja_words.tsv")

    def read(self, text: str) -> str:
        """Replace all Hanja of a text in composed characters; Hanja in brackets behind Hangul is left out."""
        text = _GLOSS.sub(
            "", _GLOSSED.sub(self._glossed, _COMPANY.sub(lambda match: f"{_COMPANIES[match.group(1)]} ", text))
        )
        return _RUN.sub(self._run, text)

    def _glossed(self, match: re.Match[str]) -> str:
        """Read 沙果(사과) once."""
        hanja, hangul = match.groups()
        return hangul if len(hanja) == len(hangul) else match.group()

    def _run(self, match: re.Match[str]) -> str:
        hanja = match.group()
        before = match.string[match.start() - 1 : match.start()]
        begins = not ("가" <= before <= "힣" or before.isdigit())
        if hanja in _ALONE and begins and re.match(r"\s[가-힣]", match.string[match.end() :]):
            return _ALONE[hanja]
        spoken = ""
        place = 0
        while place < len(hanja):
            size = next((size for size in range(_LONGEST, 1, -1) if hanja[place : place + size] in self._words), 1)
            if size > 1:
                spoken += self._words[hanja[place : place + size]]
            else:
                spoken += self._char(hanja, place, before=spoken[-1:] or ("" if begins else before))
            place += size
        return spoken

    def _char(self, hanja: str, place: int, *, before: str) -> str:
        char = hanja[place]
        reading = self._readings.get(char, "")
        if char == "不" and self._readings.get(hanja[place + 1 : place + 2], "가")[0] in _D_AND_J:
            return "부"
        if not before:
            return _without_initial(reading)
        if reading in _RATES:
            short = _RATES[reading]
            return short if _final(before) in (0, 4) else _AFTER_CONSONANT[short]
        return reading


_D_AND_J = frozenset(chr(code) for code in (*range(ord("다"), ord("따")), *range(ord("자"), ord("짜"))))


def _without_initial(reading: str) -> str:
    """Apply the initial-sound rule: 녀 -> 여, 력 -> 역."""
    final = _final(reading) if reading else 0
    bare = chr(ord(reading) - final) if reading else ""
    return chr(ord(_INITIAL[bare]) + final) if bare in _INITIAL else reading


def _final(syllable: str) -> int:
    """Return the place of the final consonant of a syllable, 0 for none; other characters have none."""
    return (ord(syllable) - ord("가")) % 28 if "가" <= syllable <= "힣" else 0
