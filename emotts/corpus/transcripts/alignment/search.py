"""The search for what was read where: heard against written phones, with jumps at the borders of pieces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emotts.corpus.transcripts.alignment.edits import FAR, fold_in, pairs_back, spread
from emotts.corpus.transcripts.alignment.phones import PhoneCosts

__all__ = ["ReadPiece", "align"]

_FORWARD, _BACK = 40, 30
_ASIDE, _ASIDE_PHONE = 15, 6
"""Costs in tenths: a jump to a later line, one back to this or the line before, a piece that is not in the script."""

_BLOCK = 32

Row = NDArray[np.int32]
Ids = NDArray[np.intp]


@dataclass(frozen=True)
class ReadPiece:
    """How a piece was understood.

    Attributes:
        run: number of the stretch of reading that it belongs to; each jump begins another.
        pairs: (heard phone of the piece, written phone of the script) that stand for each other, in order; none where
            the piece is not in the script.
    """

    run: int
    pairs: tuple[tuple[int, int], ...]


def align(pieces: Sequence[Ids], script: Ids, *, line_starts: Sequence[int], costs: PhoneCosts) -> list[ReadPiece]:
    """Find the cheapest way to read a script that sounds like the pieces.

    Only at the borders of pieces a reader may go on at the start of any later line (or stop), go back to the start of
    this or the previous line, or say a whole piece that is not in the script. The costs at every 32nd border are kept,
    all others computed again on the way back, so that recordings of hours fit into memory.

    Args:
        pieces: heard phones (phone,) of each piece, as ids of ``costs``.
        script: written phones (phone,) of all lines.
        line_starts: first phone of each line, in order; every line has phones.
        costs: what phones cost against each other.
    """
    search = _Search(costs.table[:, script], np.array([*line_starts, script.size], dtype=np.intp))
    row = np.full(script.size + 1, FAR, dtype=np.int32)
    row[0] = 0
    kept = []
    for number, heard in enumerate(pieces):
        if number % _BLOCK == 0:
            kept.append(row)
        row = search.read(row, heard)
    place, run, found = search.border.way_back(row, place=script.size)[0], 0, []
    for block in range(len(kept) - 1, -1, -1):
        own = pieces[block * _BLOCK : (block + 1) * _BLOCK]
        rows = [kept[block]]
        for heard in own:
            rows.append(search.read(rows[-1], heard))
        for number in range(len(own) - 1, -1, -1):
            place, pairs = search.unread(rows[number], rows[number + 1], own[number], place=place)
            found.append((run, pairs))
            place, jumped = search.border.way_back(rows[number], place=place)
            run -= jumped
    return [ReadPiece(each - run, tuple(pairs)) for each, pairs in reversed(found)]


class _Search:
    """Steps over whole pieces, to and fro; costs are those before a border."""

    def __init__(self, substitutions: NDArray[np.int32], starts: NDArray[np.intp]) -> None:
        self._substitutions = substitutions
        self.border = _Border(starts)

    def read(self, row: Row, heard: Ids) -> Row:
        """Return the costs (place,) after a border and a piece."""
        after = self.border.crossed(row)
        inside = fold_in(after, heard, substitutions=self._substitutions)
        aside = after + np.int32(_ASIDE + _ASIDE_PHONE * heard.size)
        return np.asarray(np.minimum(inside, aside), dtype=np.int32)

    def unread(self, row: Row, following: Row, heard: Ids, *, place: int) -> tuple[int, list[tuple[int, int]]]:
        """Return where a piece was begun that ended at ``place``, and its pairs; none where it is not in the script.

        Args:
            row: costs (place,) before the border in front of the piece.
            following: those behind the piece.
            heard: its phones.
            place: where it ended.
        """
        after = self.border.crossed(row)
        inside = fold_in(after[: place + 1], heard, substitutions=self._substitutions[:, :place])
        if following[place] != inside[place]:
            return place, []
        return pairs_back(after, heard, substitutions=self._substitutions, place=place)


class _Border:
    """The jumps at a border; ``starts`` are the first phones of the lines, and behind them the script's end."""

    def __init__(self, starts: NDArray[np.intp]) -> None:
        self._starts = starts

    def crossed(self, row: Row) -> Row:
        """Return the costs (place,) after a border from those before it."""
        crossed = row.copy()
        crossed[self._starts] = np.minimum(row[self._starts], np.minimum(self._forward(row), self._back(row)))
        return spread(crossed)

    def way_back(self, before: Row, *, place: int) -> tuple[int, bool]:
        """Return the place before the border from which ``place`` was reached, and whether by a jump."""
        after = self.crossed(before)
        while after[place] != before[place]:
            line = int(np.searchsorted(self._starts, place))
            if self._starts[line] == place:
                if after[place] == self._back(before)[line]:
                    first, last = place + 1, int(self._starts[min(line + 2, self._starts.size - 1)])
                    return first + int(np.argmin(before[first : last + 1])), True
                if after[place] == self._forward(before)[line]:
                    return int(np.argmin(before[:place])), True
            place -= 1
        return place, False

    def _forward(self, row: Row) -> Row:
        """Return the costs (line,) of each line's start when it is jumped to from an earlier place."""
        least = np.minimum.accumulate(row)
        return np.where(self._starts > 0, least[self._starts - 1], FAR).astype(np.int32) + np.int32(_FORWARD)

    def _back(self, row: Row) -> Row:
        """Return the costs (line,) of each line's start when it is read again from within it or the next line."""
        within = np.append(np.minimum.reduceat(row[1:], self._starts[:-1]), FAR).astype(np.int32)
        following = np.append(within[1:], FAR).astype(np.int32)
        return np.asarray(np.minimum(within, following) + np.int32(_BACK), dtype=np.int32)
