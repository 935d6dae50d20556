"""Reads frames of an open sound file; missing frames and values that are not finite are errors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from numpy.typing import NDArray

from emotts.audio.opening import LibsndfileError
from emotts.errors import AudioError

__all__ = ["check_finite", "read_frames"]

_EXACT_FORMATS = frozenset({"WAV", "WAVEX", "FLAC", "AIFF", "W64", "RF64"})
"""Formats whose headers tell the number of frames exactly; others (mp3, ogg) may have estimated it."""


def check_finite(samples: NDArray[np.floating], *, where: object, offset_s: float | None = None) -> None:
    """Raise AudioError if a sample is NaN or infinite; ``offset_s`` is the time of the first one."""
    if np.isfinite(samples).all():
        return
    count = int(np.count_nonzero(~np.isfinite(samples)))
    raise AudioError(
        "samples are not finite (NaN or infinity)",
        where=where,
        found=f"{count} of {samples.size} samples" + ("" if offset_s is None else f" from {offset_s:.1f} s on"),
        remedy="export the recording again as 16- or 24-bit wav",
    )


def read_frames(sound: soundfile.SoundFile, path: Path, n_frames: int, *, dtype: str) -> NDArray[Any]:
    """Read the next ``(n_frames, channel)`` of an open file, fewer at its end.

    Raises:
        AudioError: if the file is damaged, or ends before the length that its header names.
    """
    before = int(sound.tell())
    try:
        block: NDArray[Any] = sound.read(n_frames, dtype=dtype, always_2d=True)
    except LibsndfileError as error:
        at_s = before / sound.samplerate
        raise AudioError(
            f"sound file is damaged at {at_s:.1f} s", where=path, found=str(error), remedy="copy it again"
        ) from error
    if len(block) < min(n_frames, sound.frames - before) and sound.format in _EXACT_FORMATS:
        raise AudioError(
            "sound file is truncated",
            where=path,
            found=f"{(before + len(block)) / sound.samplerate:.2f} s",
            wanted=f"{sound.frames / sound.samplerate:.2f} s, as its header says",
            remedy="copy the recording again",
        )
    return block
