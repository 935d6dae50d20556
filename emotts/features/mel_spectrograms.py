"""Mel spectrograms of one waveform in several windows, for losses that see both bursts and harmonics.

Source: Kumar et al., High-Fidelity Audio Compression with Improved RVQGAN, 2023 (mel losses with windows of 32 to 2,048
samples, and fewer bands in shorter windows).
"""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor, nn

from emotts.features.spectrogram import MelSpectrogram

__all__ = ["MelSpectrograms"]

_SAMPLES_PER_BAND = 6.4
_MOST_BANDS = 160


class MelSpectrograms(nn.Module):
    """Log-mel spectrograms: a given one, and one for each further window, up to half the sample rate.

    Args:
        first: the given one.
        windows: lengths of the further windows in samples, multiples of 8; frames are a quarter of it apart.
        sample_rate_hz: rate of the waveforms.
    """

    def __init__(self, first: MelSpectrogram, *, windows: Sequence[int], sample_rate_hz: int) -> None:
        super().__init__()
        further = (
            MelSpectrogram(
                sample_rate_hz=sample_rate_hz,
                n_fft=window,
                hop_length=window // 4,
                win_length=window,
                n_mels=min(_MOST_BANDS, int(window / _SAMPLES_PER_BAND)),
                f_min_hz=0.0,
                f_max_hz=None,
            )
            for window in windows
        )
        self.mels = nn.ModuleList([first, *further])

    def forward(self, waveform: Tensor) -> list[Tensor]:
        """Return log mels (batch, band, frame) of a waveform (batch, sample), the given one's first.

        Raises:
            AudioError: if the waveform is too short for a window.
        """
        return [mel(waveform) for mel in self.mels]
