"""Cutting pieces that are too long at their quietest places."""

from __future__ import annotations

import itertools
import math
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from emotts.audio.levels import HOP_MS, power_curve
from emotts.corpus.segmentation.pieces import Limits, Piece

__all__ = ["cut_piece", "quietest_cuts"]

_WINDOW_HOPS = 25
"""A quarter of a second: the closure of a plosive is as quiet as a pause, but shorter, and no place to cut."""
_FLOOR_POWER = 1e-9
_OFF_CENTRE_DB = 6.0
"""A place at the end of a piece must be this much quieter than one in its middle to be preferred: pauses differ from
speech by 20 dB and more, so this decides between pauses only."""
_PAUSE_DB = 3.0
_PAUSE_HOPS = 50


def cut_piece(path: Path, piece: Piece, *, limits: Limits) -> list[Piece]:
    """Cut a piece at its quietest places until no part is longer than allowed; the parts touch and lose nothing.

    Raises:
        AudioError: if the file cannot be read.
    """
    if piece.length_ms <= limits.max_ms:
        return [piece]
    cuts = quietest_cuts(
        power_curve(path, start_ms=piece.start_ms, end_ms=piece.end_ms), length_ms=piece.length_ms, limits=limits
    )
    edges = [piece.start_ms, *(piece.start_ms + cut for cut in cuts), piece.end_ms]
    return [
        Piece(
            start_ms=start,
            end_ms=end,
            speech_start_ms=max(start, piece.speech_start_ms),
            speech_end_ms=min(end, piece.speech_end_ms),
        )
        for start, end in itertools.pairwise(edges)
    ]


def quietest_cuts(power: NDArray[np.float64], *, length_ms: int, limits: Limits) -> list[int]:
    """Return where to cut, in ms from the start, in order.

    The piece is cut in two at its quietest 250 ms, well-balanced cuts preferred among places about equally quiet, and
    in the middle of the pause there; then each half that is still too long is cut in the same way. All parts are
    between the shortest and the longest length.

    Args:
        power: mean square of each 10 ms ``(hop,)``.
        length_ms: length of the piece.
        limits: shortest and longest length.
    """
    smooth = np.convolve(np.maximum(power, _FLOOR_POWER), np.ones(_WINDOW_HOPS) / _WINDOW_HOPS, mode="same")
    level_db = 10 * np.log10(np.maximum(smooth, _FLOOR_POWER))
    cuts, open_parts = [], [(0, length_ms)]
    while open_parts:
        start, end = open_parts.pop()
        if end - start > limits.max_ms:
            cut = _best_cut(level_db, start, end, limits=limits)
            cuts.append(cut)
            open_parts += [(start, cut), (cut, end)]
    return sorted(cuts)


def _best_cut(level_db: NDArray[np.float64], start: int, end: int, *, limits: Limits) -> int:
    """Return the best place between ``start`` and ``end`` (ms) that leaves the shortest length on both sides.

    Index ``i`` of ``level_db`` is the window around the middle of hop ``i``.
    """
    first = math.ceil((start + limits.min_ms) / HOP_MS)
    last = min((end - limits.min_ms) // HOP_MS, len(level_db) - 1)
    zone = level_db[first : last + 1]
    if zone.size == 0:
        return (start + end) // 2
    parts = math.ceil((end - start) / limits.max_ms)
    target = (start + (end - start) * (parts // 2) / parts) / HOP_MS
    off_centre = np.abs(np.arange(first, last + 1) - target) * HOP_MS / (end - start) * 2
    best = int(np.argmin(zone + _OFF_CENTRE_DB * off_centre))
    return (first + _middle_of_pause(zone, best)) * HOP_MS


def _middle_of_pause(zone: NDArray[np.float64], at: int) -> int:
    quiet = zone <= zone[at] + _PAUSE_DB
    left = right = at
    while left > max(0, at - _PAUSE_HOPS) and quiet[left - 1]:
        left -= 1
    while right < min(len(zone) - 1, at + _PAUSE_HOPS) and quiet[right + 1]:
        right += 1
    return (left + right) // 2
