"""Readings of lines: which pieces hold which lines of the script, and which readings are superseded."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from emotts.corpus.settings import Retakes
from emotts.corpus.transcripts.alignment.search import ReadPiece

__all__ = ["Reading", "find_readings", "inserted_phones", "superseded", "trim_readings"]

_CERTAIN_PAIRS = 3
"""So many phones of a line place a piece in it; fewer do if they are half of the piece or of the line."""
_MOST_TRIMMED = 2
"""Most pieces by which an end of a reading is moved."""


@dataclass(frozen=True)
class Reading:
    """Lines that were read in one go: pieces and lines from the first to the last, both counted from 0, inclusive."""

    first_piece: int
    last_piece: int
    first_line: int
    last_line: int

    @property
    def pieces(self) -> range:
        """The numbers of its pieces."""
        return range(self.first_piece, self.last_piece + 1)

    @property
    def lines(self) -> range:
        """The numbers of its lines."""
        return range(self.first_line, self.last_line + 1)


def find_readings(
    read: Sequence[ReadPiece], n_heard: Sequence[int], *, line_starts: Sequence[int], n_written: int
) -> list[Reading]:
    """Return the readings in order of time; lines that share a piece are one reading.

    Args:
        read: how each piece was understood.
        n_heard: how many phones were heard in each piece.
        line_starts: first phone of each line in the script.
        n_written: phones of the script.
    """
    lengths = np.diff([*line_starts, n_written])
    found: list[Reading] = []
    run = -1
    for number, piece in enumerate(read):
        counts = Counter(np.searchsorted(line_starts, [to for _, to in piece.pairs], side="right").tolist())
        lines = [
            line - 1
            for line, count in counts.items()
            if count >= min(_CERTAIN_PAIRS, n_heard[number] / 2, lengths[line - 1] / 2)
        ]
        if not lines:
            continue
        first, last = min(lines), max(lines)
        if found and run == piece.run and first <= found[-1].last_line:
            before = found[-1]
            found[-1] = Reading(before.first_piece, number, before.first_line, max(last, before.last_line))
        else:
            found.append(Reading(number, number, first, last))
        run = piece.run
    return found


def inserted_phones(read: Sequence[ReadPiece], n_heard: Sequence[int]) -> dict[int, int]:
    """Return how many more phones were heard than are written in pieces that stand for nothing, amid one reading.

    Such a piece is a remark within a sentence, or it was heard wrongly; then as many written phones are unheard there.
    Arguments as for :func:`find_readings`.
    """
    inserted: dict[int, int] = {}
    paired = [number for number, piece in enumerate(read) if piece.pairs]
    for before, after in itertools.pairwise(paired):
        if read[before].run == read[after].run:
            unheard = read[after].pairs[0][1] - read[before].pairs[-1][1] - 1
            for number in range(before + 1, after):
                inserted[number] = max(0, n_heard[number] - unheard)
    return inserted


def superseded(accepted: Sequence[range], *, retakes: Retakes) -> list[bool]:
    """Say of each accepted reading, given by its lines in order of time, whether a later one takes its place.

    ``last`` keeps of every line the last reading; a reading of several lines is given up when all of them are read
    again later. ``all`` keeps every reading.
    """
    later: set[int] = set()
    found = []
    for lines in reversed(accepted):
        given_up = retakes == "last" and later.issuperset(lines)
        found.append(given_up)
        if not given_up:
            later.update(lines)
    return found[::-1]


def trim_readings(
    readings: Sequence[Reading],
    *,
    n_pieces: int,
    loose: Collection[int],
    distance: Callable[[Reading], float],
) -> list[Reading]:
    """Move the ends of each reading by up to two pieces where that brings it nearer to its lines.

    Args:
        readings: in order of time.
        n_pieces: pieces of the take.
        loose: pieces that may be left out, for most of what is heard in them is not in the lines.
        distance: how far the pieces of a reading are from its lines.
    """
    trimmed: list[Reading] = []
    for number, reading in enumerate(readings):
        lowest = trimmed[-1].last_piece + 1 if trimmed else 0
        highest = (readings[number + 1].first_piece if number + 1 < len(readings) else n_pieces) - 1
        options = list(_options(reading, lowest=lowest, highest=highest, loose=loose))
        # the reading as it is stands first: min() takes the first of several that are as near
        trimmed.append(min(options, key=distance) if len(options) > 1 else reading)
    return trimmed


def _options(reading: Reading, *, lowest: int, highest: int, loose: Collection[int]) -> Iterator[Reading]:
    yield reading
    firsts = _ends(reading.first_piece, step=-1, limit=lowest, loose=loose)
    lasts = _ends(reading.last_piece, step=1, limit=highest, loose=loose)
    for first in firsts:
        for last in lasts:
            if first <= last and (first, last) != (reading.first_piece, reading.last_piece):
                yield replace(reading, first_piece=first, last_piece=last)


def _ends(end: int, *, step: int, limit: int, loose: Collection[int]) -> list[int]:
    """Return where a reading may end instead: further out up to ``limit``, further in as long as pieces are loose."""
    found = [end]
    for count in range(1, _MOST_TRIMMED + 1):
        if (limit - (end + step * count)) * step >= 0:
            found.append(end + step * count)
    for count in range(_MOST_TRIMMED):
        if end - step * count not in loose:
            break
        found.append(end - step * (count + 1))
    return found
