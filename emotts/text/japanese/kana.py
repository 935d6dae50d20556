"""Katakana to the phones of MeloTTS.

MeloTTS writes a mora as consonant and vowel (``k a``), contracted sounds with consonants of their own (``ky a``), the
syllabic nasal as ``N`` and the double consonant as ``q``. ヴ is a ``b``; a small vowel behind its own vowel makes a
long phone (カァ ``k a:``). The long vowel mark, which MeloTTS loses, repeats the vowel before it.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from emotts.text.symbols import PUNCTUATION

__all__ = ["KANA_PHONES", "is_katakana", "kana_phones", "to_katakana"]

_VOWELS = "aiueo"
_ROWS = {
    "k": "カキクケコ", "g": "ガギグゲゴ", "s": "サシスセソ", "z": "ザジズゼゾ", "t": "タチツテト", "d": "ダヂヅデド",
    "n": "ナニヌネノ", "h": "ハヒフヘホ", "b": "バビブベボ", "p": "パピプペポ", "m": "マミムメモ", "r": "ラリルレロ",
}  # fmt: skip
_ODD_CONSONANTS = {"シ": "sh", "チ": "ch", "ツ": "ts", "ジ": "j", "ヂ": "j", "ヅ": "z", "フ": "f"}
_SINGLE = {
    "ア": "a", "イ": "i", "ウ": "u", "エ": "e", "オ": "o", "ヤ": "y a", "ユ": "y u", "ヨ": "y o", "ワ": "w a",
    "ヰ": "i", "ヱ": "e", "ヲ": "o", "ン": "N", "ッ": "q", "ヴ": "b u", "ァ": "a", "ィ": "i", "ゥ": "u", "ェ": "e",
    "ォ": "o", "ャ": "y a", "ュ": "y u", "ョ": "y o", "ヮ": "w a", "ヵ": "k a", "ヶ": "k e", "ヷ": "b a", "ヸ": "b i",
    "ヹ": "b e", "ヺ": "b o",
}  # fmt: skip
_CONTRACTED = {
    "ky": "キク", "gy": "ギグ", "sh": "シス", "j": "ジヂ", "zy": "ズヅ", "ch": "チツ", "ty": "テト", "dy": "デド",
    "ny": "ニヌ", "hy": "ヒフ", "by": "ビブヴ", "py": "ピプ", "my": "ミム", "ry": "リル",
}  # fmt: skip
_FOREIGN = {
    "シェ": "sh e", "ジェ": "j e", "ヂェ": "j e", "チェ": "ch e", "ツァ": "ts a", "ツィ": "ts i", "ツェ": "ts e",
    "ツォ": "ts o", "ティ": "t i", "ディ": "d i", "トゥ": "t u", "ドゥ": "d u", "スィ": "s i", "ズィ": "z i",
    "ズェ": "z e", "ズォ": "z o", "ウィ": "w i", "ウェ": "w e", "ウォ": "w o", "ファ": "f a", "フィ": "f i",
    "フェ": "f e", "フォ": "f o", "ヴァ": "b a", "ヴィ": "b i", "ヴェ": "b e", "ヴォ": "b o", "イャ": "y a",
    "ユャ": "y a:", "ユュ": "y u:", "ユョ": "y o:",
}  # fmt: skip
_LONG = {
    "ウゥ": "u:", "オォ": "o:", "ヲォ": "o:", "ヤァ": "y a:", "ユゥ": "y u:", "ヨォ": "y o:", "ワァ": "w a:",
    "フゥ": "f u", "ズゥ": "z u", "ヅゥ": "d u:",
}  # fmt: skip
_SMALL = dict(zip(_VOWELS, "ァィゥェォ", strict=True))
_HIRAGANA = {code: code + 0x60 for code in (*range(0x3041, 0x3097), 0x309D, 0x309E)}


def _table() -> Mapping[str, tuple[str, ...]]:
    table = dict(_SINGLE)
    for row, line in _ROWS.items():
        for vowel, kana in zip(_VOWELS, line, strict=True):
            consonant = _ODD_CONSONANTS.get(kana, row)
            table[kana] = f"{consonant} {vowel}"
            table[kana + _SMALL[vowel]] = f"{consonant} {vowel}:"
    for consonant, line in _CONTRACTED.items():
        for kana in line:
            table.update({kana + small: f"{consonant} {vowel}" for small, vowel in zip("ャュョ", "auo", strict=True)})
    table |= _FOREIGN | _LONG
    return MappingProxyType({kana: tuple(phones.split()) for kana, phones in table.items()})


KANA_PHONES: Mapping[str, tuple[str, ...]] = _table()
"""One or two katakana, and their phones."""


def kana_phones(kana: str) -> list[tuple[str, ...]]:
    """Return the phones of every character of a text in katakana and punctuation.

    The phones of two characters that make one mora are shared out from the left: キャ is ``ky`` and ``a``. A long
    vowel mark becomes the vowel, or the ``N``, before it; one that follows nothing of the kind has no phones.

    Raises:
        KeyError: if a character is neither katakana nor one of MeloTTS's marks.
    """
    units: list[tuple[str, ...]] = []
    place = 0
    while place < len(kana):
        char, pair = kana[place], kana[place : place + 2]
        if len(pair) == 2 and pair in KANA_PHONES:
            phones = KANA_PHONES[pair]
            units += [phones[:1], phones[1:]]
            place += 2
            continue
        if char == "ー":
            units.append(_held(units))
        else:
            units.append((char,) if char in PUNCTUATION else KANA_PHONES[char])
        place += 1
    return units


def to_katakana(text: str) -> str:
    """Write hiragana as katakana; everything else stays."""
    return text.translate(_HIRAGANA)


def is_katakana(text: str) -> bool:
    """Say whether all characters are katakana that have phones, or long vowel marks."""
    return all(char in KANA_PHONES or char == "ー" for char in text)


def _held(units: list[tuple[str, ...]]) -> tuple[str, ...]:
    before = next((unit[-1] for unit in reversed(units) if unit), "")
    vowel = before.rstrip(":")
    return (vowel,) if vowel and vowel in "aiueoN" else ()
