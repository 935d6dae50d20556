"""The errors that emotts raises, all with one form of message."""

from __future__ import annotations

import unicodedata

__all__ = [
    "AudioError",
    "CheckpointError",
    "ConfigError",
    "CorpusError",
    "DivergedError",
    "EmottsError",
    "TextError",
    "TrackingError",
    "printable",
]

_UNPRINTABLE = frozenset({"Cc", "Cs"})
"""Categories of signs that steer a terminal, or that no terminal can show: control signs, halves of pairs."""


def printable(text: str) -> str:
    """Return a text for a terminal: what would steer the terminal, or cannot be encoded, is shown by its code."""
    return "".join(
        sign
        if sign in "\n\t" or unicodedata.category(sign) not in _UNPRINTABLE
        else sign.encode("unicode_escape").decode("ascii")
        for sign in text
    )


class EmottsError(Exception):
    """A problem that the user can act upon.

    The message is built from its parts, each optional but the first, so that every error answers the
    same questions in the same order: what is wrong, where, what was found, what was wanted, what to do.

    Args:
        what: the problem in one sentence without a full stop.
        where: file, ``file:line`` or row that the problem is in.
        found: what stood there.
        wanted: what should have stood there.
        remedy: what the user can do about it.
    """

    def __init__(
        self,
        what: str,
        *,
        where: object | None = None,
        found: object | None = None,
        wanted: object | None = None,
        remedy: str | None = None,
    ) -> None:
        self.what = what
        self.where = None if where is None else str(where)
        self.found = None if found is None else str(found)
        self.wanted = None if wanted is None else str(wanted)
        self.remedy = remedy
        parts = [what if where is None else f"{where}: {what}"]
        if found is not None:
            parts.append(f"found: {found}")
        if wanted is not None:
            parts.append(f"wanted: {wanted}")
        if remedy is not None:
            parts.append(f"to do: {remedy}")
        super().__init__(printable("\n  ".join(parts)))


class ConfigError(EmottsError):
    """``params.yaml`` or an option of the command line is wrong."""


class AudioError(EmottsError):
    """A sound file cannot be read, or its sound cannot be used."""


class TextError(EmottsError):
    """A text cannot be turned into phones."""


class CorpusError(EmottsError):
    """Recordings, labels, transcripts or lists do not fit together."""


class CheckpointError(EmottsError):
    """A checkpoint is missing, damaged, or belongs to another model."""


class DivergedError(EmottsError):
    """Training produced a loss or gradient that is not finite."""


class TrackingError(ConfigError):
    """The store of the runs cannot be used or does not answer, or a report of a run cannot be kept on disk."""
