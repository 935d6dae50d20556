"""The name of a speaker, or of all."""

from __future__ import annotations

from emotts.errors import CorpusError

__all__ = ["ALL_SPEAKERS", "check_speaker"]

ALL_SPEAKERS = "all"
"""In place of a speaker's name: everybody whom the source names."""


def check_speaker(name: str) -> None:
    """Refuse a name that the lists cannot hold.

    Raises:
        CorpusError: if it is empty, or has blanks or bars.
    """
    if not name or name != "".join(name.split()) or "|" in name:
        raise CorpusError(f"speaker name {name!r} cannot be used", wanted="a name without blanks and without |")
