"""Which characters a Japanese text may hold, and their plain forms: width, signs, emoji, faces."""

from __future__ import annotations

import re
import unicodedata

from emotts.errors import TextError

__all__ = ["check_readable", "to_plain"]

_GREEK = {
    "α": "アルファ", "β": "ベータ", "γ": "ガンマ", "δ": "デルタ", "ε": "イプシロン", "ζ": "ゼータ", "η": "イータ",
    "θ": "シータ", "ι": "イオタ", "κ": "カッパ", "λ": "ラムダ", "μ": "ミュー", "ν": "ニュー", "ξ": "クサイ",
    "ο": "オミクロン", "π": "パイ", "ρ": "ロー", "σ": "シグマ", "τ": "タウ", "υ": "ウプシロン", "φ": "ファイ",
    "χ": "カイ", "ψ": "プサイ", "ω": "オメガ", "Ω": "オメガ", "Δ": "デルタ", "Σ": "シグマ", "Π": "パイ", "Φ": "ファイ",
}  # fmt: skip
_FACE_SIGNS = r"\^_;:；：・･´`｀ω∀дДﾟ°□▽△￣≧≦＞＜><T＾＿´∇ノヽ〃*＊oO0.\-−=\s"
# (^_^), (；ω；), orz, trailing laughter: 笑 in brackets, www
_FACES = re.compile(
    rf"[(（][{_FACE_SIGNS}]*[\^＾∀ωдДﾟ□▽≧≦￣´`｀;；T][{_FACE_SIGNS}]*[)）]|\^[_-]?\^;*|(?<![A-Za-z])orz(?![A-Za-z])"
    r"|[(（](?:笑|爆笑|泣|汗|怒|涙|苦笑)[)）]|(?<=[ぁ-んァ-ヶー一-鿿。！？!?])[wｗ]+(?![A-Za-zＡ-Ｚａ-ｚ.．0-9])|T[_.]T"
)
_MARKS = {
    **dict.fromkeys('"“”„‟«»`´*_^|\\•●○■□◆◇★☆♡♥♪♬♩♫※†‡§¶©®™☞✓✔〓', " "),
    **dict.fromkeys("『《〈“", "「"),
    **dict.fromkeys("』》〉”", "」"),
    **dict.fromkeys("()[]{}【】〔〕〖〗;→←↑↓⇒", ","),
    **dict.fromkeys("‐‑‒–−", "-"),
    **dict.fromkeys("—―─━", ","),
    **dict.fromkeys("〜∼～", "~"),
    **dict.fromkeys("。．｡", "."),
    **dict.fromkeys("、，､", ","),
    **dict.fromkeys("‥⋯…", "…"),
    **dict.fromkeys("·･‧•", "・"),
    **dict.fromkeys("‘’ʼ′", "'"),
    **dict.fromkeys("¿¡", " "),
    "⁄": "/",
    "゠": "・",
}
_WRITTEN_OUT = {
    "㎡": "m2", "№": "No.", "㈱": "株式会社", "(株)": "株式会社", "（株）": "株式会社", "㈲": "有限会社",
    "（有）": "有限会社",
}  # fmt: skip
_SIGNS = frozenset("¥$€£%°&@+=#×÷/:~!?,.'-<>「」・〒±‰々〆〇ヽヾゝゞー㎡№")


def check_readable(text: str) -> None:
    """Refuse characters that no Japanese text is written with: other scripts, private characters.

    Raises:
        TextError: naming every such character with its position, counted from 1.
    """
    masked = _FACES.sub(lambda match: " " * len(match.group()), text)
    unreadable = [(place, char) for place, char in enumerate(masked, 1) if not _is_readable(char)]
    if unreadable:
        listed = ", ".join(f"{char!r} (U+{ord(char):04X}) at {place}" for place, char in unreadable[:8])
        more = f" and {len(unreadable) - 8} more" if len(unreadable) > 8 else ""
        raise TextError(
            f"text {text[:60]!r} holds characters that cannot be read",
            found=f"{listed}{more}",
            wanted="kanji, kana, Latin letters, digits and punctuation",
            remedy="write the words in kana as they are spoken",
        )


def to_plain(text: str) -> str:
    """Return the text in kanji and kana, ASCII letters and digits, and few signs.

    Full and half width become one, emoji, faces and laughter vanish, brackets become commas, Greek letters names.
    """
    text = unicodedata.normalize("NFC", _FACES.sub(" ", text).replace("゛", "\u3099").replace("゜", "\u309a"))
    for sign, words in _WRITTEN_OUT.items():
        text = text.replace(sign, words)
    text = "".join(_GREEK.get(char) or _roman(char) for char in text)
    text = "".join(_MARKS.get(char, char) for char in text)
    # half-width kana and their voicing marks come together here
    text = unicodedata.normalize("NFKC", text)
    return "".join(_plain_char(char) for char in text).replace("...", "…")


def _is_readable(char: str) -> bool:
    if char in _GREEK or char in _MARKS or char in _SIGNS:
        return True
    category = unicodedata.category(char)
    if category[0] in "ZPSC":
        return category not in ("Co", "Cn", "Cs")
    if category in ("Mn", "Me"):
        return unicodedata.combining(char) != 0 or unicodedata.name(char, "").startswith("VARIATION") or char == "⃣"
    return all(_is_written(part) for part in _bare(unicodedata.normalize("NFKC", char)))


def _plain_char(char: str) -> str:
    if char in _MARKS:
        return _MARKS[char]
    bare = _bare(char)
    if char in _SIGNS or (bare and all(_is_written(part) for part in bare)):
        return bare if bare.isascii() else char
    return "\n" if char in "\r\n\u2028\u2029" else " " if unicodedata.category(char)[0] in "ZCS" else ""


def _roman(char: str) -> str:
    """Return the number of a Roman numeral that is one character."""
    return str(int(unicodedata.numeric(char))) if "\u2160" <= char <= "\u2182" else char


def _bare(text: str) -> str:
    """Take the accents from Latin letters; kana keep their voicing marks."""
    parts = unicodedata.normalize("NFD", text)
    bare = "".join(part for part in parts if unicodedata.category(part) != "Mn")
    return bare if bare.isascii() else text


def _is_written(char: str) -> bool:
    """Say whether a character is a kanji, a kana, or a letter or digit of ASCII."""
    if char.isascii():
        return char.isalnum() or char in _SIGNS
    return (
        "\u3041" <= char <= "\u30ff"
        or char in "々〆〇⁄゛゜"
        or "\u3400" <= char <= "\u4dbf"
        or "\u4e00" <= char <= "\u9fff"
        or "\uf900" <= char <= "\ufaff"
        or "\U00020000" <= char <= "\U0003134f"
    )
