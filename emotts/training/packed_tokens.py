"""The token ids of many clips, packed: a clip of 60 phones takes 200 bytes."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from emotts.text.encode import TokenIds, encode, with_blanks

__all__ = ["PackedTokens"]


class PackedTokens:
    """Token ids by the number of the clip.

    Args:
        add_blank: put the blank token between the phones of a clip that is asked for.
    """

    def __init__(self, *, add_blank: bool) -> None:
        self._add_blank = add_blank
        self._phones = array("H")
        self._tones = array("B")
        self._languages = array("B")
        self._ends = array("q")

    def append(self, phones: Sequence[str], tones: Sequence[int], *, language: str) -> int:
        """Add a clip and return how many tokens it has.

        Raises:
            TextError: as :func:`emotts.text.encode.encode`.
        """
        ids = encode(phones, tones, language=language, add_blank=False)
        self._phones.frombytes(ids.tokens.astype(np.uint16).tobytes())
        self._tones.frombytes(ids.tones.astype(np.uint8).tobytes())
        self._languages.append(int(ids.languages[0]) if len(phones) else 0)
        self._ends.append(len(self._phones))
        return 2 * len(phones) + 1 if self._add_blank else len(phones)

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, number: int) -> TokenIds:
        """Return the ids of a clip."""
        start, end = self._ends[number - 1] if number else 0, self._ends[number]
        languages = np.full(end - start, self._languages[number], dtype=np.int64)
        ids = TokenIds(_widened(self._phones[start:end]), _widened(self._tones[start:end]), languages)
        return with_blanks(ids) if self._add_blank else ids


def _widened(packed: array[int]) -> NDArray[np.int64]:
    return np.array(packed, dtype=np.int64)
