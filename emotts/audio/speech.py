"""What a voice said: samples that can be written in every format."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from emotts.audio.encoding import encode_audio, format_of
from emotts.audio.io import write_sound

__all__ = ["Speech"]


@dataclass(frozen=True)
class Speech:
    """What a voice said: ``samples`` (sample,) float32 within -1..1, at ``sample_rate_hz``."""

    samples: npt.NDArray[np.float32]
    sample_rate_hz: int

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return len(self.samples) / self.sample_rate_hz

    def encoded(self, name: str, *, where: object = None) -> bytes:
        """Return a file of a format by its name: wav (16 bits), flac, ogg, opus or mp3.

        Raises:
            ConfigError, AudioError: as of :func:`emotts.audio.encoding.encode_audio`.
        """
        return encode_audio(self.samples, self.sample_rate_hz, name=name, where=where)

    def save(self, path: str | Path, *, name: str | None = None) -> None:
        """Write a file, whole or not at all, in the format that is named, else in that of its ending.

        Raises:
            ConfigError: if there is no such format.
            AudioError: if the disk does not take the file.
        """
        path = Path(path)
        write_sound(path, self.encoded(format_of(path, named=name), where=path))
