"""The frames of an mp3 file: how many there are, whether the last is whole, and whether a header counts them.

Source: ISO/IEC 11172-3 and 13818-3 (frame headers); the Xing and Info frames of variable and constant bit rate.
"""

from __future__ import annotations

import mmap
import struct
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Mp3Frames", "frame_length", "read_frames_of", "with_count"]

_BITRATES_KBPS = {
    (1, 1): (0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (1, 2): (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (1, 3): (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (2, 1): (0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (2, 2): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (2, 3): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
"""By version (2 for 2.5 as well) and layer."""
_RATES_HZ = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
"""By the version's bits."""
_TAG_BYTES = 128
_INFO_BYTES = 180
"""What a Xing frame needs behind its side information."""


@dataclass(frozen=True)
class Mp3Frames:
    """The frames of a file.

    Attributes:
        count: whole frames with sound; that of a header is not counted.
        counted: how many a Xing or Info header says there are; None without one, or if it does not say.
        is_cut_off: whether the file ends within a frame.
        start: place of the first frame, in bytes.
        has_header: whether the first frame is a Xing, Info or VBRI header.
    """

    count: int
    counted: int | None
    is_cut_off: bool
    start: int
    has_header: bool


def read_frames_of(path: Path) -> Mp3Frames | None:
    """Walk through the frames of an mp3 file; None where there is none that another one follows."""
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
        end = len(content) - (_TAG_BYTES if content[-_TAG_BYTES:][:3] == b"TAG" else 0)
        start = _first(content, end)
        if start is None:
            return None
        count, place = 0, start
        while place + 4 <= end:
            length = frame_length(content[place : place + 4])
            if length is None or place + length > end:
                break
            count, place = count + 1, place + length
        header = content[start : start + (frame_length(content[start : start + 4]) or 0)]
        has_header, counted = _counted(header)
        rest = content[place : min(end, place + 4)]
        return Mp3Frames(
            count=count - has_header,
            counted=counted,
            is_cut_off=frame_length(rest) is not None or (0 < end - place < 4 and rest[:1] == b"\xff"),
            start=start,
            has_header=has_header,
        )


def with_count(path: Path, target: Path, frames: Mp3Frames) -> None:
    """Copy an mp3 file with a header in front of its frames that counts them, as readers need for its length."""
    with path.open("rb") as reader, target.open("wb") as writer:
        reader.seek(frames.start)
        head = reader.read(4)
        if frames.has_header:
            reader.seek(frames.start + (frame_length(head) or 0))
        else:
            reader.seek(frames.start)
        writer.write(_info_frame(head, frames.count))
        while block := reader.read(1 << 20):
            writer.write(block)


def _first(content: mmap.mmap, end: int) -> int | None:
    """Return the place of the first frame that another frame of the same kind follows."""
    place = 0
    if content[:3] == b"ID3":
        size = content[6:10]
        place = 10 + sum((byte & 0x7F) << shift for byte, shift in zip(size, (21, 14, 7, 0), strict=True))
    while (place := content.find(b"\xff", place, end)) >= 0:
        length = frame_length(content[place : place + 4])
        if length is not None:
            following = content[place + length : place + length + 4]
            if frame_length(following) is not None and following[1] & 0xFE == content[place + 1] & 0xFE:
                return place
        place += 1
    return None


def frame_length(header: bytes) -> int | None:
    """Return the length in bytes of the frame with a header of four bytes, None where it is none."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE0 != 0xE0:
        return None
    version, layer = header[1] >> 3 & 3, 4 - (header[1] >> 1 & 3)
    index, rate_index, padding = header[2] >> 4, header[2] >> 2 & 3, header[2] >> 1 & 1
    if version == 1 or layer == 4 or index in (0, 15) or rate_index == 3:
        return None
    bits = 1000 * _BITRATES_KBPS[1 if version == 3 else 2, layer][index]
    rate = _RATES_HZ[version][rate_index]
    if layer == 1:
        return (12 * bits // rate + padding) * 4
    return (144 if version == 3 or layer == 2 else 72) * bits // rate + padding


def _side_bytes(header: bytes) -> int:
    is_mono = header[3] >> 6 == 3
    if header[1] >> 3 & 3 == 3:
        return 17 if is_mono else 32
    return 9 if is_mono else 17


def _counted(frame: bytes) -> tuple[bool, int | None]:
    """Return whether a frame is a header for readers, and the number of frames that it names."""
    place = 4 + _side_bytes(frame) if len(frame) > 4 else 0
    if frame[place : place + 4] in (b"Xing", b"Info"):
        flags, count = struct.unpack(">II", frame[place + 4 : place + 12])
        return True, count if flags & 1 else None
    return frame[36:40] == b"VBRI", struct.unpack(">I", frame[50:54])[0] if frame[36:40] == b"VBRI" else None


def _info_frame(head: bytes, count: int) -> bytes:
    """Return a frame without sound that says how many frames follow, of the same kind as the one with ``head``."""
    for index in range(1, 15):
        header = bytes((0xFF, head[1] | 1, index << 4 | head[2] & 0x0C, head[3]))
        length = frame_length(header) or 0
        if length >= 4 + _side_bytes(header) + _INFO_BYTES:
            break
    body = bytes(_side_bytes(header)) + b"Xing" + struct.pack(">II", 1, count)
    return (header + body).ljust(length, b"\0")
