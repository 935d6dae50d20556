"""The posterior encoder: a linear spectrogram to latents, in training and for voice conversion.

Source: Kim, Kong and Son, VITS, 2021.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from emotts.model.masks import length_mask
from emotts.model.wavenet import WaveNet

__all__ = ["Posterior", "PosteriorEncoder"]


class Posterior(NamedTuple):
    """Latents of clips and their distribution."""

    latents: Tensor
    """Drawn (batch, latent, frame), as the next two."""
    mean: Tensor
    log_std: Tensor
    mask: Tensor
    """(batch, 1, frame) bool, True where there is a frame."""


class PosteriorEncoder(nn.Module):
    """Maps every frame to the mean and spread of its latents and draws from them."""

    def __init__(
        self,
        spectrogram_bins: int,
        *,
        latent_channels: int,
        channels: int,
        kernel_size: int,
        n_layers: int,
        voice_channels: int,
    ) -> None:
        super().__init__()
        self.context_frames = n_layers * ((kernel_size - 1) // 2)
        """Frames on either side that the latents of a frame depend on."""
        self.input_conv = nn.Conv1d(spectrogram_bins, channels, 1)
        self.wavenet = WaveNet(channels, kernel_size=kernel_size, n_layers=n_layers, voice_channels=voice_channels)
        self.output_conv = nn.Conv1d(channels, 2 * latent_channels, 1)

    def forward(
        self,
        spectrogram: Tensor,
        spectrogram_lengths: Tensor,
        *,
        voice_embedding: Tensor | None,
        noise_scale: float = 1.0,
    ) -> Posterior:
        """Return the latents of every frame and their distribution.

        Args:
            spectrogram: (batch, bin, frame), linear magnitude.
            spectrogram_lengths: (batch,) int64, in frames.
            voice_embedding: (batch, voice, 1) or None.
            noise_scale: scales the random part of the latents; 0 gives the mean.
        """
        mask = length_mask(spectrogram_lengths, max_length=spectrogram.shape[2])
        float_mask = mask.to(spectrogram.dtype)
        hidden = self.wavenet(self.input_conv(spectrogram) * float_mask, mask, voice_embedding=voice_embedding)
        mean, log_std = (self.output_conv(hidden) * float_mask).chunk(2, dim=1)
        latents = (mean + torch.randn_like(mean) * noise_scale * log_std.exp()) * float_mask
        return Posterior(latents, mean, log_std, mask)
