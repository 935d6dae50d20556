"""Which characters a text may hold and what they become: the part that is the same in every language.

A character is a letter, a sign that later steps read, a word (α), another mark (」 to a comma), or an ornament that is
not spoken: emoji, arrows, brackets, invisible characters. Everything else is named, never dropped in silence.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from emotts.errors import TextError

__all__ = ["KAOMOJI", "MARKS", "CharacterSet", "Unread"]

MARKS: Mapping[str, str] = {
    **dict.fromkeys('"“”„‟«»`´*_\\|•●■□◆◇★☆♡♥♪♬♩♫©®™§¶†‡', " "),
    **dict.fromkeys("‘’ʼ′", "'"),
    **dict.fromkeys("()[]{};،؛", ","),
    **dict.fromkeys("‐‑‒−", "-"),
    **dict.fromkeys("〜∼", "~"),
    **dict.fromkeys("。．｡।", "."),
    **dict.fromkeys("、，､", ","),
    **dict.fromkeys("‥⋯…", "…"),
    **dict.fromkeys("❗❕", "!"),
    **dict.fromkeys("❓❔؟", "?"),
    **dict.fromkeys("¿¡", " "),
    **dict.fromkeys("º˚", "°"),
    "⁄": "/",
}
"""Marks of all languages in the few that are read."""

KAOMOJI = (
    r"[٩ヽ╰ʕ^]?[(（ʕ](?=[^()（）\n]{0,12}[•̀́ωдДﾟ´`｀^ㅂㅅㅇㅁㅠㅜ๑ʕʔಠ益°□╯ヮ▽◡ᴥ≧≦∀꒳˘◕｡σ‿⁀⊙◉△ㅡ❛ᴗ])"
    r"[^()（）\n가-힣A-NP-SU-Zb-np-tx-z0-9一-鿿ぁ-んァ-ヶ]{1,20}[)）ʔ][و੭ノｼ゛╯ง۶ﾉヾ┛┻✧]{0,3}"
)
"""Pattern of a face in brackets: (•̀ㅂ•́)و, (｡◕‿◕｡), (╯°□°)╯."""

_LATIN = {"ß": "ss", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d",
          "Đ": "D", "ð": "d", "þ": "th", "Þ": "Th", "ı": "i"}  # fmt: skip
_SUPERSCRIPTS = {char: str(digit) for digit, char in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")} | {"⁻": "-"}
_EXPONENT = re.compile(r"(?:\^[\d-])++")
_DAMAGED = "\ufffc\ufffd"
# arrows, shapes and the sharp are mathematical signs by category
_SHAPES = re.compile("[\u2190-\u21ff\u25a0-\u25ff\u27f0-\u27ff\u2900-\u297f\u2b00-\u2bff♯]")
_NOT_SPOKEN = ("Zs", "Zl", "Zp", "Cc", "Cf", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "So", "Sk")
_LISTED = 8


@dataclass(frozen=True)
class Unread:
    """Characters beside each other that cannot be read, and where they are written in their text."""

    start: int
    end: int
    chars: str


@dataclass(frozen=True)
class CharacterSet:
    """The characters that texts of a language may hold.

    ``is_letter`` knows the letters of its own script; ``words`` says what single characters are read as, ``signs`` are
    left for later steps beside ASCII, ``faces`` matches what stands for a face or laughter. ``wanted`` and ``remedy``
    tell the writer of another text what to do.
    """

    is_letter: Callable[[str], bool]
    words: Mapping[str, str]
    signs: str
    faces: re.Pattern[str]
    wanted: str
    remedy: str

    def unreadable(self, text: str) -> list[Unread]:
        """Return the characters of a text that cannot be read, in order, neighbours together."""
        masked = self.faces.sub(lambda match: " " * len(match.group()), text)
        found: list[Unread] = []
        for start, end, char in _composed(masked):
            if self._plain(char) is not None:
                continue
            if found and found[-1].end == start:
                found[-1] = Unread(found[-1].start, end, found[-1].chars + char)
            else:
                found.append(Unread(start, end, char))
        return found

    def refuse(self, text: str, unread: Sequence[Unread]) -> TextError:
        """Return the error that names characters that cannot be read, with their positions, counted from 1."""
        named = [
            f"{char!r} (U+{ord(char):04X}) at {part.start + 1 + place * (part.end - part.start == len(part.chars))}"
            for part in unread
            for place, char in enumerate(part.chars)
        ]
        more = f" and {len(named) - _LISTED} more" if len(named) > _LISTED else ""
        return TextError(
            f"text {text[:60]!r} holds characters that cannot be read",
            found=f"{', '.join(named[:_LISTED])}{more}",
            wanted=self.wanted,
            remedy=self.remedy,
        )

    def plain(self, text: str) -> str:
        """Return a readable text in letters, ASCII and the few signs; faces and ornaments vanish.

        An exponent is written with ``^``, a vulgar fraction apart, a Roman numeral that is one character as a number.
        """
        text = self.faces.sub(" ", unicodedata.normalize("NFC", text))
        plain = "".join(self._plain(char) or "" for char in text)
        # every digit of an exponent came with its sign
        return (
            _EXPONENT.sub(lambda match: "^" + match.group().replace("^", ""), plain)
            .replace("...", "…")
            .replace(">=", "≥")
            .replace("<=", "≤")
        )

    def _plain(self, char: str) -> str | None:
        """Return what a character becomes, None if it cannot be read."""
        if char in self.words:
            return self.words[char]
        if self.is_letter(char) or char in self.signs or (char.isascii() and char.isprintable()):
            return char
        if char in _SUPERSCRIPTS:
            return f"^{_SUPERSCRIPTS[char]}"
        if "\u2160" <= char <= "\u2182":
            return str(int(unicodedata.numeric(char)))
        return self._compatible(char) or self._ornament(char)

    def _compatible(self, char: str) -> str | None:
        """Read a character by the plainer ones that it stands for: ㎏, ½, Ａ, é."""
        plainer = unicodedata.normalize("NFKC", char)
        if plainer == char:
            bare = "".join(part for part in unicodedata.normalize("NFD", char) if unicodedata.category(part) != "Mn")
            plainer = _LATIN.get(bare, bare if bare.isascii() else char)
        if plainer == char:
            return None
        parts = [self._plain(part) for part in plainer]
        if None in parts:
            return None
        read = "".join(part or "" for part in parts)
        # ½ and ① stand apart from digits beside them, unlike the 2 of H₂O
        apart = "/" in read or "\u2460" <= char <= "\u2473" or "\u2776" <= char <= "\u2793"
        return f" {read} " if apart and unicodedata.category(char) == "No" else read

    def _ornament(self, char: str) -> str | None:
        category = unicodedata.category(char)
        if char in "\r\n\u2028\u2029":
            return "\n"
        if category in ("Mn", "Me"):
            # accents, signs that select the look of an emoji, the key cap
            return (
                "" if unicodedata.combining(char) or "VARIATION" in unicodedata.name(char, "") or char == "⃣" else None
            )
        if category == "Sm" and _SHAPES.match(char):
            return " "
        if category not in _NOT_SPOKEN or char in _DAMAGED or unicodedata.normalize("NFKC", char)[0].isalnum():
            return None
        return "" if category == "Cf" else " "


def _composed(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield the composed characters of a text, each with where it is written: its start and end."""
    start = 0
    for place in range(1, len(text) + 1):
        if place < len(text) and _goes_on(text[place]):
            continue
        for char in unicodedata.normalize("NFC", text[start:place]):
            yield start, place, char
        start = place


def _goes_on(char: str) -> bool:
    """Say whether a character is written onto the one before: an accent, a vowel or final of decomposed Hangul."""
    return "\u1160" <= char <= "\u11ff" or (char > "\u02ff" and unicodedata.combining(char) != 0)
