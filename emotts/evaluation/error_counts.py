"""How many errors of a recogniser a clip has."""

from __future__ import annotations

__all__ = ["errors"]


def errors(edits: int, length: int) -> int:
    """Return the edits that count as errors: at most one for every character of the text that was to be said.

    Args:
        edits: what turns the transcript into the text (Levenshtein 1966).
        length: characters of the text.
    """
    return min(edits, length)
