"""Texts of any length as passages that a model can speak, each read into phones."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace

from emotts.errors import TextError
from emotts.text.normalising import check_length
from emotts.text.phonemes import FrontEnd, Phonemes, SilentTextError
from emotts.text.sentences import Piece, split_sentences

__all__ = ["Passage", "UnreadablePassageError", "read_passages"]

_SURELY_TOO_LONG = 8
"""Characters a phone at the most, of what is worth reading as a whole."""


@dataclass(frozen=True)
class Passage:
    """What is spoken in one go, and the pause behind it as a multiple of that between sentences.

    ``text`` is what was read, ``start`` its place in the whole text.
    """

    phonemes: Phonemes
    pause: float
    text: str
    start: int


class UnreadablePassageError(TextError):
    """A sentence cannot be read; ``start`` is its place in the whole text."""

    def __init__(self, error: TextError, *, start: int) -> None:
        super().__init__(error.what, where=error.where, found=error.found, wanted=error.wanted, remedy=error.remedy)
        self.start = start


def read_passages(text: str, front_end: FrontEnd, *, max_phones: int) -> Iterator[Passage]:
    """Split a text into sentences, or parts of them, of at most ``max_phones`` phones, and read each.

    Sentences without anything to say (emoji, a line of dashes) are passed over; their pause stays if it is the longer.
    Passages are yielded one by one, so that the first is spoken before the last is read.

    Raises:
        SilentTextError: if nothing in the whole text can be spoken.
        UnreadablePassageError: if a character cannot be read; its position is that in its sentence, which the message
            shows.
        TextError: if a line has more than 200,000 characters.
    """
    for line in text.splitlines():
        check_length(line)
    reader = _Reader(front_end, max_phones)
    places = (place for place, char in enumerate(text) if not char.isspace())
    last: Passage | None = None
    for piece in split_sentences(text, size=reader.phones_of, limit=max_phones):
        start = _start(piece, places)
        try:
            phonemes = reader.read(piece.text, start=start)
        except SilentTextError:
            if last is not None and piece.pause > last.pause:
                last = replace(last, pause=piece.pause)
            continue
        if last is not None:
            yield last
        last = Passage(phonemes, piece.pause, piece.text, start)
    if last is None:
        raise SilentTextError(text, wanted="at least one word")
    yield last


class _Reader:
    """Reads parts of a text, and keeps what it read to measure it."""

    def __init__(self, front_end: FrontEnd, max_phones: int) -> None:
        self._front_end = front_end
        self._max_phones = max_phones
        self._readings: dict[str, Phonemes] = {}

    def read(self, part: str, *, start: int) -> Phonemes:
        """Return the reading of a part that begins at ``start``."""
        known = self._readings.pop(part, None)
        if known is not None:
            return known
        try:
            return self._front_end.read(part)
        except SilentTextError:
            raise
        except TextError as error:
            raise UnreadablePassageError(error, start=start) from error

    def phones_of(self, part: str) -> int:
        """Return the number of phones of a part, or at least one that is too large."""
        if len(part) > _SURELY_TOO_LONG * self._max_phones:
            return len(part)
        try:
            self._readings[part] = self._front_end.read(part)
        except SilentTextError:
            return 0
        except TextError:
            # refused with its message when the piece that it is in is read
            return len(part)
        return len(self._readings[part].phones)


def _start(piece: Piece, places: Iterator[int]) -> int:
    """Return where a piece begins, and go on to where it ends: pieces lack nothing of their text but white space.

    ``places`` are those of all other characters from the piece's first one.
    """
    own = list(itertools.islice(places, sum(not char.isspace() for char in piece.text)))
    return own[0]
