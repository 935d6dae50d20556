"""What stands in the brackets of a tag: an emotion, a style or a mixture, and perhaps an intensity."""

from __future__ import annotations

import re
from dataclasses import dataclass

from emotts.emotions.intensity import MAX_INTENSITY, read_intensity
from emotts.errors import CorpusError

__all__ = ["Tag", "read_tag"]

_SPACED = re.compile(r"(?P<expression>.*[^\s:+])\s+(?P<intensity>[^\s:+]+)")
_NAMED = re.compile(r"(?P<expression>[^\s:+][^:+]*?)\s*:\s*(?P<intensity>[^\s:+]+)")


@dataclass(frozen=True)
class Tag:
    """A mixing expression as it is written, and its intensity; None where the tag says none."""

    expression: str
    intensity: float | None = None


def read_tag(inside: str, *, where: object | None = None) -> Tag:
    """Read ``happy``, ``happy 0.8``, ``happy:0.8``, ``기쁨 강`` or ``happy:0.7+surprised:0.3 0.8``.

    Behind a single name a number is the intensity; in a mixture it is the weight of its name.

    Raises:
        CorpusError: if nothing is inside, or the intensity is none or is there twice. Names are not looked up here.
    """
    text = inside.strip()
    if not text:
        raise CorpusError("tag is empty", where=where, found=f"[{inside}]", wanted="[EMOTION] or [EMOTION INTENSITY]")
    spaced, named = _SPACED.fullmatch(text), _NAMED.fullmatch(text)
    found = spaced or named
    if found is None:
        return Tag(text)
    if spaced is not None and _NAMED.fullmatch(spaced["expression"]):
        raise CorpusError("tag has two intensities", where=where, found=f"[{inside}]", wanted="[EMOTION INTENSITY]")
    intensity = read_intensity(found["intensity"])
    if intensity is None:
        raise CorpusError(
            "intensity cannot be used",
            where=where,
            found=repr(found["intensity"]),
            wanted=f"a number from 0 to {MAX_INTENSITY}, or weak, normal, strong",
        )
    return Tag(found["expression"], intensity)
