"""Speech with the times of its phones, which are kept when it is cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from emotts.errors import AudioError
from tools.render.kokoro import KOKORO_RATE_HZ

__all__ = ["TimedSound", "trim_silence", "without_holes"]

_FRAME = round(0.01 * KOKORO_RATE_HZ)
_EDGE = round(0.04 * KOKORO_RATE_HZ)


@dataclass(frozen=True)
class TimedSound:
    """Samples float32 (sample,) at 24 kHz, and where in them each phone begins.

    ``edges`` float64 (phone + 1,), in samples: the beginning of each phone, and the end of the last one.
    """

    samples: np.ndarray
    edges: np.ndarray

    def keeping(self, kept: np.ndarray) -> TimedSound:
        """Return what is left where only the samples of a mask (sample,) stay."""
        lengths = np.concatenate([[0], np.cumsum(kept)])
        return TimedSound(self.samples[kept], np.interp(self.edges, np.arange(len(lengths)), lengths))

    def with_silent(self, silent: Sequence[bool], *, below_db: float) -> TimedSound:
        """Let phones that are pauses begin with the silence that they are.

        A voice's predicted durations give much of a pause to the vowel before it. Here a phone that is ``silent``
        (phone,) begins where the longest stretch below ``below_db`` (dBFS, RMS of 10 ms) begins that lies within it
        and the phone before it.
        """
        quiet = _levels(self.samples) < 10.0 ** (below_db / 20.0)
        edges = self.edges.copy()
        for number in range(1, len(silent)):
            if not silent[number] or silent[number - 1]:
                continue
            last = next((each for each in range(number, len(silent)) if not silent[each]), len(silent))
            first_frame, end_frame = round(edges[number - 1] / _FRAME), round(edges[last] / _FRAME)
            stretches = _stretches(quiet[first_frame:end_frame])
            if stretches:
                start, _ = max(stretches, key=lambda stretch: stretch[1] - stretch[0])
                edges[number:last] = np.maximum((first_frame + start) * _FRAME, edges[number - 1])
        return TimedSound(self.samples, edges)


def trim_silence(sound: TimedSound, *, below_db: float) -> TimedSound:
    """Cut what is softer than ``below_db`` (dBFS, RMS of 10 ms) off both ends; 40 ms are kept and faded.

    Raises:
        AudioError: if nothing is louder.
    """
    loud = np.flatnonzero(_levels(sound.samples) > 10.0 ** (below_db / 20.0))
    if not len(loud):
        raise AudioError(
            "the voice gave no sound", found=f"{len(sound.samples)} samples", wanted=f"some above {below_db} dB"
        )
    kept = np.zeros(len(sound.samples), dtype=bool)
    kept[max(0, loud[0] * _FRAME - _EDGE) : (loud[-1] + 1) * _FRAME + _EDGE] = True
    trimmed = sound.keeping(kept)
    samples = trimmed.samples
    ramp = np.linspace(0.0, 1.0, min(_EDGE, len(samples)), dtype=np.float32)
    samples[: len(ramp)] *= ramp
    samples[len(samples) - len(ramp) :] *= ramp[::-1]
    return trimmed


def without_holes(sound: TimedSound, *, below_db: float, longest_s: float) -> TimedSound:
    """Shorten silences inside a sentence, softer than ``below_db`` (dBFS, RMS of 10 ms), to ``longest_s``."""
    kept = np.ones(len(sound.samples), dtype=bool)
    longest = round(longest_s * KOKORO_RATE_HZ / _FRAME)
    for first, last in _stretches(_levels(sound.samples) < 10.0 ** (below_db / 20.0)):
        if last - first > longest:
            half = longest // 2
            kept[(first + half) * _FRAME : (last - longest + half) * _FRAME] = False
    return sound.keeping(kept)


def _stretches(mask: np.ndarray) -> list[tuple[int, int]]:
    """First place and the one behind the last of each run of True."""
    changes = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(int)))
    return [(int(first), int(last)) for first, last in zip(changes[::2], changes[1::2], strict=True)]


def _levels(samples: np.ndarray) -> np.ndarray:
    """RMS of every whole 10 ms (frame,)."""
    usable = len(samples) // _FRAME * _FRAME
    return np.asarray(np.sqrt(np.mean(np.square(samples[:usable].reshape(-1, _FRAME), dtype=np.float64), axis=1)))
