"""Sound files in and out: what a file is, its samples (whole, in part, or block by block), and wave files.

Full scale is 1.0. Times are counted from the start of the file.
"""

from __future__ import annotations

import errno
import math
import wave
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from emotts.audio.channels import cancels, to_mono
from emotts.audio.cut_off import CutOff
from emotts.audio.frames import check_finite, read_frames
from emotts.audio.opening import opened, opened_as_is
from emotts.audio.resample import resample
from emotts.errors import AudioError
from emotts.files import replacing

__all__ = ["AudioInfo", "encode_wav", "pcm16", "probe", "read_mono", "stream_blocks", "write_sound", "write_wav"]

_CONTEXT_S = 0.05
"""Sound taken in on both sides of a part before it is resampled, so that the filter has settled: its tails are 5 ms."""

_FLOAT_SUBTYPES = frozenset({"FLOAT", "DOUBLE"})
_PHASE_BLOCKS = 10
_LARGEST = 16.0
"""Floating-point recordings go a little beyond full scale, whole numbers thousands of times."""


@dataclass(frozen=True)
class AudioInfo:
    """What a sound file is; ``n_samples`` counts per channel.

    ``opposite_phase``: whether its two channels cancel each other out where its sound begins. ``cut_off``: how much of
    it is there, None for all of it.
    """

    sample_rate_hz: int
    channels: int
    duration_s: float
    n_samples: int
    opposite_phase: bool = False
    cut_off: CutOff | None = None


def probe(path: Path, *, as_is: bool = False) -> AudioInfo:
    """Tell what a sound file is, having made sure that there is sound in it; ``as_is`` takes one that is cut off, too.

    Integer files are read up to their first second that is not zero, of two channels up to ten of these; float files
    whole (for NaN, infinity, and numbers that are no sound).

    Raises:
        AudioError: as :func:`emotts.audio.opening.opened`; or a sample is NaN, infinite or far beyond full scale; or
            all samples are zero.
    """
    path = Path(path)
    with opened_as_is(path) as (sound, cut_off):
        if cut_off is not None and not as_is:
            raise cut_off.error(path)
        info = AudioInfo(
            sample_rate_hz=int(sound.samplerate),
            channels=int(sound.channels),
            duration_s=sound.frames / sound.samplerate,
            n_samples=int(sound.frames),
            cut_off=cut_off,
        )
        is_float = sound.subtype in _FLOAT_SUBTYPES
        wanted = _PHASE_BLOCKS if info.channels == 2 else 1
        heard: list[NDArray[np.float32]] = []
        for block in _blocks(sound, path, block_s=1.0):
            if is_float:
                _check_scale(block, path)
            if block.any() and len(heard) < wanted:
                heard.append(block)
            if len(heard) == wanted and not is_float:
                break
    if heard:
        return replace(info, opposite_phase=cancels(np.concatenate(heard)))
    raise AudioError(
        "all samples are zero",
        where=path,
        found=f"{info.duration_s:.1f} s of digital silence",
        remedy="check the microphone and the export settings, and record again",
    )


def _check_scale(block: NDArray[np.float32], path: Path) -> None:
    """Refuse whole numbers that were saved as floating-point ones: they would become full-scale squares."""
    peak = float(np.abs(block).max(initial=0.0))
    if peak <= _LARGEST:
        return
    bits = next((bits for bits in (16, 24, 32) if peak <= 2 ** (bits - 1)), None)
    divisor = math.ceil(peak) if bits is None else 2 ** (bits - 1)
    kind = "numbers that are no sound" if bits is None else f"{bits}-bit whole numbers saved as floating-point ones"
    raise AudioError(
        "samples are far beyond full scale",
        where=path,
        found=f"{peak:.6g}: {kind}",
        wanted=f"-1 to 1, at most {_LARGEST:g}",
        remedy=f"divide them by {divisor}: python -c \"import soundfile as s; x, r = s.read('{path.name}'); "
        f"s.write('{path.stem}-scaled.wav', x / {divisor}, r)\"",
    )


def read_mono(
    path: Path, *, sample_rate_hz: int | None = None, start_s: float = 0.0, end_s: float | None = None
) -> tuple[NDArray[np.float32], int]:
    """Read a file, or a part of it, as the mean of its channels; of two that cancel, as the louder one.

    A part is resampled with the sound around it and on the sample grid of the whole file, so that it equals the same
    part of the whole file resampled.

    Args:
        path: the file.
        sample_rate_hz: wanted rate; None keeps the file's.
        start_s: start of the part.
        end_s: end of the part; None or anything beyond the end means the end of the file.

    Returns:
        float32 ``(sample,)`` of ``round((end_s - start_s) * rate)`` samples, and their rate.

    Raises:
        AudioError: as :func:`emotts.audio.opening.opened`; or a sample is NaN or infinite; or the part is empty.
    """
    path = Path(path)
    with opened(path) as sound:
        return _read_part(sound, path, sample_rate_hz=sample_rate_hz, start_s=start_s, end_s=end_s)


