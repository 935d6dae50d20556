"""The way of a text through every normaliser: check its characters, read it part by part, ask for something to say."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

from emotts.text.characters import CharacterSet
from emotts.text.phonemes import SilentTextError

__all__ = ["spoken_form"]

_LONGEST_PART = 1000
_BREAKS = (re.compile(r"[\r\n]+"), re.compile(r"(?<=[.!?…])\s+|(?<=[。！？])"), re.compile(r"\s+"))


def spoken_form(
    text: str,
    characters: CharacterSet,
    *,
    speak: Callable[[str], str],
    is_spoken: Callable[[str], bool],
    between: str = " ",
    wanted: str,
) -> str:
    """Return a text as it is spoken.

    A long text is read in parts of at most 1,000 characters, so that the time grows with its length and no further.

    Args:
        text: as it was written.
        characters: what it may hold.
        speak: writes a part, in composed characters, as it is spoken.
        is_spoken: says whether something is left to be spoken.
        between: what joins the parts.
        wanted: what the writer of a text without words should write.

    Raises:
        SilentTextError: if nothing is left to be spoken.
        TextError: if a character or word cannot be read.
    """
    characters.check(text)
    spoken = between.join(filter(None, map(speak, _parts(unicodedata.normalize("NFC", text)))))
    if not is_spoken(spoken):
        raise SilentTextError(text, wanted=wanted)
    return spoken


def _parts(text: str) -> Iterator[str]:
    """Cut a text at line breaks, sentence ends or spaces, and where there are none, anywhere."""
    start = 0
    while len(text) - start > _LONGEST_PART:
        end = start + _LONGEST_PART
        # the latter half of a part is searched for the best place to cut
        cuts = ([match.end() for match in found.finditer(text, start + _LONGEST_PART // 2, end)] for found in _BREAKS)
        end = next((places[-1] for places in cuts if places), end)
        yield text[start:end]
        start = end
    yield text[start:]
