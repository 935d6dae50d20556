"""Hangul in Japanese texts, in katakana as it is usually written: 안녕 -> アンニョン."""

from __future__ import annotations

import re

__all__ = ["is_hangul", "read_hangul_in_kana"]

_HANGUL = re.compile("[가-힣]+")
_ROWS = {
    "": "アイウエオ", "k": "カキクケコ", "n": "ナニヌネノ", "t": "タティトゥテト", "r": "ラリルレロ", "m": "マミムメモ",
    "p": "パピプペポ", "s": "サシスセソ", "j": "チャチチュチェチョ", "h": "ハヒフヘホ", "g": "ガギグゲゴ",
    "d": "ダディドゥデド",
    "b": "バビブベボ", "z": "ジャジジュジェジョ",
}  # fmt: skip
_KINDS = ("k", "k", "n", "t", "t", "r", "m", "p", "p", "s", "s", "", "j", "j", "j", "k", "t", "p", "h")
_VOICED = {0: "g", 3: "d", 7: "b", 12: "z"}
_VOWELS = (
    "a",
    "e",
    "ya",
    "e",
    "o",
    "e",
    "yo",
    "e",
    "o",
    "wa",
    "e",
    "we",
    "yo",
    "u",
    "wo",
    "we",
    "wi",
    "yu",
    "u",
    "wi",
    "i",
)
_CODAS = ("", "ク", "ク", "ク", "ン", "ン", "ン", "ッ", "ル", "ク", "ム", "ル", "ル", "ル", "プ", "ル", "ム",
"プ", "プ", "ッ",
          "ッ", "ン", "ッ", "ッ", "ク", "ッ", "プ", "ッ")  # fmt: skip
_GLIDED = {"ya": "ャ", "yu": "ュ", "yo": "ョ"}
_SEMIVOWELS = {"wa": "ワ", "wo": "ウォ", "we": "ウェ", "wi": "ウィ", "ya": "ヤ", "yu": "ユ", "yo": "ヨ"}
_MORA = re.compile("[ァ-ヺ][ァィゥェォャュョ]?")


def is_hangul(char: str) -> bool:
    """Say whether a character is a syllable of Hangul."""
    return "가" <= char <= "힣"


def read_hangul_in_kana(text: str) -> str:
    """Write all Hangul of a text in katakana, syllable by syllable; plain stops are voiced inside a word."""
    return _HANGUL.sub(lambda match: "".join(_syllables(match.group())), text)


def _syllables(word: str) -> list[str]:
    spoken = []
    voiced = False
    for char in word:
        onset, rest = divmod(ord(char) - ord("가"), 588)
        vowel, coda = divmod(rest, 28)
        kind = _VOICED.get(onset, _KINDS[onset]) if voiced else _KINDS[onset]
        spoken.append(_kana(kind, _VOWELS[vowel]) + _CODAS[coda])
        voiced = _CODAS[coda] in ("", "ン", "ム", "ル")
    return spoken


def _kana(kind: str, vowel: str) -> str:
    if vowel in _SEMIVOWELS and not kind:
        return _SEMIVOWELS[vowel]
    morae: list[str] = _MORA.findall(_ROWS[kind])
    if vowel in _GLIDED:
        return morae[1] + _GLIDED[vowel] if kind not in ("j", "z") else morae["aiueo".index(vowel[1])]
    if vowel[0] == "w":
        return morae[2] + _SEMIVOWELS[vowel].replace("ウ", "").replace("ワ", "ァ")
    return morae["aiueo".index(vowel)]
