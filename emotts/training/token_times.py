"""The known times of a clip's tokens, from ``durations.jsonl`` beside the corpus lists."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from emotts.corpus.lists import CorpusItem
from emotts.corpus.timed_items import DURATIONS_FILE, TimedItem, read_timed_items
from emotts.errors import CorpusError

__all__ = ["TokenTimes", "read_token_times", "token_edges"]


def read_token_times(corpus: Path, *, add_blank: bool) -> TokenTimes:
    """Read the phone times of a corpus; a corpus without any knows none.

    Raises:
        CorpusError: if the file is damaged; names file and line.
    """
    path = corpus / DURATIONS_FILE
    items = read_timed_items(path) if path.is_file() else []
    return TokenTimes({timed.item.wav: timed for timed in items}, where=path, add_blank=add_blank)


class TokenTimes:
    """Known phone times by wav.

    Args:
        items: the times.
        where: their file, for messages.
        add_blank: whether the blank token stands between the phones.
    """

    def __init__(self, items: Mapping[str, TimedItem], *, where: Path, add_blank: bool) -> None:
        self._items = items
        self._where = where
        self._add_blank = add_blank

    def spans(self, item: CorpusItem, *, frames_per_s: float, where: str) -> NDArray[np.float32] | None:
        """Return where the tokens of a row begin and end, (token, 2) in frames; None where that is not known.

        Raises:
            CorpusError: if the times are those of other phones.
        """
        timed = self._items.get(item.wav)
        if timed is None:
            return None
        if timed.item.phones != item.phones:
            raise CorpusError(
                "the phones are not those whose times are known",
                where=where,
                found=" ".join(item.phones),
                wanted=f"{' '.join(timed.item.phones)} (as in {self._where})",
                remedy=f"remove the row of {item.wav} from {self._where}, or build the corpus again",
            )
        return token_edges(np.asarray(timed.durations_s) * frames_per_s, add_blank=self._add_blank)


def token_edges(durations_frames: NDArray[np.float64], *, add_blank: bool) -> NDArray[np.float32]:
    """Return the spans (token, 2) of tokens for the durations (phone,) of phones that follow each other.

    A blank shares the time of its neighbours: it may lie wherever one of them does.
    """
    edges = np.concatenate([[0.0], np.cumsum(durations_frames)])
    phones = np.stack([edges[:-1], edges[1:]], axis=1)
    if not add_blank:
        return phones.astype(np.float32)
    tokens = np.empty((2 * len(phones) + 1, 2), dtype=np.float32)
    tokens[1::2] = phones
    tokens[0::2, 0] = [edges[0], *edges[:-1]]
    tokens[0::2, 1] = [*edges[1:], edges[-1]]
    return tokens
