"""How heard phones are turned into written ones at the least cost, row by row, and how far apart they are."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emotts.corpus.transcripts.alignment.phones import ADDED, RELATED, UNIT, PhoneCosts

__all__ = ["FAR", "Comparison", "compare", "first_row", "fold_in", "pairs_back", "spread"]

FAR = 1 << 28
"""More than any alignment costs."""
_PAIRED, _HEARD_ONLY, _WRITTEN_ONLY = 0, 1, 2

Row = NDArray[np.int32]
Ids = NDArray[np.intp]


def first_row(length: int) -> Row:
    """Return the costs (length + 1,) of leaving out the first 0, 1, 2 ... written phones."""
    return np.arange(length + 1, dtype=np.int32) * np.int32(ADDED)


def spread(row: Row) -> Row:
    """Return the costs (place,) after leaving out any number of written phones: a running minimum along the row."""
    ramp = np.arange(row.size, dtype=np.int32) * np.int32(ADDED)
    return np.asarray(np.minimum.accumulate(row - ramp) + ramp, dtype=np.int32)


def fold_in(row: Row, heard: NDArray[np.intp], *, substitutions: NDArray[np.int32]) -> Row:
    """Return the costs (place,) after further heard phones.

    Args:
        row: costs (place,) before them.
        heard: their rows (phone,) in ``substitutions``.
        substitutions: costs (phone, place - 1) of each phone against each written one.
    """
    ramp = np.arange(row.size, dtype=np.int32) * np.int32(ADDED)
    for phone in heard:
        row = _next(row, substitutions[phone], ramp)
    return row


def pairs_back(
    row: Row, heard: NDArray[np.intp], *, substitutions: NDArray[np.int32], place: int
) -> tuple[int, list[tuple[int, int]]]:
    """Return where the cheapest way to ``place`` began, and its pairs (heard phone, written phone) in order.

    Computes the rows anew, up to ``place`` only, with one byte a cell for the way back. Arguments as for
    :func:`fold_in`. Where ways cost the same, pairs go before heard phones without a partner.
    """
    row = row[: place + 1]
    ramp = np.arange(row.size, dtype=np.int32) * np.int32(ADDED)
    steps = np.full((heard.size, row.size), _WRITTEN_ONLY, dtype=np.uint8)
    for number, phone in enumerate(heard):
        costs = substitutions[phone, :place]
        following = _next(row, costs, ramp)
        steps[number][following == row + ADDED] = _HEARD_ONLY
        steps[number, 1:][following[1:] == row[:-1] + costs] = _PAIRED
        row = following
    pairs, number = [], heard.size
    while number > 0:
        step = steps[number - 1, place]
        if step != _WRITTEN_ONLY:
            number -= 1
        if step != _HEARD_ONLY:
            place -= 1
        if step == _PAIRED:
            pairs.append((number, place))
    return place, pairs[::-1]


def _next(row: Row, costs: NDArray[np.int32], ramp: Row) -> Row:
    best = row + np.int32(ADDED)
    np.minimum(best[1:], row[:-1] + costs, out=best[1:])
    best -= ramp
    np.minimum.accumulate(best, out=best)
    best += ramp
    return best


@dataclass(frozen=True)
class Comparison:
    """How far heard phones are from written ones.

    Attributes:
        distance: cost of the cheapest alignment for each written phone; 0 is the same, 1 is nothing in common.
        beyond: phones heard before the first or after the last written one, or more than written between two of them,
            whichever is most.
        unheard: phones written before the first or after the last heard one, whichever is more.
        omitted: most phones written, and not heard, between two that are heard.
    """

    distance: float
    beyond: int
    unheard: int
    omitted: int


def compare(heard: Ids, written: Ids, *, costs: PhoneCosts) -> Comparison:
    """Compare heard phones (phone,) with written ones (phone,); there is at least one written phone.

    An end begins behind the last pair of the same or related phones. Where alignments cost the same, the one with the
    longest end counts: a single phone far off does not hide that a sentence breaks off.
    """
    total, beyond, unheard = _open_ends(heard, written, costs=costs)
    _, beyond_first, unheard_first = _open_ends(heard[::-1], written[::-1], costs=costs)
    distance = total / UNIT / written.size
    _, pairs = pairs_back(first_row(written.size), heard, substitutions=costs.table[:, written], place=written.size)
    certain = [(a, b) for a, b in pairs if costs.table[heard[a], written[b]] <= RELATED]
    if not certain:
        return Comparison(distance, int(heard.size), int(written.size), omitted=0)
    (first_heard, first_written), (last_heard, last_written) = certain[0], certain[-1]
    added = [(a - before_a) - (b - before_b) for (before_a, before_b), (a, b) in itertools.pairwise(certain)]
    return Comparison(
        distance=distance,
        beyond=max(first_heard, int(heard.size) - 1 - last_heard, beyond, beyond_first, *added),
        unheard=max(first_written, int(written.size) - 1 - last_written, unheard, unheard_first),
        omitted=max(0, *(-each for each in added)) if added else 0,
    )


def _open_ends(heard: Ids, written: Ids, *, costs: PhoneCosts) -> tuple[int, int, int]:
    """Return the cost of the cheapest alignment, and the most heard and written phones at its end without a partner."""
    row = first_row(written.size)
    ends = [int(row[-1])]
    for number in range(heard.size):
        row = fold_in(row, heard[number : number + 1], substitutions=costs.table[:, written])
        ends.append(int(row[-1]))
    total = ends[-1]
    left_heard = np.array(ends) + ADDED * np.arange(heard.size, -1, -1)
    left_written = row + ADDED * np.arange(written.size, -1, -1)
    beyond = heard.size - int(np.flatnonzero(left_heard == total)[0])
    return total, beyond, written.size - int(np.flatnonzero(left_written == total)[0])
