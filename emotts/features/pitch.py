"""The fundamental frequency of speech, by WORLD's DIO refined by StoneMask (Morise et al. 2009, 2016)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyworld

__all__ = ["frame_pitch", "runs", "semitones", "track_f0"]

F0_FLOOR_HZ = 60.0
F0_CEILING_HZ = 700.0
SHORTEST_RUN_FRAMES = 3
WIDEST_FROM_MEDIAN_SEMITONES = 16.0

Array = npt.NDArray[np.float64]


def track_f0(
    samples: Array, *, sample_rate_hz: int, frame_ms: float, active: npt.NDArray[np.bool_] | None = None
) -> Array:
    """Return F0 in Hz (frame,), 0 where unvoiced, of samples (sample,); it takes 40 ms for 5 s of speech.

    Frame ``i`` is centred on ``i * frame_ms``. Voiced runs under 3 frames, values more than 16 semitones from the
    median, and frames outside ``active`` are taken as unvoiced.

    Args:
        samples: float64, loud enough to be told from silence (about 0.1 RMS).
        sample_rate_hz: their rate.
        frame_ms: distance of two frames.
        active: bool (frame,); None: everywhere.
    """
    n_frames = -(-int(samples.size * 1000) // round(sample_rate_hz * frame_ms))
    if not samples.any():
        return np.zeros(n_frames)
    coarse, times = pyworld.dio(
        samples, sample_rate_hz, f0_floor=F0_FLOOR_HZ, f0_ceil=F0_CEILING_HZ, frame_period=frame_ms
    )
    f0_hz = np.asarray(pyworld.stonemask(samples, coarse, times, sample_rate_hz), dtype=np.float64)[:n_frames]
    f0_hz[(f0_hz < F0_FLOOR_HZ) | (f0_hz > F0_CEILING_HZ)] = 0.0
    if active is not None:
        f0_hz[~active] = 0.0
    voiced = f0_hz > 0
    if voiced.any():
        height = semitones(np.where(voiced, f0_hz, 100.0))
        f0_hz[np.abs(height - np.median(height[voiced])) > WIDEST_FROM_MEDIAN_SEMITONES] = 0.0
    for start, end in runs(f0_hz > 0):
        if end - start < SHORTEST_RUN_FRAMES:
            f0_hz[start:end] = 0.0
    return f0_hz


def frame_pitch(samples: npt.NDArray[np.float32], *, sample_rate_hz: int, hop_length: int) -> npt.NDArray[np.float32]:
    """Return the pitch (frame,) float32 in cycles a sample, 0 where unvoiced, for frames of ``hop_length`` samples.

    A frame's value is that of its centre, as in the spectrograms of this package.

    Args:
        samples: (sample,), whole frames.
        sample_rate_hz: their rate.
        hop_length: samples a frame.
    """
    n_frames = len(samples) // hop_length
    from_centre = samples[hop_length // 2 :].astype(np.float64)
    f0_hz = track_f0(from_centre, sample_rate_hz=sample_rate_hz, frame_ms=1000.0 * hop_length / sample_rate_hz)
    pitch = np.zeros(n_frames, dtype=np.float32)
    pitch[: len(f0_hz)] = f0_hz[:n_frames] / sample_rate_hz
    return pitch


def semitones(f0_hz: Array) -> Array:
    """Return the height in semitones above 100 Hz of positive frequencies."""
    return np.asarray(12.0 * np.log2(f0_hz / 100.0))


def runs(flags: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return the (start, end) of every run of true values; ``end`` is the first index after it."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], flags, [False])).astype(np.int8)))
    return [(int(start), int(end)) for start, end in zip(edges[::2], edges[1::2], strict=True)]
