"""The fine pieces of a take: where they are, and finer ones where they hold too much."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from emotts.audio.io import probe
from emotts.audio.levels import HOP_MS, power_curve
from emotts.corpus.segmentation.pieces import Limits
from emotts.corpus.segmentation.quietest_cut import quietest_cuts
from emotts.corpus.transcripts.alignment.levels import fine_pieces

__all__ = ["TakeSpans"]

_PAUSE_MS, _SHORT_PAUSE_MS = 300, 100
_HEARD_AT_ONCE = Limits(keep_ms=0, min_ms=1000, max_ms=25_000, join_ms=0)

Span = tuple[int, int]


@dataclass(frozen=True)
class TakeSpans:
    """The fine pieces of a take, none too long to be heard at once.

    Attributes:
        spans: (start, end) of each in ms, in order.
        power: mean squares (hop,) of 10 ms each of the take.
        length_ms: length of the take.
    """

    spans: tuple[Span, ...]
    power: NDArray[np.float64]
    length_ms: int

    @classmethod
    def of(cls, sound: Path) -> TakeSpans:
        """Return the pieces between the pauses of a take.

        Raises:
            AudioError: if it cannot be read.
        """
        length_ms = int(1000 * probe(sound).duration_s)
        power = power_curve(sound, start_ms=0, end_ms=length_ms)
        spans: list[Span] = []
        for start, end in fine_pieces(power, length_ms=length_ms, pause_ms=_PAUSE_MS):
            own = power[start // HOP_MS : -(-end // HOP_MS)]
            cuts = quietest_cuts(own, length_ms=end - start, limits=_HEARD_AT_ONCE)
            spans += _between((start, end), [start + cut for cut in cuts])
        return cls(tuple(spans), power, length_ms)

    def finer(self, pieces: Collection[int]) -> TakeSpans:
        """Return the pieces with some of them, by number, cut at shorter pauses; nothing between is lost."""
        inner = fine_pieces(self.power, length_ms=self.length_ms, pause_ms=_SHORT_PAUSE_MS)
        spans: list[Span] = []
        for number, (start, end) in enumerate(self.spans):
            own = [each for each in inner if start <= each[0] < each[1] <= end] if number in pieces else []
            middles = [(before[1] + after[0]) // 2 for before, after in itertools.pairwise(own)]
            spans += _between((start, end), middles)
        return replace(self, spans=tuple(spans))


def _between(span: Span, cuts: Sequence[int]) -> list[Span]:
    return list(itertools.pairwise([span[0], *cuts, span[1]]))
