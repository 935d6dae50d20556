"""The positions of a tokenizer's word pieces in a text."""

from __future__ import annotations

import unicodedata
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emotts.errors import TextError

__all__ = ["piece_spans"]

_CONTINUED = "##"


def piece_spans(tokenizer: Any, text: str) -> NDArray[np.int32]:
    """Return first character and the one behind the last of each word piece of a text, (piece, 2).

    Args:
        tokenizer: of transformers. Fast ones know the places themselves; of the others, the Japanese one is known,
            which splits into words with MeCab and each word into pieces.
        text: what is split.

    Raises:
        TextError: if the tokenizer changes the text so that the places cannot be told.
    """
    if tokenizer.is_fast:
        read = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)
        return np.array(read["offset_mapping"], dtype=np.int32).reshape(-1, 2)
    words = getattr(tokenizer, "word_tokenizer", None)
    pieces = getattr(tokenizer, "subword_tokenizer", None)
    if words is None or pieces is None:
        raise _unplaced(tokenizer, text)
    places = _places(text)
    spans: list[tuple[int, int]] = []
    done = 0
    for word in words.tokenize(text, never_split=tokenizer.all_special_tokens):
        split = pieces.tokenize(word)
        for length in _lengths(split, word=word, unknown=str(tokenizer.unk_token)):
            covered = places[done : done + length]
            if len(covered) < length or not length:
                raise _unplaced(tokenizer, text)
            spans.append((covered[0], covered[-1] + 1))
            done += length
    if done != len(places):
        raise _unplaced(tokenizer, text)
    return np.array(spans, dtype=np.int32).reshape(-1, 2)


def _places(text: str) -> list[int]:
    """Return the place in ``text`` of every character of its compatibility form (NFKC), without spaces.

    That form is what the Japanese tokenizer splits; one character may become several (``…`` becomes ``...``).
    """
    return [
        place
        for place, char in enumerate(text)
        for normal in unicodedata.normalize("NFKC", char)
        if not normal.isspace()
    ]


def _lengths(pieces: list[str], *, word: str, unknown: str) -> list[int]:
    """Return how many characters of ``word`` each of its pieces has; an unknown word is one piece as a whole."""
    if pieces == [unknown]:
        return [len(word)]
    return [len(piece.removeprefix(_CONTINUED)) if number else len(piece) for number, piece in enumerate(pieces)]


def _unplaced(tokenizer: Any, text: str) -> TextError:
    return TextError(
        "the tokenizer of the BERT model does not tell where its pieces lie in the text",
        where=repr(text[:80]),
        found=type(tokenizer).__name__,
        wanted="a fast tokenizer, or Japanese words by MeCab with WordPiece",
        remedy="name another model in text.bert_models of params.yaml",
    )
