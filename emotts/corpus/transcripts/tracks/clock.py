"""Times as people and programs write them: seconds, milliseconds, hours:minutes:seconds."""

from __future__ import annotations

import re

from emotts.errors import CorpusError

__all__ = ["MOST_S", "has_colon", "read_time"]

MOST_S = 1e7
"""Four months: a time beyond it is no time of a recording."""

_NUMBER = re.compile(r"\d+(?:[.,]\d+)?|[.,]\d+")
_CLOCK = re.compile(r"(?:(\d+):)?(\d{1,2}):(\d{1,2}(?:[.,]\d+)?)")
_SIXTY = 60
_LONGEST = 20


def read_time(written: str, *, where: str, unit_s: float = 1.0) -> float:
    """Return a time in seconds.

    Args:
        written: a number with a decimal point or comma, or ``h:m:s`` or ``m:s`` with decimals of a second.
        where: the line, for messages.
        unit_s: seconds that a plain number counts: 1, or 0.001 for milliseconds.

    Raises:
        CorpusError: if it is neither, is negative, or has more than 59 minutes or seconds beside a larger part.
    """
    text = written.strip()
    number_s = float(text.replace(",", ".")) * unit_s if _NUMBER.fullmatch(text) else MOST_S
    if number_s < MOST_S:
        return number_s
    clock = _CLOCK.fullmatch(text)
    if clock is not None and len(text) < _LONGEST:
        hours, minutes, seconds = int(clock[1] or 0), int(clock[2]), float(clock[3].replace(",", "."))
        if seconds < _SIXTY and (clock[1] is None or minutes < _SIXTY):
            return 3600.0 * hours + 60.0 * minutes + seconds
    raise CorpusError(
        "negative time" if text.startswith("-") else "bad number",
        where=where,
        found=repr(written[:40]),
        wanted="a time such as 12.345, 1:02.5 or 0:01:02.500",
    )


def has_colon(written: str) -> bool:
    """Say whether a time is written as ``h:m:s``, so that it has no unit."""
    return ":" in written
