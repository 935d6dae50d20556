"""Speech as a sound file that begins before its end is known."""

from __future__ import annotations

import io
import struct
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import soxr
from numpy.typing import NDArray

from emotts.audio.encoding import SOUND_FORMATS, encoded_rate_hz, open_encoder
from emotts.audio.io import pcm16
from emotts.audio.mp3_frames import frame_length

__all__ = ["MEDIA_TYPES", "SoundStream", "sent_rate_hz"]

_PCM_RATE_HZ = 24_000
"""What clients of OpenAI's API take for granted where there is no header."""
_UNKNOWN_BYTES = 0xFFFFFFFF
_WAV_HEADER_BYTES = 36

MEDIA_TYPES: Mapping[str, str] = MappingProxyType(
    {
        **{name: sound.media_type for name, sound in SOUND_FORMATS.items() if name != "ogg"},
        "pcm": "audio/pcm",
    }
)
"""By the formats' names in OpenAI's API."""


def sent_rate_hz(name: str, *, sample_rate_hz: int) -> int:
    """Return the rate that speech is sent with in a format: the voice's own where the format can have it."""
    return _PCM_RATE_HZ if name == "pcm" else encoded_rate_hz(name, sample_rate_hz=sample_rate_hz)


class SoundStream:
    """Encodes speech piece by piece.

    Args:
        name: of a format in :data:`MEDIA_TYPES`.
        sample_rate_hz: of the speech; it is resampled where the format cannot have it.
    """

    def __init__(self, name: str, *, sample_rate_hz: int) -> None:
        self._name = name
        self.sample_rate_hz = sent_rate_hz(name, sample_rate_hz=sample_rate_hz)
        self._resampler = None
        if self.sample_rate_hz != sample_rate_hz:
            self._resampler = soxr.ResampleStream(sample_rate_hz, self.sample_rate_hz, 1, dtype="float32")
        self._begun = name != "wav"
        self._drain = _Drain()
        self._file = None
        sound = SOUND_FORMATS.get(name)
        if sound is not None and sound.container is not None:
            constant = {"bitrate_mode": "CONSTANT", "compression_level": 0.5} if name == "mp3" else {}
            self._file = open_encoder(self._drain, sound, sample_rate_hz=self.sample_rate_hz, **constant)

    def encode(self, samples: NDArray[np.float32], *, last: bool) -> bytes:
        """Return the bytes that are certain after these samples (sample,), within -1 and 1; ``last``: none follow."""
        if self._resampler is not None:
            samples = self._resampler.resample_chunk(samples, last=last)
        if self._file is None:
            head = b"" if self._begun else _wav_header(self.sample_rate_hz)
            self._begun = True
            return head + pcm16(samples).tobytes()
        self._file.write(pcm16(samples))
        if last:
            self._file.close()
        else:
            self._file.flush()
        return self._without_count(self._drain.taken())

    def _without_count(self, encoded: bytes) -> bytes:
        """Return the bytes without mp3's first frame: it has room for the number of frames, which nobody knows yet."""
        if self._name != "mp3" or not self._begun or not encoded:
            return encoded
        self._begun = False
        return encoded[frame_length(encoded[:4]) or 0 :]


class _Drain(io.RawIOBase):
    """A file that is only written, from which bytes are taken; what is written over them later comes too late."""

    def __init__(self) -> None:
        super().__init__()
        self._bytes = bytearray()
        self._place = 0
        self._end = 0

    def taken(self) -> bytes:
        taken = bytes(self._bytes)
        self._bytes.clear()
        return taken

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._place = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._end}[whence]
        return self._place

    def tell(self) -> int:
        return self._place

    def write(self, content: object) -> int:
        written = bytes(content)  # type: ignore[call-overload]
        if self._place == self._end:
            self._bytes += written
            self._end += len(written)
        self._place += len(written)
        return len(written)


def _wav_header(sample_rate_hz: int) -> bytes:
    """Return the header of mono 16-bit sound whose length is unknown: players read on to the end."""
    riff = struct.pack("<4sI4s", b"RIFF", _UNKNOWN_BYTES, b"WAVE")
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, sample_rate_hz, 2 * sample_rate_hz, 2, 16)
    return riff + form + struct.pack("<4sI", b"data", _UNKNOWN_BYTES - _WAV_HEADER_BYTES)
