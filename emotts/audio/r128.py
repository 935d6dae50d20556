"""Loudness and true peak of clips that belong together (EBU R 128, ITU-R BS.1770-4), and the gain to a wanted loudness.

Loudness is measured by pyloudnorm, clip by clip; only the loudness of each 400 ms is kept.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from emotts.audio.resample import resample

__all__ = ["LoudnessMeter", "true_peak"]

_BLOCK_S = 0.4
_ABSOLUTE_GATE_LUFS, _RELATIVE_GATE_LU = -70.0, -10.0
_OVERSAMPLING = 4


class LoudnessMeter:
    """Measures mono clips of one sample rate as one programme."""

    def __init__(self, sample_rate_hz: int) -> None:
        import pyloudnorm  # with scipy.signal half a second, for what is off by default

        self._rate_hz = sample_rate_hz
        self._meter = pyloudnorm.Meter(sample_rate_hz, block_size=_BLOCK_S)
        self._blocks: list[NDArray[np.float64]] = []
        self._peak = 0.0

    def add(self, samples: NDArray[np.float32]) -> None:
        """Add a clip ``(sample,)``; of one shorter than 400 ms only the peak counts."""
        self._peak = max(self._peak, true_peak(samples, sample_rate_hz=self._rate_hz))
        if len(samples) >= _BLOCK_S * self._rate_hz:
            self._meter.integrated_loudness(samples.astype(np.float64))
            self._blocks.append(np.asarray(self._meter.blockwise_loudness))

    @property
    def loudness_lufs(self) -> float | None:
        """Integrated loudness of all clips together; None where there is nothing above -70 LUFS."""
        blocks = np.concatenate(self._blocks) if self._blocks else np.zeros(0)
        heard = blocks[blocks >= _ABSOLUTE_GATE_LUFS]
        if not heard.size:
            return None
        return _mean(heard[heard > _mean(heard) + _RELATIVE_GATE_LU])

    def gain(self, wanted_lufs: float, *, max_true_peak_db: float) -> float:
        """Return the factor that brings the clips to a loudness.

        It raises no true peak above ``max_true_peak_db`` (dBTP); 1.0 where there is nothing to hear.
        """
        found = self.loudness_lufs
        if found is None:
            return 1.0
        wanted = 10 ** ((wanted_lufs - found) / 20)
        return min(wanted, max(1.0, 10 ** (max_true_peak_db / 20) / self._peak)) if wanted > 1.0 else wanted


def true_peak(samples: NDArray[np.float32], *, sample_rate_hz: int) -> float:
    """Return the largest amplitude of a clip ``(sample,)`` between the samples as well, by fourfold oversampling."""
    between = resample(samples, from_hz=sample_rate_hz, to_hz=_OVERSAMPLING * sample_rate_hz)
    return float(max(np.abs(samples).max(initial=0.0), np.abs(between).max(initial=0.0)))


def _mean(levels: NDArray[np.float64]) -> float:
    return float(10 * np.log10(np.mean(10 ** (levels / 10))))