def stream_blocks(path: Path, *, block_s: float = 10.0) -> Iterator[NDArray[np.float32]]:
    """Yield a file in blocks ``(sample, channel)``, float32, of ``block_s`` seconds; the last one may be shorter.

    Raises:
        AudioError: as :func:`emotts.audio.opening.opened`; or a sample is NaN or infinite; or the file is damaged
            or ends early.
    """
    path = Path(path)
    with opened(path) as sound:
        yield from _blocks(sound, path, block_s=block_s)


def pcm16(samples: NDArray[np.floating]) -> NDArray[np.int16]:
    """Return samples as whole numbers of 16 bits, little-endian; what is beyond full scale, 1.0, is clipped."""
    scaled = np.rint(np.asarray(samples, dtype=np.float64) * 32768)
    return np.clip(scaled, -32768, 32767).astype("<i2")


def encode_wav(samples: NDArray[np.floating], *, sample_rate_hz: int, where: object = None) -> bytes:
    """Return mono ``(sample,)`` as a wave file of 16-bit PCM; what is beyond full scale is clipped.

    By Python's own ``wave``: libsndfile, given anything but a path, calls back into Python, and loses a Ctrl-C there.

    Args:
        samples: full scale is 1.0.
        sample_rate_hz: their rate.
        where: what an error names as the place.

    Raises:
        AudioError: if there is nothing to write, the array is not mono, or a sample is NaN or infinite, or the rate
            is not positive.
    """
    if samples.ndim != 1 or samples.size == 0:
        raise AudioError("nothing to write", where=where, found=f"shape {samples.shape}", wanted="(sample,)")
    if sample_rate_hz <= 0:
        raise AudioError("nothing has such a rate", where=where, found=f"{sample_rate_hz} Hz", wanted="1 Hz or more")
    check_finite(samples, where=where)
    integers = pcm16(samples)
    encoded = BytesIO()
    with wave.open(encoded, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(integers.itemsize)
        file.setframerate(sample_rate_hz)
        file.writeframes(integers.tobytes())
    return encoded.getvalue()


def write_wav(path: Path, samples: NDArray[np.floating], *, sample_rate_hz: int) -> None:
    """Write mono ``(sample,)`` by :func:`encode_wav`, whole or not at all.

    16-bit sound that was read by :func:`read_mono` at its own rate is written back bit by bit.

    Raises:
        AudioError: as :func:`encode_wav`; or the disk does not take the file.
    """
    path = Path(path)
    write_sound(path, encode_wav(samples, sample_rate_hz=sample_rate_hz, where=path))


def write_sound(path: Path, encoded: bytes) -> None:
    """Write an encoded sound file whole or not at all.

    Raises:
        AudioError: if the disk does not take the file.
    """
    try:
        with replacing(path) as temporary:
            temporary.write_bytes(encoded)
    except OSError as error:
        raise AudioError("file cannot be written", where=path, found=str(error), remedy=_remedy(error)) from error


def _remedy(error: OSError) -> str:
    """Return what helps against a refusal to write."""
    if error.errno == errno.ENAMETOOLONG:
        return "shorten the name of the file or of its folder"
    return "free some space" if error.errno in (errno.ENOSPC, errno.EDQUOT) else "check the permissions of the folder"


def _blocks(sound: soundfile.SoundFile, path: Path, *, block_s: float) -> Iterator[NDArray[np.float32]]:
    n_frames = max(1, round(block_s * sound.samplerate))
    done = 0
    while len(block := read_frames(sound, path, n_frames, dtype="float32")):
        check_finite(block, where=path, offset_s=done / sound.samplerate)
        yield block
        done += len(block)


def _read_part(
    sound: soundfile.SoundFile, path: Path, *, sample_rate_hz: int | None, start_s: float, end_s: float | None
) -> tuple[NDArray[np.float32], int]:
    rate = int(sound.samplerate)
    wanted = sample_rate_hz or rate
    stop_s = sound.frames / rate if end_s is None else min(end_s, sound.frames / rate)
    first, count = round(start_s * wanted), round((stop_s - start_s) * wanted)
    if start_s < 0 or count <= 0:
        raise AudioError(
            "part of the recording is empty or outside of it",
            where=path,
            found=f"{start_s} s to {end_s} s",
            wanted=f"a part of 0 to {sound.frames / rate:.3f} s",
        )
    # Both grids meet every `step` source frames; starting there keeps the part on the grid of the whole file.
    step = rate // math.gcd(rate, wanted)
    context = 0 if rate == wanted else math.ceil(_CONTEXT_S * rate)
    begin = max(0, int(first * rate / wanted) - context) // step * step
    stop = math.ceil((first + count) * rate / wanted) + context
    sound.seek(begin)
    block = read_frames(sound, path, min(stop, sound.frames) - begin, dtype="float32")
    check_finite(block, where=path, offset_s=begin / rate)
    mono = to_mono(block)
    skip = first - begin // step * (wanted * step // rate)
    part = resample(mono, from_hz=rate, to_hz=wanted)[skip : skip + count]
    return np.pad(part, (0, count - len(part))), wanted
