"""Texts as the phones that are spoken, and what it costs to hear one phone for another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from emotts.corpus.utterance_reader import TextReader
from emotts.errors import TextError

__all__ = [
    "ADDED",
    "MOST_PHONES_PER_S",
    "RELATED",
    "SAME",
    "UNIT",
    "PhoneCosts",
    "spoken_phones",
    "spoken_phones_of_heard",
]

MOST_PHONES_PER_S = 22.0
"""Nobody speaks more: a recogniser that writes them is in a loop."""
_NOT_SPOKEN = frozenset({"_", "SP", "UNK"})
UNIT = 10
"""The cost of one phone that is heard as an unrelated one; distances are counted in it."""
ADDED = 9
"""A phone that is heard and not written, or written and not heard."""
SAME = 0
RELATED = 4
_VOWELS_COST = 7

_VOWELS = frozenset(
    ["aa", "ae", "ah", "ao", "aw", "ay", "eh", "er", "ey", "ih", "iy", "ow", "oy", "uh", "uw"]
    + ["a", "e", "i", "o", "u", "a:", "e:", "i:", "o:", "u:"]
    + [chr(code) for code in range(0x1161, 0x1176)]
)
_FAMILIES = (
    frozenset(["p", "b", "py", "by", "ph", "ᄇ", "ᄈ", "ᄑ", "ᆸ"]),
    frozenset(["t", "d", "ty", "dy", "th", "dh", "ᄃ", "ᄄ", "ᄐ", "ᆮ", "ㄸ"]),
    frozenset(["k", "g", "ky", "gy", "ᄀ", "ᄁ", "ᄏ", "ᆨ"]),
    frozenset(["ch", "jh", "j", "ts", "zh", "sh", "zy", "ᄌ", "ᄍ", "ᄎ"]),
    frozenset(["s", "z", "sh", "th", "zh", "ᄉ", "ᄊ"]),
    frozenset(["f", "v", "V", "hh", "h", "hy"]),
    frozenset(["m", "n", "ng", "N", "my", "ny", "ᄂ", "ᄆ", "ᆫ", "ᆷ", "ᆼ"]),
    frozenset(["l", "r", "ry", "ᄅ", "ᆯ"]),
    frozenset(["y", "w"]),
)
"""Consonants that a recogniser takes for each other: those made at one place, nasals, liquids, glides."""


def spoken_phones(text: str, reader: TextReader) -> list[str]:
    """Return the phones of a text.

    Raises:
        TextError: if it cannot be read, or holds nothing that can be spoken.
    """
    return _spoken(reader.read(text).phones)


def spoken_phones_of_heard(text: str, reader: TextReader, *, seconds: float) -> list[str]:
    """Return the phones of what a recogniser heard in a clip; words that cannot be read have none.

    A recogniser may fall into a loop and write the same several times: where there are more phones than anybody speaks,
    what is repeated at the end is taken once.
    """
    phones = _readable(text, reader)
    return _without_loop(phones) if len(phones) > MOST_PHONES_PER_S * seconds else phones


def _without_loop(phones: list[str]) -> list[str]:
    """Leave out what is repeated at the end, so that as little as possible is left."""
    best = phones
    for length in range(1, len(phones) // 2 + 1):
        kept = len(phones)
        while kept >= 2 * length and phones[kept - 2 * length : kept - length] == phones[kept - length : kept]:
            kept -= length
        if kept < len(best):
            best = phones[:kept]
    return best


def _readable(text: str, reader: TextReader) -> list[str]:
    try:
        return spoken_phones(text, reader)
    except TextError:
        phones = []
        for word in text.split():
            try:
                phones += spoken_phones(word, reader)
            except TextError:
                continue
        return phones


def _spoken(phones: Sequence[str]) -> list[str]:
    return [phone for phone in phones if phone not in _NOT_SPOKEN and any(char.isalpha() for char in phone)]


class PhoneCosts:
    """Costs of all pairs of the phones of one alignment.

    Attributes:
        table: (phone, phone) in tenths.
    """

    def __init__(self, phones: Iterable[str]) -> None:
        """Build the table of the phones that occur; punctuation and boundaries are for the caller to leave out."""
        names = sorted(set(phones))
        self._ids = {name: number for number, name in enumerate(names)}
        self.table: NDArray[np.int32] = np.array([[_cost(a, b) for b in names] for a in names], dtype=np.int32)

    def ids(self, phones: Sequence[str]) -> NDArray[np.intp]:
        """Return the rows of ``table`` (phone,) of phones that were among those at the start."""
        return np.array([self._ids[phone] for phone in phones], dtype=np.intp)


def _cost(heard: str, written: str) -> int:
    if heard == written:
        return SAME
    if heard in _VOWELS and written in _VOWELS:
        return _VOWELS_COST
    return RELATED if any({heard, written} <= family for family in _FAMILIES) else UNIT
