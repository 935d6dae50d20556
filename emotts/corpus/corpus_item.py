"""A row of a corpus list, and a list's rows held as the bytes of their file."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
from numpy.typing import NDArray

__all__ = ["CorpusItem", "PackedItems", "parsed_integers", "parsed_item"]

_DIGITS = bytes(max(0, code - ord("0")) for code in range(256))
"""The value of every digit, by its code."""


@dataclass(frozen=True, slots=True)
class CorpusItem:
    """A row of ``train.list``, ``val.list`` or ``test.list``; ``wav`` is relative to the list's folder.

    ``text`` is the normalised text, ``tones`` are raw, ``sum(word2ph) == len(phones) == len(tones)``.
    """

    wav: str
    speaker: str
    language: str
    text: str
    phones: tuple[str, ...]
    tones: tuple[int, ...]
    word2ph: tuple[int, ...]
    emotion: str


class PackedItems(Sequence[CorpusItem]):
    """The rows of a list as its bytes, half a kilobyte each; an item is made when it is asked for.

    Args:
        content: the file, UTF-8; every line is a row that was checked.
        starts: the byte at which each line starts, and the end of the last one ``(row + 1,)``.
    """

    def __init__(self, content: bytes, starts: NDArray[np.int64]) -> None:
        self._content = content
        self._starts = starts

    def __len__(self) -> int:
        return len(self._starts) - 1

    @overload
    def __getitem__(self, index: int) -> CorpusItem: ...

    @overload
    def __getitem__(self, index: slice) -> list[CorpusItem]: ...

    def __getitem__(self, index: int | slice) -> CorpusItem | list[CorpusItem]:
        """Return one row, or a list of rows."""
        places = range(len(self))[index]
        return self._item(places) if isinstance(places, int) else [self._item(place) for place in places]

    def __iter__(self) -> Iterator[CorpusItem]:
        return map(self._item, range(len(self)))

    def __eq__(self, other: object) -> bool:
        """Whether the other one is a sequence of the same rows."""
        if not isinstance(other, Sequence):
            return NotImplemented
        return len(self) == len(other) and all(mine == its for mine, its in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]

    def _item(self, place: int) -> CorpusItem:
        line = self._content[self._starts[place] : self._starts[place + 1]].decode("utf-8").rstrip("\r\n")
        return parsed_item(line.split("|"))


def parsed_item(fields: Sequence[str]) -> CorpusItem:
    """Return the item of a row's fields; what many rows have in common is held once."""
    wav, speaker, language, text, phones, tones, word2ph, emotion = fields
    return CorpusItem(
        wav,
        sys.intern(speaker),
        sys.intern(language),
        text,
        tuple(map(sys.intern, phones.split(" "))),
        parsed_integers(tones),
        parsed_integers(word2ph),
        sys.intern(emotion),
    )


def parsed_integers(text: str) -> tuple[int, ...]:
    """Return numbers that single spaces separate."""
    if len(text) == 2 * text.count(" ") + 1:  # all of one digit, as nearly every row has them
        return tuple(text.encode("ascii")[::2].translate(_DIGITS))
    return tuple(map(int, text.split(" ")))
