"""Which characters a Korean text may hold, and their plain forms: width, signs, emoji, laughter."""

from __future__ import annotations

import re
import unicodedata

from emotts.errors import TextError

__all__ = ["check_readable", "to_plain"]

_DASHES = "‐‑‒–—―−－"
_GREEK = {
    "α": "알파", "β": "베타", "γ": "감마", "δ": "델타", "ε": "엡실론", "θ": "세타", "λ": "람다", "μ": "뮤",
    "π": "파이", "σ": "시그마", "ω": "오메가", "Ω": "옴", "Δ": "델타", "Σ": "시그마",
}  # fmt: skip
_FACES = re.compile(
    r"\^[\^_.]*\^[;]*|[;:]-?[)(DPp](?![A-Za-z])|[ㅋㅎㅠㅜㄱㄷㄴㅇㅂ]{2,}|(?<=[가-힣.!?~…])[ㅋㅎㅠㅜ](?![가-힣])|T[_.]T|>_<|-_-;*|OTL"
)
_LETTER_NAMES = {
    "ㄱ": "기역", "ㄴ": "니은", "ㄷ": "디귿", "ㄹ": "리을", "ㅁ": "미음", "ㅂ": "비읍", "ㅅ": "시옷",
    "ㅇ": "이응", "ㅈ": "지읒", "ㅊ": "치읓", "ㅋ": "키읔", "ㅌ": "티읕", "ㅍ": "피읖", "ㅎ": "히읗",
    "ㄲ": "쌍기역", "ㄸ": "쌍디귿", "ㅃ": "쌍비읍", "ㅆ": "쌍시옷", "ㅉ": "쌍지읒", "ㅏ": "아", "ㅑ": "야",
    "ㅓ": "어", "ㅕ": "여", "ㅗ": "오", "ㅛ": "요", "ㅡ": "으", "ㅣ": "이", "ㅐ": "애", "ㅔ": "에", "ㅒ": "얘",
    "ㅖ": "예", "ㅘ": "와", "ㅙ": "왜", "ㅚ": "외", "ㅝ": "워", "ㅞ": "웨", "ㅟ": "위", "ㅢ": "의", "ㅠ": "유",
    "ㅜ": "우",
}  # fmt: skip
_NAMED_SIGNS = {
    "₩": "₩", "€": "€", "£": "£", "¥": "¥", "$": "$", "°": "°", "×": "×", "÷": "÷",
    "&": "&", "@": "@", "+": "+", "=": "=", "%": "%", "<": " ", ">": " ", "#": "#",
}  # fmt: skip
_MARKS = {
    **dict.fromkeys('“”„‟«»「」『』《》〈〉【】〔〕"`´*_^|\\•●○■□◆◇★☆♡♥♪♬♩→←↑↓©®™§¶†‡', " "),
    **dict.fromkeys("‘’ʼ′", "'"),
    **dict.fromkeys("()[]{};·ㆍ‧", ","),
    **dict.fromkeys(_DASHES, "-"),
    **dict.fromkeys("〜∼～", "~"),
    **dict.fromkeys("。．｡", "."),
    **dict.fromkeys("、，､", ","),
    **dict.fromkeys("‥⋯…", "…"),
    **dict.fromkeys("¿¡", " "),
    "⁄": "/",
    "™": " ",
}


def check_readable(text: str) -> None:
    """Refuse characters that have no Korean reading here: hanja, kana, other scripts.

    Raises:
        TextError: naming every such character with its position, counted from 1.
    """
    unreadable = [(place, char) for place, char in enumerate(text, 1) if not _is_readable(char)]
    if unreadable:
        listed = ", ".join(f"{_shown(char)} at {place}" for place, char in unreadable[:8])
        more = f" and {len(unreadable) - 8} more" if len(unreadable) > 8 else ""
        raise TextError(
            f"text {text[:60]!r} holds characters that cannot be read",
            found=f"{listed}{more}",
            wanted="Hangul, Latin letters, digits and punctuation",
            remedy="write the words in Hangul as they are spoken",
        )


def to_plain(text: str) -> str:
    """Return the text in Hangul syllables, ASCII letters and digits, and few signs.

    Full-width and circled forms become plain, emoji and laughter (ㅋㅋ, ㅠㅠ, ^^) vanish, lone letters of the
    Korean alphabet become their names, brackets and middle dots become commas.
    """
    text = _FACES.sub(" ", unicodedata.normalize("NFC", text))
    return "".join(_plain_char(char) for char in text)


def _is_readable(char: str) -> bool:
    if char in _LETTER_NAMES or char in _GREEK or char in _MARKS or char in _NAMED_SIGNS:
        return True
    if unicodedata.category(char)[0] in "ZPSC" and unicodedata.category(char) not in ("Co", "Cn", "Cs"):
        return True
    if unicodedata.category(char) in ("Mn", "Me"):
        # accents of Latin letters, signs that select the look of an emoji, jamo left over from decomposition
        return (
            unicodedata.combining(char) != 0 or unicodedata.name(char, "").startswith("VARIATION") or char == "\u20e3"
        )
    return all(_is_hangul(part) or (part.isascii() and part.isprintable()) or part == "⁄" for part in _compatible(char))


def _plain_char(char: str) -> str:
    if char in _LETTER_NAMES:
        return _LETTER_NAMES[char]
    if char in _GREEK:
        return _GREEK[char]
    if char in _MARKS:
        return _MARKS[char]
    if char in _NAMED_SIGNS:
        return _NAMED_SIGNS[char]
    if unicodedata.category(char) == "Nl" and unicodedata.numeric(char, 0) >= 1:
        return f"{int(unicodedata.numeric(char))}"
    if char in "℃℉":
        return "도"
    plain = "".join(_MARKS.get(part, part) for part in _compatible(char))
    if all(_is_hangul(part) or (part.isascii() and part.isprintable()) or part in _NAMED_SIGNS for part in plain):
        return "…" if plain == "..." else plain
    return " " if unicodedata.category(char)[0] in "ZCS" else ""


def _compatible(char: str) -> str:
    if "\u3130" <= char <= "\u318f":
        return char
    plain = unicodedata.normalize("NFKC", char)
    bare = "".join(part for part in unicodedata.normalize("NFD", plain) if unicodedata.category(part) != "Mn")
    return bare if bare.isascii() else plain


def _is_hangul(char: str) -> bool:
    return "가" <= char <= "힣"


def _shown(char: str) -> str:
    return f"{char!r} (U+{ord(char):04X})"
