"""A discriminator that looks at spectrograms of several resolutions.

Source: Jang et al., UnivNet, 2021; frequency-strided layers as in Vocos (Siuzdak, 2023). The magnitudes
are compressed by log(1 + x), so that quiet partials count beside loud ones.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from emotts.errors import ConfigError
from emotts.features.spectrogram import Spectrogram
from emotts.model.discriminator_output import DiscriminatorOutput
from emotts.model.weight_norm import normalise

__all__ = ["MultiResolutionDiscriminator", "ResolutionDiscriminator"]

_SLOPE = 0.1
_KERNEL = (3, 9)
"""Frames and bins."""


class ResolutionDiscriminator(nn.Module):
    """Looks at one spectrogram.

    Args:
        n_fft, hop_length, win_length: of the spectrogram, in samples.
        channels: width of the layers.
        n_strided: layers that halve the bins, between the first layer and the last.
        use_spectral_norm: spectral instead of weight normalisation.
    """

    def __init__(
        self,
        *,
        n_fft: int,
        hop_length: int,
        win_length: int,
        channels: int,
        n_strided: int,
        use_spectral_norm: bool,
    ) -> None:
        super().__init__()
        self.spectrogram = Spectrogram(n_fft=n_fft, hop_length=hop_length, win_length=win_length)
        padding = (_KERNEL[0] // 2, _KERNEL[1] // 2)
        layers = [nn.Conv2d(1, channels, _KERNEL, padding=padding)]
        layers += [nn.Conv2d(channels, channels, _KERNEL, stride=(1, 2), padding=padding) for _ in range(n_strided)]
        layers.append(nn.Conv2d(channels, channels, 3, padding=1))
        self.convs = nn.ModuleList(normalise(layer, use_spectral_norm=use_spectral_norm) for layer in layers)
        self.output_conv = normalise(nn.Conv2d(channels, 1, 3, padding=1), use_spectral_norm=use_spectral_norm)

    def forward(self, waveform: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Return logits (batch, position) and maps (batch, channel, frame, bin) of a waveform (batch, 1, sample)."""
        magnitude = self.spectrogram(waveform.squeeze(1))
        hidden = magnitude.log1p().transpose(1, 2).unsqueeze(1)
        # channels last: a quarter faster on a CPU, and what tensor cores want
        hidden = hidden.contiguous(memory_format=torch.channels_last)
        maps = []
        for conv in self.convs:
            hidden = F.leaky_relu_(conv(hidden), _SLOPE)
            maps.append(hidden)
        hidden = self.output_conv(hidden)
        maps.append(hidden)
        return hidden.flatten(1), maps


class MultiResolutionDiscriminator(nn.Module):
    """One :class:`ResolutionDiscriminator` a resolution.

    Args:
        resolutions: (n_fft, hop_length, win_length) of each, in samples.
        channels: width of every layer.
        n_strided: layers that halve the bins.
        use_spectral_norm: spectral instead of weight normalisation.
    """

    def __init__(
        self,
        *,
        resolutions: Sequence[Sequence[int]],
        channels: int,
        n_strided: int,
        use_spectral_norm: bool,
    ) -> None:
        super().__init__()
        if not resolutions or any(len(resolution) != 3 for resolution in resolutions):
            raise ConfigError(
                "the multi-resolution discriminator's resolutions cannot be read",
                found=str([list(resolution) for resolution in resolutions]),
                wanted="at least one list of n_fft, hop_length, win_length",
            )
        self.parts = nn.ModuleList(
            ResolutionDiscriminator(
                n_fft=n_fft,
                hop_length=hop_length,
                win_length=win_length,
                channels=channels,
                n_strided=n_strided,
                use_spectral_norm=use_spectral_norm,
            )
            for n_fft, hop_length, win_length in resolutions
        )

    def forward(self, waveform: Tensor) -> DiscriminatorOutput:
        """Score a waveform (batch, 1, sample); every item by itself, so real and generated may share a batch."""
        answers = [part(waveform) for part in self.parts]
        return DiscriminatorOutput([logits for logits, _ in answers], [maps for _, maps in answers])
