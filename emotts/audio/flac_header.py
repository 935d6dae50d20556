"""The number of samples of a FLAC file whose header leaves it open, as if it was written into a pipe (RFC 9639)."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path

__all__ = ["FlacHeader", "copy_with_count", "last_frame_end", "read_flac_header"]

_STREAMINFO = 8
"""Place of the stream's description behind the mark ``fLaC``."""
_SEARCHED_BYTES = 1 << 20
"""More than the longest frame has."""
_SYNC = (b"\xff\xf8", b"\xff\xf9")
"""Beginnings of a frame: of blocks of one size, numbered, or of any size, with the number of their first sample."""


@dataclass(frozen=True)
class FlacHeader:
    """What the header of a FLAC file says; ``count`` of samples is 0 where it leaves that open."""

    start: int
    block_samples: int
    count: int


def read_flac_header(path: Path) -> FlacHeader | None:
    """Read the header of a FLAC file; None where there is none."""
    with path.open("rb") as stream:
        head = stream.read(1 << 16)
    start = head.find(b"fLaC")
    body = head[start + _STREAMINFO : start + _STREAMINFO + 34]
    if start < 0 or len(body) < 34:
        return None
    count = (body[13] & 0x0F) << 32 | int.from_bytes(body[14:18], "big")
    return FlacHeader(start, int.from_bytes(body[:2], "big"), count)


def copy_with_count(path: Path, target: Path, header: FlacHeader) -> bool:
    """Copy a FLAC file with the number of samples that its last frame tells; say whether one was found."""
    count = last_frame_end(path, header)
    if count is None:
        return False
    with path.open("rb") as reader:
        reader.seek(header.start)
        head = bytearray(reader.read(_STREAMINFO + 34))
        place = _STREAMINFO + 13
        head[place] = head[place] & 0xF0 | count >> 32
        head[place + 1 : place + 5] = (count & 0xFFFFFFFF).to_bytes(4, "big")
        with target.open("wb") as writer:
            writer.write(head)
            while block := reader.read(1 << 20):
                writer.write(block)
    return True


def last_frame_end(path: Path, header: FlacHeader) -> int | None:
    """Return the number of the sample behind the last frame that begins in a FLAC file, None without a frame."""
    with path.open("rb") as reader:
        reader.seek(max(0, path.stat().st_size - _SEARCHED_BYTES))
        return _end_of_last_frame(reader.read(), header.block_samples)


def _end_of_last_frame(content: bytes, block_samples: int) -> int | None:
    """Return the number of the sample behind the last frame, None without a frame."""
    place = len(content)
    while (place := max(content.rfind(sync, 0, place + 1) for sync in _SYNC)) >= 0:
        end = _end_of_frame(content[place : place + 24], block_samples)
        if end is not None:
            return end
    return None


def _end_of_frame(header: bytes, block_samples: int) -> int | None:
    """Return the number of the sample behind a frame, None where its header is none."""
    if len(header) < 8 or header[3] & 1 or header[2] >> 4 == 0 or header[2] & 0x0F == 0x0F:
        return None
    number, used = _number(header[4:])
    if used == 0:
        return None
    place = 4 + used
    code = header[2] >> 4
    extra = {6: 1, 7: 2}.get(code, 0)
    if extra:
        size = int.from_bytes(header[place : place + extra], "big") + 1
    else:
        size = 192 if code == 1 else 576 << code - 2 if code < 6 else 256 << code - 8
    place += extra + {12: 1, 13: 2, 14: 2}.get(header[2] & 0x0F, 0)
    if place >= len(header) or _crc8(header[:place]) != header[place]:
        return None
    return size + (number if header[1] & 1 else number * block_samples)


def _number(coded: bytes) -> tuple[int, int]:
    """Return a number coded as UTF-8 codes a character, of up to 36 bits, and its length in bytes; 0 bytes for none."""
    first = coded[0]
    if first < 0x80:
        return first, 1
    length = 8 - (first ^ 0xFF).bit_length()
    rest = coded[1:length]
    if not 2 <= length <= 7 or len(rest) < length - 1 or any(byte & 0xC0 != 0x80 for byte in rest):
        return 0, 0
    start = first & (0x7F >> length)
    return functools.reduce(lambda value, byte: value << 6 | byte & 0x3F, rest, start), length


def _crc8(content: bytes) -> int:
    value = 0
    for byte in content:
        value ^= byte
        for _ in range(8):
            value = (value << 1 ^ 0x07) & 0xFF if value & 0x80 else value << 1
    return value
