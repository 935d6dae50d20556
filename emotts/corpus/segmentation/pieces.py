"""The pieces of a recording that become segments, computed in milliseconds, without sound.

A span is speech between two silences. Spans become pieces: clicks are set aside, pieces that are too short are joined
to a neighbour over a short pause or rejected, the rest get some of the silence around them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from emotts.corpus.settings import SegmentSettings

__all__ = ["CLICK", "CLICK_MS", "TOO_SHORT", "Limits", "Piece", "Plan", "piece_of", "plan_pieces"]

CLICK = "click"
TOO_SHORT = "too short"
CLICK_MS = 100
"""Spans shorter than this are knocks and clicks: no syllable is that short between two silences."""


@dataclass(frozen=True)
class Limits:
    """Lengths in ms: of the silence kept on each side, of pieces with it, and of the pauses that may be joined over."""

    keep_ms: int
    min_ms: int
    max_ms: int
    join_ms: int

    @classmethod
    def of(cls, settings: SegmentSettings) -> Limits:
        """Return the lengths that the settings say."""
        return cls(
            keep_ms=round(1000 * settings.keep_silence_s),
            min_ms=round(1000 * settings.min_length_s),
            max_ms=round(1000 * settings.max_length_s),
            join_ms=round(1000 * settings.join_pause_s),
        )


@dataclass(frozen=True)
class Piece:
    """A stretch of a recording and the speech within it, in ms from the start of the recording."""

    start_ms: int
    end_ms: int
    speech_start_ms: int
    speech_end_ms: int

    @property
    def length_ms(self) -> int:
        """Length with the silence that is kept."""
        return self.end_ms - self.start_ms

    @property
    def speech_ms(self) -> int:
        """Length of the speech, pauses inside included."""
        return self.speech_end_ms - self.speech_start_ms


@dataclass(frozen=True)
class Plan:
    """Pieces to keep (those above the longest length are yet to be cut) and to reject, each in order of time."""

    kept: tuple[Piece, ...]
    rejected: tuple[tuple[Piece, str], ...]
    joined: int
    joined_pause_ms: int


def plan_pieces(spans: Sequence[tuple[int, int]], length_ms: int, *, limits: Limits) -> Plan:
    """Turn the spans of a recording, in order of time, into pieces.

    On each side up to ``keep_ms`` of silence is kept, never more than half of the pause to the next span, and less
    where the piece would exceed the longest length by it. Pieces are never joined over a click.

    Args:
        spans: (start, end) in ms.
        length_ms: length of the recording.
        limits: the lengths to keep to.
    """
    clicks = {index for index, (start, end) in enumerate(spans) if end - start < CLICK_MS}
    groups = _join(spans, clicks, length_ms, limits=limits)
    kept, rejected = [], [(piece_of(spans, (index, index), length_ms, limits=limits), CLICK) for index in clicks]
    for group in groups:
        piece = piece_of(spans, group, length_ms, limits=limits)
        if piece.length_ms < limits.min_ms:
            rejected.append((piece, TOO_SHORT))
        else:
            kept.append(piece)
    return Plan(
        kept=tuple(kept),
        rejected=tuple(sorted(rejected, key=lambda pair: pair[0].start_ms)),
        joined=sum(last - first for first, last in groups),
        joined_pause_ms=sum(_pause(spans, index) for first, last in groups for index in range(first, last)),
    )


def _join(
    spans: Sequence[tuple[int, int]], clicks: set[int], length_ms: int, *, limits: Limits
) -> list[tuple[int, int]]:
    """Return groups of spans, (first, last) index each: single ones, and those that join a short piece."""
    groups = [(index, index) for index in range(len(spans)) if index not in clicks]
    at = 0
    while at < len(groups):
        partner = None
        if piece_of(spans, groups[at], length_ms, limits=limits).length_ms < limits.min_ms:
            partner = _partner(spans, groups, at, limits=limits)
        if partner is None:
            at += 1
            continue
        at = min(at, partner)
        groups[at : at + 2] = [(groups[at][0], groups[at + 1][1])]
    return groups


def _partner(
    spans: Sequence[tuple[int, int]], groups: Sequence[tuple[int, int]], at: int, *, limits: Limits
) -> int | None:
    """Return the neighbour across the shorter pause that group ``at`` may be joined to, if any."""
    candidates = []
    for left, other in ((at - 1, at - 1), (at, at + 1)):
        if left < 0 or left + 1 >= len(groups):
            continue
        (first, last), (after, end) = groups[left], groups[left + 1]
        is_short = last + 1 == after and _pause(spans, last) <= limits.join_ms
        if is_short and spans[end][1] - spans[first][0] <= limits.max_ms:
            candidates.append((_pause(spans, last), other))
    return min(candidates)[1] if candidates else None


def _pause(spans: Sequence[tuple[int, int]], index: int) -> int:
    """Return the length of the pause after a span."""
    return spans[index + 1][0] - spans[index][1]


def piece_of(spans: Sequence[tuple[int, int]], group: tuple[int, int], length_ms: int, *, limits: Limits) -> Piece:
    """Return the piece of a group of spans (numbers of its first and last) with the silence that it keeps."""
    first, last = group
    start, end = spans[first][0], spans[last][1]
    before = min(limits.keep_ms, _pause(spans, first - 1) // 2 if first else start)
    after = min(limits.keep_ms, _pause(spans, last) // 2 if last + 1 < len(spans) else length_ms - end)
    room = limits.max_ms - (end - start)
    if 0 <= room < before + after:
        before = min(before, max(room // 2, room - after))
        after = room - before
    return Piece(start_ms=start - before, end_ms=end + after, speech_start_ms=start, speech_end_ms=end)
