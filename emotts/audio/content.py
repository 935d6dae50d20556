"""What kind of sound a file holds, told by its first bytes and not by its name."""

from __future__ import annotations

from enum import Enum
from pathlib import Path

__all__ = ["Kind", "kind_of"]

_HEAD_BYTES = 4096


class Kind(Enum):
    """Kinds of files; the value is what a message calls them."""

    WAV = "wav"
    AIFF = "aiff"
    W64 = "w64"
    CAF = "caf"
    FLAC = "flac"
    OGG = "ogg"
    MP3 = "mp3"
    MP4 = "m4a or mp4"
    AAC = "aac"
    ASF = "wma"
    MATROSKA = "mka or webm"
    AMR = "amr"
    AC3 = "ac3"
    TEXT = "text"
    OTHER = "unknown"

    @property
    def needs_ffmpeg(self) -> bool:
        """Whether libsndfile does not read it."""
        return self in (Kind.MP4, Kind.AAC, Kind.ASF, Kind.MATROSKA, Kind.AMR, Kind.AC3)


_STARTS: tuple[tuple[bytes, Kind], ...] = (
    (b"fLaC", Kind.FLAC),
    (b"OggS", Kind.OGG),
    (b"caff", Kind.CAF),
    (b"riff\x2e\x91\xcf\x11", Kind.W64),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", Kind.ASF),
    (b"\x1a\x45\xdf\xa3", Kind.MATROSKA),
    (b"#!AMR", Kind.AMR),
    (b"\x0b\x77", Kind.AC3),
)


def kind_of(path: Path) -> Kind:
    """Return the kind of a file; a tag in front of the sound (ID3) is passed over."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
        if head[:3] == b"ID3" and len(head) > 10:
            stream.seek(10 + _syncsafe(head[6:10]))
            tagged = stream.read(_HEAD_BYTES)
            return Kind.FLAC if tagged[:4] == b"fLaC" else Kind.AAC if _is_adts(tagged) else Kind.MP3
    return _kind(head)


def _kind(head: bytes) -> Kind:
    if head[:4] in (b"RIFF", b"RF64", b"BW64", b"RIFX") and head[8:12] == b"WAVE":
        return Kind.WAV
    if head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC"):
        return Kind.AIFF
    if head[4:8] == b"ftyp":
        return Kind.MP4
    for start, kind in _STARTS:
        if head.startswith(start):
            return kind
    if _is_adts(head):
        return Kind.AAC
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0 and head[1] & 0x06:
        return Kind.MP3
    return Kind.TEXT if _is_text(head) else Kind.OTHER


def _is_adts(head: bytes) -> bool:
    """Say whether a frame of AAC begins here: like one of mp3, but of layer 0."""
    return len(head) > 1 and head[0] == 0xFF and head[1] & 0xF6 == 0xF0


def _syncsafe(four: bytes) -> int:
    return sum((byte & 0x7F) << shift for byte, shift in zip(four, (21, 14, 7, 0), strict=True))


def _is_text(head: bytes) -> bool:
    if b"\0" in head or not head:
        return False
    text = head.decode("utf-8", errors="ignore")
    return len(text.encode()) > 0.95 * len(head) and all(c.isprintable() or c in "\r\n\t\f\ufeff" for c in text)
