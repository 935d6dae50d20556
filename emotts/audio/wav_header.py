"""The chunk list of a RIFF wave file: how much sound its header promises and how much is there.

libsndfile quietly reads what is left of a truncated file; this module is how we notice.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

__all__ = ["DataChunk", "data_chunk"]

_OPEN_ENDED_BYTES = 0x7FFFF000
"""Writers that cannot seek back (pipes) leave 0xFFFFFFFF or 0x7FFFFxxx as the length, which promises nothing."""


@dataclass(frozen=True)
class DataChunk:
    """The ``data`` chunk of a wave file, in bytes; ``promised`` is None where the header leaves the length open."""

    promised: int | None
    present: int

    @property
    def is_truncated(self) -> bool:
        """Say whether the file ends before the promised length."""
        return self.promised is not None and self.present < self.promised


def data_chunk(path: Path) -> DataChunk | None:
    """Find the ``data`` chunk of a RIFF or RF64 file; None where there is none or the file is of another kind."""
    total_bytes = path.stat().st_size
    with path.open("rb") as stream:
        magic = stream.read(12)
        if len(magic) < 12 or magic[:4] not in (b"RIFF", b"RF64") or magic[8:] != b"WAVE":
            return None
        return _walk(stream, total_bytes)


def _walk(stream: BinaryIO, total_bytes: int) -> DataChunk | None:
    long_size: int | None = None
    while len(header := stream.read(8)) == 8:
        name, size = struct.unpack("<4sI", header)
        start = stream.tell()
        if name == b"ds64":
            body = stream.read(16)
            long_size = struct.unpack("<8xQ", body)[0] if len(body) == 16 else None
        if name == b"data":
            promised = long_size if long_size is not None else size
            is_open = long_size is None and size >= _OPEN_ENDED_BYTES
            return DataChunk(promised=None if is_open else promised, present=total_bytes - start)
        stream.seek(start + size + size % 2)
    return None
