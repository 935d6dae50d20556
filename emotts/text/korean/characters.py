"""Which characters a Korean text may hold, and their plain forms: signs, faces and laughter, words of chats."""

from __future__ import annotations

import re

from emotts.text.characters import KAOMOJI, MARKS, CharacterSet
from emotts.text.korean.hanja import is_hanja
from emotts.text.korean.kana import is_kana

__all__ = ["KOREAN_CHARACTERS", "spell_chat"]

_GREEK = {
    "α": "알파", "β": "베타", "γ": "감마", "δ": "델타", "ε": "엡실론", "θ": "세타", "λ": "람다",
    "π": "파이", "σ": "시그마", "φ": "파이", "ω": "오메가", "Ω": "옴", "Δ": "델타", "Σ": "시그마",
}  # fmt: skip
_FACES = re.compile(
    rf"{KAOMOJI}|"
    r"\^[\^_.]*\^[;]*|(?<![A-Za-z0-9/])[;:]-?[)(DPp](?![A-Za-z])|[ㅜㅠㅡ][._ㅇㅁ]{0,2}[ㅜㅠㅡ]|ㅡ_+ㅡ|ㅇ[ㅅㅁㅂㅗ]ㅇ|[ㅋㅎㅠㅜㅡ]{2,}"
    r"|(?<=[가-힣.!?~…])[ㅋㅎㅠㅜ](?![가-힣])|(?<![A-Za-z])T[_.]T(?![A-Za-z])|>_<|-_-;*|(?<![A-Za-z])OTL(?![A-Za-z])"
)
_LETTER_NAMES = {
    "ㄱ": "기역", "ㄴ": "니은", "ㄷ": "디귿", "ㄹ": "리을", "ㅁ": "미음", "ㅂ": "비읍", "ㅅ": "시옷",
    "ㅇ": "이응", "ㅈ": "지읒", "ㅊ": "치읓", "ㅋ": "키읔", "ㅌ": "티읕", "ㅍ": "피읖", "ㅎ": "히읗",
    "ㄲ": "쌍기역", "ㄸ": "쌍디귿", "ㅃ": "쌍비읍", "ㅆ": "쌍시옷", "ㅉ": "쌍지읒", "ㅏ": "아", "ㅑ": "야",
    "ㅓ": "어", "ㅕ": "여", "ㅗ": "오", "ㅛ": "요", "ㅡ": "으", "ㅣ": "이", "ㅐ": "애", "ㅔ": "에", "ㅒ": "얘",
    "ㅖ": "예", "ㅘ": "와", "ㅙ": "왜", "ㅚ": "외", "ㅝ": "워", "ㅞ": "웨", "ㅟ": "위", "ㅢ": "의", "ㅠ": "유",
    "ㅜ": "우",
}  # fmt: skip
_CHAT = {
    "ㄱㅅ": "감사", "ㅊㅋ": "축하", "ㅇㅋ": "오케이", "ㅇㅇ": "응", "ㄴㄴ": "노노", "ㄱㄱ": "고고", "ㅂㅂ": "바이바이",
    "ㅂㅇ": "바이", "ㄷㄷ": "덜덜", "ㅎㅇ": "하이", "ㅈㅅ": "죄송", "ㄹㅇ": "리얼", "ㅁㄹ": "몰라", "ㅅㄱ": "수고",
    "ㅇㅈ": "인정", "ㄱㄷ": "기다려",
}  # fmt: skip
_CHAT_WORD = re.compile(rf"(?<![ㄱ-ㅣ])(?:{'|'.join(f'(?:{word})+{word[-1]}*' for word in _CHAT)})(?![ㄱ-ㅣ])")
_SIGNS = {
    **dict.fromkeys("·ㆍ‧・", "·"), **dict.fromkeys("「」『』《》〈〉【】〔〕", " "), **dict.fromkeys("—―─", "-"),
    "–": "–",
    "＋": "+", "♯": "#", "㈜": "주식회사 ", "№": "넘버 ",
}  # fmt: skip

KOREAN_CHARACTERS = CharacterSet(
    is_letter=lambda char: "가" <= char <= "힣" or is_hanja(char) or is_kana(char),
    words={**MARKS, **_GREEK, **_LETTER_NAMES, **_SIGNS, "*": "*", "(": ",", "^": "^", "_": "_"},
    signs="μ₩€£¥₹₽₺₫₱₪฿₴¢°×÷±≥≤≠≈∞√‰○◯△",
    faces=_FACES,
    wanted="Hangul, Latin letters, digits and punctuation",
    remedy="write the words in Hangul as they are spoken",
)
"""Hangul, Hanja, kana, ASCII, and signs that are read."""


def spell_chat(text: str) -> str:
    """Write the words that chats shorten to their first letters: ㄱㅅ -> 감사; (주) is a company."""
    text = re.sub(r"[(（]주[)）]", "주식회사 ", text)
    return _CHAT_WORD.sub(lambda match: f" {_CHAT[match.group()[:2]]} ", text)
