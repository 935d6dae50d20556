"""The STFT and its inverse: windowed frames, and overlap-add with an exact output length."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from emotts.errors import ConfigError

__all__ = ["InverseStft"]


class InverseStft(nn.Module):
    """Inverse short-time Fourier transform whose frames are laid out as those of ``Spectrogram``.

    ``frame`` spectra give exactly ``frame * hop_length`` samples: the overlap-added signal is divided
    by the sum of the squared windows and loses ``(n_fft - hop_length) / 2`` samples on either side.
    (``torch.istft`` refuses such frames, because it checks the window sum before it trims.)
    Source: Griffin and Lim, 1984; the layout is that of Vocos (Siuzdak, 2023).

    Args:
        n_fft: length of transform and Hann window in samples, even.
        hop_length: distance of two frames in samples, at most half of ``n_fft``.
    """

    window: Tensor

    def __init__(self, *, n_fft: int, hop_length: int) -> None:
        super().__init__()
        if n_fft % 2 or (n_fft - hop_length) % 2 or not 0 < 2 * hop_length <= n_fft:
            raise ConfigError(
                "the inverse transform's lengths do not fit together",
                found=f"n_fft {n_fft}, hop_length {hop_length}",
                wanted="even n_fft, n_fft - hop_length even, hop_length from 1 to n_fft / 2",
            )
        self.n_fft = n_fft
        self.hop_length = hop_length
        self.register_buffer("window", torch.hann_window(n_fft), persistent=False)

    def forward(self, real: Tensor, imaginary: Tensor) -> Tensor:
        """Return the waveform (batch, frame * hop_length) of spectra given as two (batch, bin, frame) tensors.

        Computed in float32 even under autocast (in float64 if both spectra are).
        """
        with torch.autocast(real.device.type, enabled=False):
            double = real.dtype == torch.float64
            dtype = torch.float64 if double else torch.float32
            window = self.window.to(dtype)
            spectra = torch.complex(real.to(dtype), imaginary.to(dtype))
            frames = torch.fft.irfft(spectra, self.n_fft, dim=1) * window[None, :, None]
            envelope = window.square()[None, :, None].expand(1, -1, frames.shape[2])
            return self._overlap_add(frames) / self._overlap_add(envelope)

    def spectra(self, waveform: Tensor) -> tuple[Tensor, Tensor]:
        """Return real and imaginary parts (batch, bin, frame) of a waveform (batch, frame * hop_length).

        Beyond its ends it counts as zero.
        """
        beyond = (self.n_fft - self.hop_length) // 2
        frames = F.pad(waveform, (beyond, beyond)).unfold(1, self.n_fft, self.hop_length)
        spectra = torch.fft.rfft(frames * self.window.to(waveform.dtype), dim=2).transpose(1, 2)
        return spectra.real, spectra.imag

    def _overlap_add(self, frames: Tensor) -> Tensor:
        """Return (batch, frame * hop_length) from frames (batch, n_fft, frame), the ends trimmed."""
        n_frames = frames.shape[2]
        length = (n_frames - 1) * self.hop_length + self.n_fft
        summed = F.fold(frames, (1, length), kernel_size=(1, self.n_fft), stride=(1, self.hop_length))
        trim = (self.n_fft - self.hop_length) // 2
        return summed[:, 0, 0, trim : trim + n_frames * self.hop_length]
