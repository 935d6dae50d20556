"""Files made of chunks besides wave files (AIFF, W64, CAF): how much sound is promised and how much is there."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from emotts.audio.content import Kind
from emotts.audio.wav_header import DataChunk

__all__ = ["sound_chunk"]

_W64_DATA = b"data\xf3\xac\xd3\x11\x8c\xd1\x00\xc0\x4f\x8e\xdb\x8a"


def sound_chunk(path: Path, kind: Kind) -> DataChunk | None:
    """Find the chunk with the sound of an AIFF, W64 or CAF file; None where there is none."""
    walks = {Kind.AIFF: (_aiff, b"SSND"), Kind.W64: (_w64, _W64_DATA), Kind.CAF: (_caf, b"data")}
    if kind not in walks:
        return None
    walk, name = walks[kind]
    total = path.stat().st_size
    with path.open("rb") as stream:
        for found, start, size in walk(stream):
            if found == name:
                return DataChunk(promised=size, present=total - start, start=start)
    return None


def _aiff(stream: BinaryIO) -> Iterator[tuple[bytes, int, int | None]]:
    stream.seek(12)
    while len(header := stream.read(8)) == 8:
        name, size = struct.unpack(">4sI", header)
        start = stream.tell()
        yield name, start, size
        stream.seek(start + size + size % 2)


def _w64(stream: BinaryIO) -> Iterator[tuple[bytes, int, int | None]]:
    stream.seek(40)
    while len(header := stream.read(24)) == 24:
        name, size = struct.unpack("<16sQ", header)
        start = stream.tell()
        if size < 24:
            return
        yield name, start, size - 24
        stream.seek(start + (size - 24 + 7) // 8 * 8)


def _caf(stream: BinaryIO) -> Iterator[tuple[bytes, int, int | None]]:
    stream.seek(8)
    while len(header := stream.read(12)) == 12:
        name, size = struct.unpack(">4sq", header)
        start = stream.tell()
        yield name, start, None if size < 0 else size
        if size < 0:
            return
        stream.seek(start + size)
