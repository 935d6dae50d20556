"""The STFT and its inverse by real matrices, for runtimes whose Fourier transform is missing or slow.

Both halves of a frame are added and subtracted before they are multiplied, so that the matrices have a quarter of a
transform's numbers: cosines see only the even part of a frame, sines only the odd one.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional as F

from emotts.features.inverse_stft import InverseStft

__all__ = ["MatrixStft"]


class MatrixStft(InverseStft):
    """Computes what :class:`InverseStft` does, but for rounding, in float32 and without complex numbers.

    Args:
        n_fft, hop_length: as of :class:`InverseStft`.
    """

    cosines: Tensor
    sines: Tensor
    bin_weights: Tensor

    def __init__(self, *, n_fft: int, hop_length: int) -> None:
        super().__init__(n_fft=n_fft, hop_length=hop_length)
        half = n_fft // 2
        index = torch.arange(half + 1, dtype=torch.float64)
        turns = 2.0 * math.pi / n_fft * (index.unsqueeze(1) * index)
        weights = torch.full((half + 1,), 2.0 / n_fft)
        weights[[0, half]] = 1.0 / n_fft
        self.register_buffer("cosines", turns.cos().float(), persistent=False)
        self.register_buffer("sines", turns.sin()[1:half, 1:half].float(), persistent=False)
        self.register_buffer("bin_weights", weights, persistent=False)

    def spectra(self, waveform: Tensor) -> tuple[Tensor, Tensor]:
        """Return real and imaginary parts (batch, bin, frame) of a waveform (batch, frame * hop_length)."""
        half = self.n_fft // 2
        frames = self._frames(waveform) * self.window
        first, last = frames[:, :, 1:half], frames[:, :, half + 1 :].flip(2)
        even = torch.cat((frames[:, :, :1], first + last, frames[:, :, half : half + 1]), dim=2)
        real, imaginary = even @ self.cosines, (last - first) @ self.sines
        return real.transpose(1, 2), F.pad(imaginary, (1, 1)).transpose(1, 2)

    def forward(self, real: Tensor, imaginary: Tensor) -> Tensor:
        """Return the waveform (batch, frame * hop_length) of spectra given as two (batch, bin, frame) tensors."""
        weighted = real.transpose(1, 2) * self.bin_weights
        even = weighted @ self.cosines
        odd = (imaginary.transpose(1, 2) * self.bin_weights)[:, :, 1:-1] @ self.sines
        inner = even[:, :, 1:-1]
        frames = torch.cat((even[:, :, :1], inner - odd, even[:, :, -1:], (inner + odd).flip(2)), dim=2)
        envelope = torch.ones_like(weighted[:1, :, :1]) * self.window.square()
        return self._joined(frames * self.window) / self._joined(envelope)

    def _frames(self, waveform: Tensor) -> Tensor:
        """Return overlapping pieces (batch, frame, n_fft) of a waveform, put together of blocks of a hop each."""
        n_blocks = -(-self.n_fft // self.hop_length)
        before = (self.n_fft - self.hop_length) // 2
        padded = F.pad(waveform, (before, (n_blocks - 1) * self.hop_length - before))
        blocks = padded.reshape(len(waveform), -1, self.hop_length)
        n_frames = blocks.shape[1] - n_blocks + 1
        pieces = [blocks[:, number : number + n_frames] for number in range(n_blocks)]
        return torch.cat(pieces, dim=2)[:, :, : self.n_fft]

    def _joined(self, frames: Tensor) -> Tensor:
        """Return (batch, frame * hop_length) from frames (batch, frame, n_fft), the ends trimmed."""
        n_blocks = -(-self.n_fft // self.hop_length)
        padded = F.pad(frames, (0, n_blocks * self.hop_length - self.n_fft))
        blocks = padded.reshape(*frames.shape[:2], n_blocks, self.hop_length)
        moved = [F.pad(blocks[:, :, number], (0, 0, number, n_blocks - 1 - number)) for number in range(n_blocks)]
        summed = torch.stack(moved).sum(dim=0).flatten(1)
        trim = (self.n_fft - self.hop_length) // 2
        return summed[:, trim : trim + frames.shape[1] * self.hop_length]
