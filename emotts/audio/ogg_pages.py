"""The pages of an Ogg file (RFC 3533): where glued streams begin, and whether the last one ends."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

__all__ = ["OggStreams", "read_streams"]

_HEADER_BYTES = 27
_BEGINS, _ENDS = 2, 4
"""Flags of a page."""


@dataclass(frozen=True)
class OggStreams:
    """The streams of a file, one after the other.

    Attributes:
        starts: places in bytes at which they begin.
        is_cut_off: whether the last page is not whole, or not the last of its stream.
    """

    starts: tuple[int, ...]
    is_cut_off: bool


def read_streams(path: Path) -> OggStreams:
    """Walk through the pages of an Ogg file."""
    starts: list[int] = []
    total = path.stat().st_size
    place, flags, began = 0, 0, False
    with path.open("rb") as stream:
        while place + _HEADER_BYTES <= total:
            stream.seek(place)
            header = stream.read(_HEADER_BYTES)
            if header[:4] != b"OggS":
                return OggStreams(tuple(starts), is_cut_off=not flags & _ENDS)
            sizes = stream.read(header[26])
            if header[5] & _BEGINS and not began:
                starts.append(place)
            began = bool(header[5] & _BEGINS)
            flags = header[5]
            place += _HEADER_BYTES + len(sizes) + sum(sizes)
    return OggStreams(tuple(starts), is_cut_off=place != total or not flags & _ENDS)
