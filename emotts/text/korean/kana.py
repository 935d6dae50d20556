"""Japanese kana in Korean texts, in Hangul as Koreans write them: カナ -> 가나, とうきょう -> 도우쿄우."""

from __future__ import annotations

import re

from emotts.text.japanese.kana import KANA_PHONES, to_katakana

__all__ = ["is_kana", "read_kana_in_hangul"]

_KANA = re.compile("[ぁ-ゖァ-ヺー]+")
_CONSONANTS = {
    "": "ㅇ", "k": "ㅋ", "g": "ㄱ", "s": "ㅅ", "sh": "ㅅ", "z": "ㅈ", "j": "ㅈ", "t": "ㅌ", "ch": "ㅊ", "ts": "ㅆ",
    "d": "ㄷ", "n": "ㄴ", "h": "ㅎ", "f": "ㅎ", "b": "ㅂ", "p": "ㅍ", "m": "ㅁ", "r": "ㄹ", "y": "ㅇ", "w": "ㅇ",
}  # fmt: skip
_AT_THE_BEGINNING = {"k": "ㄱ", "t": "ㄷ", "ch": "ㅈ"}
_VOWELS = {"a": "ㅏ", "i": "ㅣ", "u": "ㅜ", "e": "ㅔ", "o": "ㅗ"}
_GLIDED = {"a": "ㅑ", "i": "ㅣ", "u": "ㅠ", "e": "ㅖ", "o": "ㅛ"}
_ONSETS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_NUCLEI = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_CODAS = {"N": 4, "q": 19}


def is_kana(char: str) -> bool:
    """Say whether a character is a kana or a long vowel mark."""
    return _KANA.match(char) is not None


def read_kana_in_hangul(text: str) -> str:
    """Write all kana of a text in Hangul; long vowel marks are not written."""
    return _KANA.sub(lambda match: _word(to_katakana(match.group()).replace("ー", "")), text)


def _word(kana: str) -> str:
    syllables: list[str] = []
    place = 0
    while place < len(kana):
        size = 2 if len(kana) - place > 1 and kana[place : place + 2] in KANA_PHONES else 1
        phones = [phone.rstrip(":") for phone in KANA_PHONES[kana[place : place + size]]]
        place += size
        if phones[0] in _CODAS:
            if syllables and (ord(syllables[-1]) - ord("가")) % 28 == 0:
                syllables[-1] = chr(ord(syllables[-1]) + _CODAS[phones[0]])
            continue
        syllables.append(_syllable(phones, begins=not syllables))
    return "".join(syllables)


def _syllable(phones: list[str], *, begins: bool) -> str:
    consonant, vowel = ("", phones[0]) if len(phones) == 1 else (phones[0], phones[1])
    glided = consonant == "y" or (len(consonant) == 2 and consonant[1] == "y")
    base = consonant[0] if glided and consonant != "y" else consonant
    letter = _AT_THE_BEGINNING.get(base) if begins else None
    nucleus = _GLIDED[vowel] if glided or (base == "sh" and vowel != "i") else _VOWELS[vowel]
    if consonant == "w":
        nucleus = {"a": "ㅘ", "o": "ㅝ", "e": "ㅞ", "i": "ㅟ"}.get(vowel, nucleus)
    if base == "ts" or (base in ("s", "z") and vowel == "u"):
        nucleus = "ㅡ"
    onset = letter or _CONSONANTS[base]
    return chr(ord("가") + (_ONSETS.index(onset) * len(_NUCLEI) + _NUCLEI.index(nucleus)) * 28)
