"""The piece of a clip, a recording of one utterance: the whole of it, whatever pauses are in it."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from emotts.corpus.segmentation.pieces import Limits, Piece, Plan, plan_pieces

__all__ = ["MIN_CLIP_MS", "SILENT_CLIP", "TOO_SHORT_CLIP", "plan_recording"]

MIN_CLIP_MS = 300
"""Shorter clips hold no utterance."""
TOO_SHORT_CLIP = "clip too short"
SILENT_CLIP = "no speech in the clip"


def plan_recording(spans: Sequence[tuple[int, int]], length_ms: int, *, limits: Limits, is_clip: bool) -> Plan:
    """Turn the spans of a recording into pieces: a clip into one, unless it is longer than a segment may be.

    The shortest length of pieces does not hold for clips: somebody has cut them on purpose.

    Args:
        spans: speech between silences, (start, end) in ms, in order of time.
        length_ms: length of the recording.
        limits: the lengths to keep to.
        is_clip: whether it is one utterance.
    """
    if is_clip and not spans:
        return Plan(kept=(), rejected=((Piece(0, length_ms, 0, 0), SILENT_CLIP),), joined=0, joined_pause_ms=0)
    if not is_clip or length_ms > limits.max_ms:
        return plan_pieces(spans, length_ms, limits=limits)
    piece = Piece(0, length_ms, spans[0][0], spans[-1][1])
    is_short = length_ms < MIN_CLIP_MS
    return Plan(
        kept=() if is_short else (piece,),
        rejected=((piece, TOO_SHORT_CLIP),) if is_short else (),
        joined=len(spans) - 1,
        joined_pause_ms=sum(after[0] - before[1] for before, after in itertools.pairwise(spans)),
    )
