"""Which characters an English text may hold, and their plain forms: accents, quotation marks, emoji."""

from __future__ import annotations

import re
import unicodedata

from emotts.errors import TextError

__all__ = ["check_readable", "to_plain"]

_GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "θ": "theta", "λ": "lambda", "μ": "mu",
    "π": "pi", "σ": "sigma", "φ": "phi", "ω": "omega", "Ω": "ohms", "Δ": "delta", "Σ": "sigma",
}  # fmt: skip
_LATIN = {"ß": "ss", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d",
          "Đ": "D", "ð": "d", "þ": "th", "Þ": "Th", "ı": "i"}  # fmt: skip
_FACES = re.compile(r"(?<![\w)])[;:=8][-']?[)(DPpOo3/|\\](?![A-Za-z0-9])|\^[_-]?\^|<3|>_<|-_-|T_T|\(\w?_\w?\)|xD\b")
_MARKS = {
    **dict.fromkeys('"“”„‟«»`´*^|\\•●○■□◆◇★☆♡♥♪♬♩→←↑↓⇒©®™§¶†‡_<>~', " "),
    **dict.fromkeys("‘’ʼ′`", "'"),
    **dict.fromkeys("()[]{};", ","),
    **dict.fromkeys("‐‑‒−", "-"),
    **dict.fromkeys("–", "–"),
    **dict.fromkeys("—―", ","),
    **dict.fromkeys("‥⋯…", "…"),
    **dict.fromkeys("。｡", "."),
    **dict.fromkeys("、，､", ","),
    **dict.fromkeys("¿¡", " "),
    "⁄": "/",
}
_SIGNS = frozenset("$€£¥₩°×÷±&@+=%#/–…№")


def check_readable(text: str) -> None:
    """Refuse characters of other scripts.

    Raises:
        TextError: naming every such character with its position, counted from 1.
    """
    unreadable = [(place, char) for place, char in enumerate(text, 1) if not _is_readable(char)]
    if unreadable:
        listed = ", ".join(f"{char!r} (U+{ord(char):04X}) at {place}" for place, char in unreadable[:8])
        more = f" and {len(unreadable) - 8} more" if len(unreadable) > 8 else ""
        raise TextError(
            f"text {text[:60]!r} holds characters that cannot be read",
            found=f"{listed}{more}",
            wanted="Latin letters, digits and punctuation",
            remedy="write the words in Latin letters as they are spoken",
        )


def to_plain(text: str) -> str:
    """Return the text in ASCII letters and digits, and few signs; accents, emoji and faces vanish."""
    text = _FACES.sub(" ", unicodedata.normalize("NFC", text)).replace("№", "No.")
    return "".join(_plain_char(char) for char in text).replace("...", "…")


def _is_readable(char: str) -> bool:
    if char in _GREEK or char in _LATIN or char in _MARKS or char in _SIGNS:
        return True
    category = unicodedata.category(char)
    if category[0] in "ZPSC":
        return category not in ("Co", "Cn", "Cs")
    if category in ("Mn", "Me"):
        return unicodedata.combining(char) != 0 or unicodedata.name(char, "").startswith("VARIATION") or char == "⃣"
    return all(part.isascii() or part == "⁄" for part in _bare(char))


def _plain_char(char: str) -> str:
    for table in (_MARKS, _GREEK, _LATIN):
        if char in table:
            return table[char]
    if char in _SIGNS or (char.isascii() and char.isprintable()):
        return char
    if "\u2160" <= char <= "\u2182":
        return str(int(unicodedata.numeric(char)))
    bare = "".join(_MARKS.get(part, part) for part in _bare(char))
    if bare and all((part.isascii() and part.isprintable()) or part in _SIGNS for part in bare):
        return f" {bare} " if "/" in bare else bare
    return "\n" if char in "\r\n\u2028\u2029" else " " if unicodedata.category(char)[0] in "ZCS" else ""


def _bare(char: str) -> str:
    parts = unicodedata.normalize("NFKD", char)
    return "".join(_LATIN.get(part, part) for part in parts if unicodedata.category(part) != "Mn")
