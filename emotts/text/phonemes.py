"""What a front end returns, and what a front end is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

__all__ = ["FrontEnd", "Phonemes"]


@dataclass(frozen=True)
class Phonemes:
    """A text as phones.

    ``phones`` begins and ends with ``_``; ``tones`` are raw, that is without the offset of the language.
    ``word2ph`` has one entry for each boundary and one for each character of ``normalised_text`` that is not
    a space, in order; the entry says how many phones the character became. Therefore
    ``sum(word2ph) == len(phones) == len(tones)``.
    """

    normalised_text: str
    phones: tuple[str, ...]
    tones: tuple[int, ...]
    word2ph: tuple[int, ...]


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
            TextError: if the text holds characters that cannot be read (named with their positions), or
                nothing that can be spoken.
        """
        ...
