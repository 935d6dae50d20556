"""The chunk list of a RIFF wave file: how much sound its header promises, how much is there, and what follows it.

libsndfile quietly reads what is left of a truncated file, and no more than a header promises that is wrong; this module
is how we notice.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from emotts.errors import AudioError

__all__ = ["DataChunk", "check_follower", "copy_with_open_end", "data_chunk"]

_OPEN_ENDED_BYTES = 0x7FFFF000
"""Writers that cannot seek back (pipes) leave 0xFFFFFFFF or 0x7FFFFxxx as the length, which promises nothing."""
_OPEN_END = 0xFFFFFFFF
_JUNK_BYTES = 4096
"""What may stand behind the sound without being a chunk: padding, a tag."""


@dataclass(frozen=True)
class DataChunk:
    """The chunk with the sound, in bytes; ``promised`` is None where the header leaves the length open.

    ``start`` is its place in the file. ``uncounted``: bytes behind it that belong to no chunk, so are sound as well.
    ``follower``: place of another wave file behind it, None without one. ``coding``: the number of the samples' format
    (``mmreg.h``), 0 where it is not told.
    """

    promised: int | None
    present: int
    start: int = 0
    uncounted: int = 0
    follower: int | None = None
    coding: int = 0

    @property
    def is_truncated(self) -> bool:
        """Say whether the file ends before the promised length."""
        return self.promised is not None and self.present < self.promised


def data_chunk(path: Path) -> DataChunk | None:
    """Find the ``data`` chunk of a RIFF or RF64 file; None where there is none or the file is of another kind."""
    total_bytes = path.stat().st_size
    with path.open("rb") as stream:
        magic = stream.read(12)
        if len(magic) < 12 or magic[:4] not in (b"RIFF", b"RF64", b"BW64") or magic[8:] != b"WAVE":
            return None
        return _walk(stream, total_bytes)


def copy_with_open_end(path: Path, target: Path, chunk: DataChunk) -> None:
    """Copy a wave file whose length is wrong so that its sound goes on to the end of the file."""
    with path.open("rb") as reader, target.open("wb") as writer:
        writer.write(reader.read(4) + struct.pack("<I", _OPEN_END))
        reader.seek(8)
        writer.write(reader.read(chunk.start - 12) + struct.pack("<I", _OPEN_END))
        reader.seek(chunk.start)
        while block := reader.read(1 << 20):
            writer.write(block)


def check_follower(chunk: DataChunk, path: Path) -> None:
    """Raise AudioError where another wave file follows in the same file."""
    if chunk.follower is not None:
        raise AudioError(
            "another wave file follows in the same file",
            where=path,
            found=f"its beginning at byte {chunk.follower}",
            wanted="one recording a file",
            remedy=f"take them apart: head -c {chunk.follower} OLD > FIRST.wav, and "
            f"tail -c +{chunk.follower + 1} OLD > SECOND.wav",
        )


def _walk(stream: BinaryIO, total_bytes: int) -> DataChunk | None:
    long_size: int | None = None
    coding = 0
    while len(header := stream.read(8)) == 8:
        name, size = struct.unpack("<4sI", header)
        start = stream.tell()
        if name == b"ds64":
            body = stream.read(16)
            long_size = struct.unpack("<8xQ", body)[0] if len(body) == 16 else None
        if name == b"fmt ":
            coding = int.from_bytes(stream.read(2), "little")
        if name == b"data":
            promised = long_size if long_size is not None else size
            is_open = long_size is None and size >= _OPEN_ENDED_BYTES
            present = total_bytes - start
            if is_open or present <= promised:
                promises = None if is_open else promised
                return DataChunk(promised=promises, present=present, start=start, coding=coding)
            return replace(_with_rest(stream, promised, start=start, total_bytes=total_bytes), coding=coding)
        stream.seek(start + size + size % 2)
    return None


def _with_rest(stream: BinaryIO, promised: int, *, start: int, total_bytes: int) -> DataChunk:
    """Return a chunk that something follows, and what that is: chunks, another file, or more of the sound."""
    end = start + promised
    for place in (end + promised % 2, end):
        stream.seek(place)
        head = stream.read(12)
        if head[:4] == b"RIFF" and head[8:] == b"WAVE":
            return DataChunk(promised, total_bytes - start, start, follower=place)
        if len(head) >= 8 and _is_chunk(head, total_bytes - place - 8):
            return DataChunk(promised, total_bytes - start, start)
    rest = total_bytes - end
    is_junk = rest < _JUNK_BYTES and promised > 0
    return DataChunk(promised, total_bytes - start, start, uncounted=0 if is_junk else rest)


def _is_chunk(head: bytes, room: int) -> bool:
    name, size = struct.unpack("<4sI", head[:8])
    return size <= room + 1 and all(0x20 <= byte < 0x7F for byte in name)
