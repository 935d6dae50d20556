"""Times of Korean phones, from the times of Kokoro's tokens."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tools.render.sentences import MARKS, SPACE

__all__ = ["SILENT_ONSET", "SILENT_ONSET_FRACTION", "apart", "phone_edges", "with_silent_onsets"]

SILENT_ONSET = "ᄋ"
"""The onset of a syllable that begins with its vowel; no token speaks it."""
SILENT_ONSET_FRACTION = 0.3
"""Share of the vowel's time, from its beginning, that the silent onset before it gets."""


def phone_edges(phones: Sequence[str], spelled: Sequence[str], token_edges: np.ndarray) -> np.ndarray:
    """Return where the phones of one clause begin, and at last its end, in samples: float64 (phone + 1,).

    The first phone begins with its first token; the last one, a mark as a rule, lasts to the end of the sound. The
    time of a space, which is no phone, goes to the mark before it, or half to each of its neighbours. A silent onset
    has no time yet, see :func:`with_silent_onsets`.

    Args:
        phones: with spaces between the words; what is returned leaves the spaces out.
        spelled: the tokens of each of ``phones``, one a character.
        token_edges: see :class:`tools.render.kokoro.KokoroSpeech`.
    """
    places = np.concatenate([[1], 1 + np.cumsum([len(spelling) for spelling in spelled])])
    begins = np.asarray(token_edges, dtype=np.float64)[places]
    edges = []
    for number, phone in enumerate(phones):
        if phone == SPACE:
            continue
        begin = begins[number]
        if number > 1 and phones[number - 1] == SPACE and phones[number - 2] not in MARKS:
            begin = (begins[number - 1] + begin) / 2.0
        edges.append(begin)
    edges.append(float(token_edges[-1]))
    return np.array(edges)


def with_silent_onsets(phones: Sequence[str], edges: np.ndarray) -> np.ndarray:
    """Return edges (phone + 1,) where each silent onset has its share of the vowel behind it.

    Args:
        phones: without spaces.
        edges: where silent onsets have no time.
    """
    shared = edges.copy()
    for number, phone in enumerate(phones):
        if phone == SILENT_ONSET:
            shared[number + 1] = edges[number] + SILENT_ONSET_FRACTION * (edges[number + 2] - edges[number])
    return shared


def apart(edges: np.ndarray, *, least: float) -> np.ndarray:
    """Move inner edges as little as it takes that all of them are ``least`` apart; the first and last one stay.

    Where there is no room for that, they are evenly spaced.
    """
    steps = np.arange(len(edges)) * min(least, (edges[-1] - edges[0]) / max(1, len(edges) - 1))
    pushed = np.maximum.accumulate(edges - steps)
    return np.asarray(np.clip(pushed, edges[0], edges[-1] - steps[-1]) + steps)
