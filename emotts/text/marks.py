"""The seven marks of normalised texts: pauses that stand together become one."""

from __future__ import annotations

import re

__all__ = ["merge_marks", "space_marks"]

_ELLIPSIS = re.compile(r"[.…]*…[.…]*|\.{2,}")
_NEEDLESS_COMMA = re.compile(r",+(?=[!?….])|(?<=[!?….]),+")
_REPEATED = re.compile(r"([!?…,.])\1+")


def merge_marks(text: str) -> str:
    """Make one of repeated marks, and drop a comma beside a stronger mark."""
    return _REPEATED.sub(r"\1", _ELLIPSIS.sub("…", _NEEDLESS_COMMA.sub("", text)))


def space_marks(text: str) -> str:
    """Put one space between words and behind marks, none before them."""
    text = re.sub(r"\s+(?=[!?…,.]|$)", "", re.sub(r"\s+", " ", text))
    return re.sub(r"([!?…,.])(?=[^\W\d_]|')", r"\1 ", merge_marks(text))
