"""Texts of any length as passages that a model can speak, each read into phones."""

from __future__ import annotations

from dataclasses import dataclass

from emotts.errors import TextError
from emotts.text.phonemes import FrontEnd, Phonemes, SilentTextError
from emotts.text.sentences import split_sentences

__all__ = ["Passage", "read_passages"]

_SURELY_TOO_LONG = 8
"""Characters a phone at the most, of what is worth reading as a whole."""


@dataclass(frozen=True)
class Passage:
    """What is spoken in one go, and the pause behind it as a multiple of that between sentences."""

    phonemes: Phonemes
    pause: float


def read_passages(text: str, front_end: FrontEnd, *, max_phones: int) -> list[Passage]:
    """Split a text into sentences, or parts of them, of at most ``max_phones`` phones, and read each.

    Sentences without anything to say (emoji, a line of dashes) are passed over; their pause stays if it is the longer.

    Raises:
        SilentTextError: if nothing in the whole text can be spoken.
        TextError: if a character cannot be read; the position is that in its sentence, which the message shows.
    """
    readings: dict[str, Phonemes] = {}

    def phones_of(part: str) -> int:
        if len(part) > _SURELY_TOO_LONG * max_phones:
            return len(part)
        try:
            readings[part] = front_end.read(part)
        except SilentTextError:
            return 0
        except TextError:
            # refused with its message when the piece that it is in is read
            return len(part)
        return len(readings[part].phones)

    passages: list[Passage] = []
    for piece in split_sentences(text, size=phones_of, limit=max_phones):
        try:
            phonemes = readings.get(piece.text) or front_end.read(piece.text)
        except SilentTextError:
            if passages and piece.pause > passages[-1].pause:
                passages[-1] = Passage(passages[-1].phonemes, piece.pause)
            continue
        passages.append(Passage(phonemes, piece.pause))
    if not passages:
        raise SilentTextError(text, wanted="at least one word")
    return passages
