"""Pieces whose borders are changed: splitting one, merging two, moving a cut."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence

from emotts.corpus.corrections.entry import TWO_EMOTIONS, UNCHECKED, Entry

__all__ = ["MIN_PIECE_S", "merged", "moved", "split"]

MIN_PIECE_S = 0.1
"""No correction leaves a piece shorter than this."""
_TOUCH_S = 0.005
"""Pieces nearer than this share a cut."""
_BREAK = re.compile(r"(?<=[\s、。，！？])(?=\S)")


def split(entry: Entry, at_s: float) -> list[Entry]:
    """Return the two parts of a piece.

    The text is divided where a word ends nearest to the same fraction of it; as that is a guess, no part is used
    before its text is typed or accepted.
    """
    first, second = _texts(entry.text or "", (at_s - entry.start_s) / entry.length_s)
    parts = ((entry.start_s, at_s, first), (at_s, entry.end_s, second))
    return [
        entry.changed("times", "text", start_s=start_s, end_s=end_s, text=text or None, reason=UNCHECKED, decision=None)
        for start_s, end_s, text in parts
    ]


def merged(first: Entry, second: Entry) -> Entry:
    """Return two pieces as one, with what is between them.

    It is used at once where both were, with both texts. Of two emotions none is kept.
    """
    texts = [entry.text for entry in (first, second) if entry.text]
    emotions = {entry.emotion for entry in (first, second) if entry.emotion}
    reason = None
    if first.problem is not None or second.problem is not None:
        reason = UNCHECKED
    elif len(emotions) > 1:
        reason = TWO_EMOTIONS
    return dataclasses.replace(
        first,
        end_s=second.end_s,
        text=" ".join(texts) or None,
        emotion=emotions.pop() if len(emotions) == 1 else None,
        reason=reason,
        decision=None,
        corrected=first.corrected | second.corrected | {"times"},
    )


def moved(take: Sequence[Entry], place: int, cut_s: tuple[float, float]) -> list[Entry] | None:
    """Return a recording's pieces with new borders of one; None where a piece would become too short.

    A neighbour that shares the cut, or that the new border reaches into, begins or ends at the new border.
    """
    start_s, end_s = cut_s
    entry = take[place]
    if end_s - start_s < MIN_PIECE_S or end_s > entry.source.duration_s + _TOUCH_S:
        return None
    changed = list(take)
    changed[place] = entry.changed("times", start_s=start_s, end_s=end_s)
    if place and start_s != entry.start_s:
        before = take[place - 1]
        if start_s < before.end_s or entry.start_s - before.end_s < _TOUCH_S:
            changed[place - 1] = before.changed("times", end_s=start_s)
    if place + 1 < len(take) and end_s != entry.end_s:
        after = take[place + 1]
        if end_s > after.start_s or after.start_s - entry.end_s < _TOUCH_S:
            changed[place + 1] = after.changed("times", start_s=end_s)
    near = changed[max(0, place - 1) : place + 2]
    return None if min(each.length_s for each in near) < MIN_PIECE_S else changed


def _texts(text: str, fraction: float) -> tuple[str, str]:
    """Divide a text at the end of a word, or where it has no words at a character, nearest to a fraction of it."""
    places = [match.start() for match in _BREAK.finditer(text)] or list(range(1, len(text)))
    if not places:
        return text, ""
    at = min(places, key=lambda place: abs(place - fraction * len(text)))
    return text[:at].strip(), text[at:].strip()
