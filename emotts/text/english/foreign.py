"""Korean and Japanese syllables in English texts, in Latin letters as they are usually written: 안녕 -> annyeong."""

from __future__ import annotations

import re

from emotts.text.japanese.kana import KANA_PHONES, to_katakana

__all__ = ["is_foreign_letter", "romanise"]

_ONSETS = (
    "g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "-", "j", "jj", "ch", "k", "t", "p", "h",
)  # fmt: skip
_VOWELS = (
    "a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa", "wae", "oe", "yo", "u", "wo", "we", "wi", "yu",
    "eu", "ui", "i",
)  # fmt: skip
_CODAS = (
    "-", "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "l", "l", "l", "p", "l", "m", "p", "p", "t", "t",
    "ng", "t", "t", "k", "t", "p", "t",
)  # fmt: skip
_HANGUL = re.compile("[가-힣]+")
_KANA = re.compile("[ぁ-ゖァ-ヺー]+")


def is_foreign_letter(char: str) -> bool:
    """Say whether a character can be romanised: a syllable of Hangul or a kana."""
    return bool(_HANGUL.match(char) or _KANA.match(char))


def romanise(text: str) -> str:
    """Write Hangul (Revised Romanisation, syllable by syllable) and kana in Latin letters; all else stays."""
    text = _HANGUL.sub(lambda match: f" {''.join(map(_syllable, match.group()))} ", text)
    return _KANA.sub(lambda match: f" {_kana(to_katakana(match.group()))} ", text)


def _syllable(char: str) -> str:
    onset, rest = divmod(ord(char) - ord("가"), len(_VOWELS) * len(_CODAS))
    vowel, coda = divmod(rest, len(_CODAS))
    return (_ONSETS[onset] + _VOWELS[vowel] + _CODAS[coda]).replace("-", "")


def _kana(kana: str) -> str:
    letters = []
    place = 0
    while place < len(kana):
        pair = kana[place : place + 2]
        size = 2 if len(pair) == 2 and pair in KANA_PHONES else 1
        phones = KANA_PHONES.get(kana[place : place + size], ())
        letters.append("".join(phones).replace(":", ""))
        place += size
    spelled = "".join(letters).replace("N", "n")
    # a doubled consonant: ッカ is kka
    return re.sub(r"q([a-z]?)", r"\1\1", spelled)
