"""Phones to the ids that the networks read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emotts.errors import TextError
from emotts.text.symbols import LANGUAGE_IDS, N_TONES, SYMBOL_IDS, TONE_OFFSETS

__all__ = ["TokenIds", "encode", "with_blanks"]


@dataclass(frozen=True)
class TokenIds:
    """Three int64 arrays (token,) of one text."""

    tokens: NDArray[np.int64]
    tones: NDArray[np.int64]
    languages: NDArray[np.int64]


def encode(phones: Sequence[str], tones: Sequence[int], *, language: str, add_blank: bool = True) -> TokenIds:
    """Turn phones and raw tones into ids, as MeloTTS does it.

    The tone offset of the language is added; with ``add_blank`` a 0 stands between all ids and at both ends, in
    all three arrays, so that n phones become 2n + 1 tokens.

    Raises:
        TextError: if the language or a phone is unknown, a tone is out of range, or the counts differ.
    """
    if language not in LANGUAGE_IDS:
        raise TextError(f"unknown language {language!r}", wanted=f"one of {', '.join(LANGUAGE_IDS)}")
    if len(phones) != len(tones):
        raise TextError("phones and tones do not match", found=f"{len(phones)} phones, {len(tones)} tones")
    ids = list(map(SYMBOL_IDS.get, phones))
    if None in ids:
        unknown = [f"{phone!r} at {place}" for place, phone in enumerate(phones, 1) if phone not in SYMBOL_IDS]
        raise TextError("phones are not in the symbol table", found=", ".join(unknown[:8]))
    offset = TONE_OFFSETS[language]
    if tones and not (min(tones) >= 0 and max(tones) < N_TONES - offset):
        wrong = [f"{tone} at {place}" for place, tone in enumerate(tones, 1) if not 0 <= tone < N_TONES - offset]
        raise TextError(
            f"tones are out of range for {language}",
            found=", ".join(wrong[:8]),
            wanted=f"raw tones from 0 to {N_TONES - offset - 1}",
        )
    encoded = TokenIds(
        tokens=np.array(ids, dtype=np.int64),
        tones=np.array(tones, dtype=np.int64) + offset,
        languages=np.full(len(phones), LANGUAGE_IDS[language], dtype=np.int64),
    )
    return with_blanks(encoded) if add_blank else encoded


def with_blanks(ids: TokenIds) -> TokenIds:
    """Return ids with a 0 between all of them and at both ends, in all three arrays."""
    return TokenIds(_interspersed(ids.tokens), _interspersed(ids.tones), _interspersed(ids.languages))


def _interspersed(values: NDArray[np.int64]) -> NDArray[np.int64]:
    spread = np.zeros(2 * len(values) + 1, dtype=np.int64)
    spread[1::2] = values
    return spread
