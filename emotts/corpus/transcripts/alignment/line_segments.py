"""From accepted readings to segments of allowed length, borders and silence around them included."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from emotts.corpus.segmentation.pieces import TOO_SHORT, Limits, Piece, piece_of
from emotts.corpus.transcripts.alignment.take_reading import Part

__all__ = ["TOO_LONG", "LineSegments"]

TOO_LONG = "too long"
_JOIN_MS = 1000
"""Short segments are joined over pauses shorter than this, if the settings do not allow longer ones."""


@dataclass(frozen=True)
class LineSegments:
    """Where segments of whole lines begin and end.

    Attributes:
        spans: (start, end) in ms of the fine pieces of the take.
        length_ms: length of the take.
        limits: lengths of segments, and of the silence around them.
        may_join: whether a line, by number, may be in one segment with the line before.
    """

    spans: Sequence[tuple[int, int]]
    length_ms: int
    limits: Limits
    may_join: Callable[[int], bool]

    def piece(self, part: Part) -> Piece:
        """Return the stretch of the take that a part's segment is."""
        return piece_of(self.spans, (part.pieces[0], part.pieces[-1]), self.length_ms, limits=self.limits)

    def fitted(self, parts: Sequence[Part]) -> list[Part]:
        """Join accepted parts that are too short to a neighbour, and reject those that stay too short, or are too long.

        A part is joined to the line before or behind it, over the shorter pause.
        """
        parts = list(parts)
        at = 0
        while at < len(parts):
            partner = self._partner(parts, at) if self._is_short(parts[at]) else None
            if partner is None:
                at += 1
                continue
            at = min(at, partner)
            parts[at : at + 2] = [_joined(parts[at], parts[at + 1])]
        return [self._judged(part) for part in parts]

    def _is_short(self, part: Part) -> bool:
        return part.reason is None and self.piece(part).length_ms < self.limits.min_ms

    def _partner(self, parts: Sequence[Part], at: int) -> int | None:
        candidates = []
        for left, other in ((at - 1, at - 1), (at, at + 1)):
            if left < 0 or left + 1 >= len(parts):
                continue
            before, after = parts[left], parts[left + 1]
            pause = self.spans[after.pieces[0]][0] - self.spans[before.pieces[-1]][1]
            length = self.spans[after.pieces[-1]][1] - self.spans[before.pieces[0]][0]
            fits = before.reason is None and after.reason is None and after.lines.start == before.lines.stop
            fits = fits and pause < max(_JOIN_MS, self.limits.join_ms) and length <= self.limits.max_ms
            if fits and self.may_join(after.lines.start):
                candidates.append((pause, other))
        return min(candidates)[1] if candidates else None

    def _judged(self, part: Part) -> Part:
        if part.reason is not None:
            return part
        length = self.piece(part).length_ms
        if length < self.limits.min_ms:
            return replace(part, reason=TOO_SHORT)
        return replace(part, reason=TOO_LONG) if length > self.limits.max_ms else part


def _joined(before: Part, after: Part) -> Part:
    return Part(
        pieces=range(before.pieces.start, after.pieces.stop),
        lines=range(before.lines.start, after.lines.stop),
        heard=f"{before.heard} {after.heard}".strip(),
        reason=None,
        confidence=min(before.confidence, after.confidence),
        is_near=True,
    )
