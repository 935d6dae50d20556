"""The alignment of phones and word pieces: each phone gets the vector of one piece."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from emotts.errors import TextError

__all__ = ["phone_pieces", "token_pieces"]


def phone_pieces(text: str, word2ph: Sequence[int], spans: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return the number of the piece whose vector each phone gets, (phone,).

    MeloTTS counts phones per word piece and repeats the vector of a piece so many times; the boundaries ``_`` get the
    vectors of ``[CLS]`` and ``[SEP]``. Our counts are per character (see :class:`emotts.text.phonemes.Phonemes`), so
    the phones of a character get the vector of the piece that the character lies in. The numbers of phones per piece
    may differ from MeloTTS's, which divides the phones of a word evenly over its pieces; the vectors are the same.
    Where a tokenizer splits one character into several pieces (Hangul taken apart into jamo), they share its phones
    in order. A character that no piece covers gets the piece before it.

    Args:
        text: normalised.
        word2ph: counts of phones: a boundary, each character but spaces, a boundary.
        spans: first character and the one behind the last of each piece, (piece, 2), without ``[CLS]`` and ``[SEP]``.

    Returns:
        0 for ``[CLS]``, from 1 on the pieces, then ``[SEP]``.

    Raises:
        TextError: if the counts do not fit the text.
    """
    places = [place for place, char in enumerate(text) if char != " "]
    if len(word2ph) != len(places) + 2:
        raise TextError(
            "the counts of phones do not fit the text",
            where=repr(text[:80]),
            found=f"{len(word2ph)} counts",
            wanted=f"{len(places) + 2}: one for each of {len(places)} characters and for both ends",
            remedy="write the list anew: `dvc repro --force corpus`",
        )
    covering = _covering_pieces(text, spans)
    chosen = [0] * word2ph[0]
    last = 0
    for place, phones in zip(places, word2ph[1:-1], strict=True):
        pieces = covering[place] or [last]
        chosen += [pieces[phone * len(pieces) // phones] for phone in range(phones)]
        last = pieces[-1]
    chosen += [len(spans) + 1] * word2ph[-1]
    return np.array(chosen, dtype=np.int32)


def _covering_pieces(text: str, spans: NDArray[np.int32]) -> list[list[int]]:
    """Return for each character the numbers of the pieces that cover it, counted from 1."""
    covering: list[list[int]] = [[] for _ in text]
    for number, (start, end) in enumerate(spans.tolist(), 1):
        for place in range(start, end):
            covering[place].append(number)
    return covering


def token_pieces(pieces: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return the pieces of phones with blanks between them and at both ends: (phone,) to (2 phone + 1,).

    As in MeloTTS, the counts are doubled and the first gets one more: a blank goes with the phone before it, the first
    blank with the first phone.
    """
    return np.concatenate([pieces[:1], np.repeat(pieces, 2)])
