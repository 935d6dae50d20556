"""The last piece of a recording that is cut off: nobody knows whether its sentence is whole, so it is rejected."""

from __future__ import annotations

from collections.abc import Sequence

from emotts.corpus.segmentation.pieces import Piece

__all__ = ["CUT_OFF", "split_off_end"]

CUT_OFF = "cut off"


def split_off_end(
    pieces: Sequence[Piece], spans: Sequence[tuple[int, int]], *, length_ms: int, min_silence_ms: int
) -> tuple[list[Piece], list[tuple[Piece, str]]]:
    """Return the pieces that are whole, and the last one with the reason why it is rejected, if it is not.

    It is whole if a pause of ``min_silence_ms`` follows it. Where the last speech belongs to a piece that is rejected
    for another reason, no piece is lost.

    Args:
        pieces: the pieces of a recording that is cut off, in order of time.
        spans: its speech, (start, end) in ms, in order of time.
        length_ms: its length.
        min_silence_ms: the shortest silence that separates two pieces.
    """
    if not pieces or pieces[-1].speech_end_ms < spans[-1][1] or length_ms - spans[-1][1] >= min_silence_ms:
        return list(pieces), []
    return list(pieces[:-1]), [(pieces[-1], CUT_OFF)]
