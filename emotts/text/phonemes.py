"""What a front end returns, and what a front end is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from emotts.errors import TextError
from emotts.text.symbols import BLANK

__all__ = ["FrontEnd", "FrontEndOfWords", "Phonemes", "SilentTextError", "toneless"]


class SilentTextError(TextError):
    """A text holds nothing that can be spoken: white space, marks, emoji."""

    def __init__(self, text: str, *, wanted: str) -> None:
        super().__init__(f"text {text[:60]!r} holds nothing that can be spoken", wanted=wanted)


@dataclass(frozen=True)
class Phonemes:
    """A text as phones.

    ``phones`` begins and ends with ``_``; ``tones`` are raw, that is without the offset of the language.
    ``word2ph`` has one entry for each boundary and one for each character of ``normalised_text`` that is not
    a space, in order; the entry says how many phones the character became. Therefore
    ``sum(word2ph) == len(phones) == len(tones)``. ``left_out`` names the signs and words of the text that have no
    reading and are not spoken.
    """

    normalised_text: str
    phones: tuple[str, ...]
    tones: tuple[int, ...]
    word2ph: tuple[int, ...]
    left_out: tuple[str, ...] = ()


def toneless(normalised_text: str, units: Sequence[tuple[str, ...]], *, left_out: tuple[str, ...]) -> Phonemes:
    """Join the phones of every character of a text, all of tone 0, with a boundary at both ends."""
    bounded = [(BLANK,), *units, (BLANK,)]
    phones = tuple(phone for unit in bounded for phone in unit)
    return Phonemes(
        normalised_text=normalised_text,
        phones=phones,
        tones=(0,) * len(phones),
        word2ph=tuple(len(unit) for unit in bounded),
        left_out=left_out,
    )


class FrontEnd(Protocol):
    """Reads texts of one language."""

    @property
    def language(self) -> str:
        """The language's name, a key of :data:`emotts.text.symbols.LANGUAGE_IDS`."""
        ...

    @property
    def symbols(self) -> tuple[str, ...]:
        """The symbol table that the phones are in, in the order of the ids."""
        ...

    def read(self, text: str) -> Phonemes:
        """Turn a text into phones.

        Raises:
            SilentTextError: if there is nothing that can be spoken.
            TextError: if the text holds characters that cannot be read (named with their positions) and may not be
                spoken without them.
        """
        ...


@runtime_checkable
class FrontEndOfWords(FrontEnd, Protocol):
    """Reads texts of a language that is written without spaces."""

    def words(self, text: str) -> list[tuple[str, str]]:
        """Return the words of a text as they are written, with their readings, marks included.

        Raises:
            TextError: as of :meth:`read`.
        """
        ...
