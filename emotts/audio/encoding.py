"""Speech as a sound file of a format: wav, flac, ogg (Vorbis), opus or mp3."""

from __future__ import annotations

import difflib
import io
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import soundfile
from numpy.typing import NDArray

from emotts.audio.frames import check_finite
from emotts.audio.io import encode_wav, pcm16
from emotts.audio.resample import resample
from emotts.errors import AudioError, ConfigError

__all__ = ["SOUND_FORMATS", "SoundFormat", "encode_audio", "encoded_rate_hz", "format_of", "open_encoder"]

_OPUS_RATES_HZ = (8_000, 12_000, 16_000, 24_000, 48_000)
_MP3_RATES_HZ = (8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000)
_BLOCK_SAMPLES = 65_536
"""Samples that libsndfile gets at once: its Vorbis encoder keeps all that it gets on the stack."""


@dataclass(frozen=True)
class SoundFormat:
    """A format: its media type, what libsndfile calls container and coding (None: not written by it), its rates."""

    media_type: str
    container: str | None = None
    coding: str | None = None
    rates_hz: tuple[int, ...] = ()
    """All that it can have; empty: any."""


SOUND_FORMATS: Mapping[str, SoundFormat] = MappingProxyType(
    {
        "wav": SoundFormat("audio/wav"),
        "flac": SoundFormat("audio/flac", "FLAC", "PCM_16"),
        "ogg": SoundFormat("audio/ogg", "OGG", "VORBIS"),
        "opus": SoundFormat("audio/ogg", "OGG", "OPUS", _OPUS_RATES_HZ),
        "mp3": SoundFormat("audio/mpeg", "MP3", "MPEG_LAYER_III", _MP3_RATES_HZ),
    }
)
"""By the endings of the files, without the point."""


def format_of(path: Path, *, named: str | None = None) -> str:
    """Return the format of a file to be written: the one that is named, else that of its ending.

    Raises:
        ConfigError: if there is no such format.
    """
    wanted = (path.suffix.removeprefix(".") if named is None else named).casefold()
    if wanted in SOUND_FORMATS:
        return wanted
    near = difflib.get_close_matches(wanted, SOUND_FORMATS, n=1)
    raise ConfigError(
        "unknown format of sound",
        where=path if named is None else None,
        found=wanted or "a name without ending",
        wanted=f"one of {', '.join(SOUND_FORMATS)}",
        remedy=f"did you mean {near[0]}?" if near else "correct the ending of the file, or name the format",
    )


def encoded_rate_hz(name: str, *, sample_rate_hz: int) -> int:
    """Return the rate of sound in a format: its own where the format can have it, else the next one above."""
    rates = SOUND_FORMATS[name].rates_hz or (sample_rate_hz,)
    return next((rate for rate in rates if rate >= sample_rate_hz), rates[-1])


def open_encoder(
    file: Path | io.RawIOBase, sound: SoundFormat, *, sample_rate_hz: int, **options: Any
) -> soundfile.SoundFile:
    """Return what writes mono sound in a format with a container; it takes :func:`emotts.audio.io.pcm16`.

    Other numbers libsndfile would round in its own way, and unlike wav. ``options`` are those of its encoder.
    """
    return soundfile.SoundFile(file, "w", sample_rate_hz, 1, subtype=sound.coding, format=sound.container, **options)


def encode_audio(samples: NDArray[np.floating], sample_rate_hz: int, *, name: str, where: object = None) -> bytes:
    """Return mono sound as a file; what is beyond full scale is clipped.

    Args:
        samples: (sample,), full scale is 1.0.
        sample_rate_hz: their rate; sound is resampled where the format cannot have it (opus, mp3).
        name: of a format in :data:`SOUND_FORMATS`. wav and flac have 16 bits; flac decodes to the samples of wav.
        where: what an error names as the place.

    Raises:
        ConfigError: if the format is unknown.
        AudioError: as :func:`emotts.audio.io.encode_wav`; or libsndfile does not write the format.
    """
    name = format_of(Path(), named=name)
    sound = SOUND_FORMATS[name]
    if sound.container is None:
        return encode_wav(samples, sample_rate_hz=sample_rate_hz, where=where)
    if samples.ndim != 1 or samples.size == 0:
        raise AudioError("nothing to write", where=where, found=f"shape {samples.shape}", wanted="(sample,)")
    check_finite(samples, where=where)
    rate_hz = encoded_rate_hz(name, sample_rate_hz=sample_rate_hz)
    resampled = resample(samples.astype(np.float32), from_hz=sample_rate_hz, to_hz=rate_hz)
    return _encoded(np.clip(resampled, -1.0, 1.0), rate_hz, sound=sound, where=where)


def _encoded(samples: NDArray[np.float32], rate_hz: int, *, sound: SoundFormat, where: object) -> bytes:
    """Encode by way of a file: libsndfile, given anything but a path, calls back into Python, and loses a Ctrl-C."""
    given = pcm16(samples)
    handle, name = tempfile.mkstemp(suffix=".part")
    os.close(handle)
    path = Path(name)
    try:
        with open_encoder(path, sound, sample_rate_hz=rate_hz) as file:
            for start in range(0, len(given), _BLOCK_SAMPLES):
                file.write(given[start : start + _BLOCK_SAMPLES])
        return path.read_bytes()
    except (soundfile.LibsndfileError, OSError) as error:
        raise AudioError(
            "sound cannot be encoded", where=where, found=str(error), remedy="free some space, or write wav"
        ) from error
    finally:
        path.unlink(missing_ok=True)
