"""Speech detection by level: the result of ``pydub.silence.detect_nonsilent``, much faster.

pydub computes the level of a window at every millisecond from its samples anew, 1000 times the work that is needed.
Here the sums of squares of single milliseconds are computed once, in exact integers and block by block, and a window's
sum is the difference of two running sums. The comparisons are those of pydub and audioop, truncations included.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from emotts.audio.energy import EnergyBlock, EnergyReader
from emotts.audio.opening import opened
from emotts.errors import ConfigError

__all__ = ["Span", "find_speech"]

_CLOSE = 1e-9
"""Relative distance from the threshold below which a window is decided by audioop's own order of additions."""

_EXACT_LIMIT = 2.0**53


@dataclass(frozen=True)
class Span:
    """A stretch of a recording, on a grid of 1 ms."""

    start_s: float
    end_s: float


def find_speech(path: Path, *, threshold_db: float = -40.0, min_silence_s: float = 1.0) -> list[Span]:
    """Find the spans between silences.

    Equal to ``detect_nonsilent(AudioSegment.from_file(path), min_silence_len=int(1000 * min_silence_s),
    silence_thresh=threshold_db, seek_step=1)`` divided by 1000. As there, a recording shorter than ``min_silence_s``
    is one span, silent or not, and a shorter silence at an end belongs to the span there. Memory does not grow with
    the recording. Opus alone may differ by 1 ms: pydub decodes it at 48 kHz, libsndfile at the rate it was made from.

    Args:
        path: a sound file of any kind and number of channels.
        threshold_db: a window whose RMS level over all channels is at most this, in dBFS, is silent.
        min_silence_s: length of the window, and so of the shortest silence.

    Raises:
        AudioError: if the file cannot be read (:func:`emotts.audio.opening.opened`) or a sample is not finite.
        ConfigError: if ``min_silence_s`` is below 1 ms.
    """
    window_ms = int(1000 * min_silence_s)
    if window_ms < 1:
        raise ConfigError(f"min_silence_s {min_silence_s} cannot be used", wanted="at least 0.001")
    path = Path(path)
    with opened(path) as sound:
        reader = EnergyReader(sound, path)
        silences = list(_silences(_silent_starts(reader, threshold_db, window_ms=window_ms), window_ms=window_ms))
    spans = _between(silences, length_ms=reader.length_ms)
    return [Span(start_s=start / 1000, end_s=end / 1000) for start, end in spans]


def _between(silences: list[tuple[int, int]], *, length_ms: int) -> list[tuple[int, int]]:
    """Return the gaps between silences, as ``detect_nonsilent`` does."""
    edges = [0, *(edge for silence in silences for edge in silence), length_ms]
    gaps = list(zip(edges[::2], edges[1::2], strict=True))
    return [(start, end) for start, end in gaps if not (silences and start == end)]


def _silences(starts: Iterator[NDArray[np.int64]], *, window_ms: int) -> Iterator[tuple[int, int]]:
    """Merge silent windows that overlap or touch."""
    first: int | None = None
    last = 0
    for batch in starts:
        if not batch.size:
            continue
        if first is None:
            first = last = int(batch[0])
        steps = np.diff(batch, prepend=last)
        for index in np.flatnonzero(steps > window_ms):
            before = int(batch[index - 1]) if index else last
            yield first, before + window_ms
            first = int(batch[index])
        last = int(batch[-1])
    if first is not None:
        yield first, last + window_ms


def _silent_starts(reader: EnergyReader, threshold_db: float, *, window_ms: int) -> Iterator[NDArray[np.int64]]:
    """Yield, block by block, the starts in ms of the windows whose level is at most the threshold."""
    threshold = 10 ** (float(threshold_db) / 20) * float(reader.full_scale)
    high = low = np.zeros(0, dtype=np.int64)
    start_ms = 0
    for block in _resume(reader, window_ms=window_ms):
        high, low = np.concatenate([high, block.high]), np.concatenate([low, block.low])
        count = len(low) - window_ms + 1
        if count <= 0:
            continue
        starts = np.arange(start_ms, start_ms + count, dtype=np.int64)
        edges = reader.frames_at(np.arange(start_ms, start_ms + len(low) + 1, dtype=np.int64))
        sizes = (edges[window_ms:] - edges[:count]) * reader.channels
        sums = _window_sums(high, window_ms) * 2.0**32 + _window_sums(low, window_ms)
        yield starts[_is_silent(reader, edges, sums=sums, sizes=sizes, threshold=threshold, window_ms=window_ms)]
        start_ms += count
        high, low = high[count:], low[count:]


def _resume(reader: EnergyReader, *, window_ms: int) -> Iterator[EnergyBlock]:
    """Yield the energies of a recording that has room for a window."""
    if reader.length_ms >= window_ms:
        yield from reader.blocks()


def _window_sums(values: NDArray[np.int64], window_ms: int) -> NDArray[np.int64]:
    running = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(values)])
    sums: NDArray[np.int64] = running[window_ms:] - running[:-window_ms]
    return sums


def _is_silent(
    reader: EnergyReader,
    edges: NDArray[np.int64],
    *,
    sums: NDArray[np.floating],
    sizes: NDArray[np.int64],
    threshold: float,
    window_ms: int,
) -> NDArray[np.bool_]:
    """Compare audioop's RMS, an integer rounded down, with the threshold, as pydub does.

    audioop adds squares one by one in double precision. Below 2**53 that is exact and so equals ours; above, windows
    that are within rounding of the threshold are added again in audioop's order.
    """
    result: NDArray[np.bool_] = np.floor(np.sqrt(sums / np.maximum(sizes, 1))) <= threshold
    limit = (math.floor(threshold) + 1.0) ** 2 * sizes
    for index in np.flatnonzero((sums >= _EXACT_LIMIT) & (np.abs(sums - limit) <= _CLOSE * limit)):
        total = _sequential_sum(reader, int(edges[index]), int(edges[index + window_ms]))
        result[index] = math.floor(math.sqrt(total / int(sizes[index]))) <= threshold
    return result


def _sequential_sum(reader: EnergyReader, first: int, stop: int) -> float:
    squares = reader.squares(first, stop).astype(np.float64)
    return float(np.add.accumulate(squares)[-1])
