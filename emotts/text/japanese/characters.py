"""Which characters a Japanese text may hold, and their plain forms: kana of any width, signs, faces, laughter."""

from __future__ import annotations

import re
import unicodedata

from emotts.text.characters import KAOMOJI, MARKS, CharacterSet
from emotts.text.japanese.hangul import is_hangul

__all__ = ["JAPANESE_CHARACTERS", "widen"]

_GREEK = {
    "α": "アルファ", "β": "ベータ", "γ": "ガンマ", "δ": "デルタ", "ε": "イプシロン", "ζ": "ゼータ", "η": "イータ",
    "θ": "シータ", "ι": "イオタ", "κ": "カッパ", "λ": "ラムダ", "ν": "ニュー", "ξ": "クサイ",
    "ο": "オミクロン", "π": "パイ", "ρ": "ロー", "σ": "シグマ", "τ": "タウ", "υ": "ウプシロン", "φ": "ファイ",
    "χ": "カイ", "ψ": "プサイ", "ω": "オメガ", "Ω": "オメガ", "Δ": "デルタ", "Σ": "シグマ", "Π": "パイ", "Φ": "ファイ",
}  # fmt: skip
_FACE_SIGNS = r"\^_;:；：・･´`｀ω∀дДﾟ°□▽△￣≧≦＞＜><T＾＿´∇ノヽ〃*＊oO0.\-−=\s"
# (^_^), (；ω；), orz, trailing laughter: 笑 in brackets, www
_FACES = re.compile(
    rf"{KAOMOJI}|[(（][{_FACE_SIGNS}]{{0,20}}[\^＾∀ωдДﾟ□▽≧≦￣´`｀;；T][{_FACE_SIGNS}]{{0,20}}[)）]|\^[_-]?\^;*"
    r"|(?<![A-Za-z])orz(?![A-Za-z])|[(（](?:笑|爆笑|泣|汗|怒|涙|苦笑)[)）]"
    r"|(?<=[ぁ-んァ-ヶー一-鿿。！？!?])[wｗ]+(?![A-Za-zＡ-Ｚａ-ｚ.．0-9])|(?<![A-Za-z])T[_.]T(?![A-Za-z])"
)
_SIGNS = {
    **dict.fromkeys("『《〈“", "「"), **dict.fromkeys("』》〉”", "」"), **dict.fromkeys("·･‧•・゠", "・"),
    **dict.fromkeys("→←↑↓⇒【】〔〕〖〗", ","), **dict.fromkeys("—―─━", ","), "–": "~", "♯": "#", "―": ",",
    "゛": "\u3099", "゜": "\u309a", "㈱": "株式会社", "㈲": "有限会社", "№": "No.",
}  # fmt: skip
_HALF_WIDTH = re.compile("[\uff61-\uff9f]+")
_COMPANIES = {"(株)": "株式会社", "（株）": "株式会社", "(有)": "有限会社", "（有）": "有限会社"}


def _is_letter(char: str) -> bool:
    """Say whether a character is a kanji or a kana."""
    return (
        "\u3041" <= char <= "\u3096"
        or "\u309d" <= char <= "\u30ff"
        or char in "々〆〇"
        or "\u3400" <= char <= "\u4dbf"
        or "\u4e00" <= char <= "\u9fff"
        or "\uf900" <= char <= "\ufaff"
        or "\U00020000" <= char <= "\U0003134f"
    )


JAPANESE_CHARACTERS = CharacterSet(
    is_letter=lambda char: _is_letter(char) or is_hangul(char),
    words={**MARKS, **_GREEK, **_SIGNS, "*": "*", "^": "^", "_": "_"},
    signs="μ¥€£₩₹₽₺₫₱₪฿₴¢°×÷±≥≤≠≈∞√‰「」〒○◯△\u3099\u309a",
    faces=_FACES,
    wanted="kanji, kana, Latin letters, digits and punctuation",
    remedy="write the words in kana as they are spoken",
)
"""Kanji, kana, Hangul (in kana), ASCII, and signs that are read."""


def widen(text: str) -> str:
    """Write half-width kana and lone voicing marks as one character a kana, and short forms of companies in full."""
    text = _HALF_WIDTH.sub(lambda match: unicodedata.normalize("NFKC", match.group()), text)
    for short, words in _COMPANIES.items():
        text = text.replace(short, words)
    return unicodedata.normalize("NFC", text.replace("゛", "\u3099").replace("゜", "\u309a"))
