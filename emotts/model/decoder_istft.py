"""A decoder that predicts spectra frame by frame and inverts them: small and fast on a CPU.

Source: Siuzdak, Vocos, 2023; its blocks are ConvNeXt's (Liu et al., 2022) in one dimension.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from emotts.features.inverse_stft import InverseStft
from emotts.model.voice_projection import add_voice

__all__ = ["IstftDecoder"]

_KERNEL_SIZE = 7
_INIT_STD = 0.02
_MAX_LOG_MAGNITUDE = math.log(100.0)
"""Largest predicted magnitude; a full-scale sine under a 1024-sample Hann window has 256."""
_MIN_LOG_MAGNITUDE = -12.0


class ConvNextBlock(nn.Module):
    """Depthwise convolution, layer norm, two pointwise layers, all on a scaled residual path.

    Args:
        channels: channels in and out.
        hidden_channels: channels between the two pointwise layers.
        scale: first value of the learned scale of the residual path.
        voice_channels: channels of the voice embedding that scales and shifts the norm; 0 for none.
    """

    def __init__(self, channels: int, *, hidden_channels: int, scale: float, voice_channels: int) -> None:
        super().__init__()
        self.depthwise_conv = nn.Conv1d(channels, channels, _KERNEL_SIZE, padding=_KERNEL_SIZE // 2, groups=channels)
        self.norm = nn.LayerNorm(channels, eps=1e-6)
        self.voice_projection = nn.Conv1d(voice_channels, 2 * channels, 1) if voice_channels else None
        self.expand = nn.Linear(channels, hidden_channels)
        self.contract = nn.Linear(hidden_channels, channels)
        self.scale = nn.Parameter(torch.full((channels,), scale))

    def forward(self, hidden: Tensor, *, voice_embedding: Tensor | None) -> Tensor:
        """Return a tensor of the shape of ``hidden`` (batch, channel, frame)."""
        inner: Tensor = self.norm(self.depthwise_conv(hidden).transpose(1, 2))
        if self.voice_projection is not None and voice_embedding is not None:
            gain, shift = self.voice_projection(voice_embedding).transpose(1, 2).chunk(2, dim=2)
            inner = inner * (1.0 + gain) + shift
        inner = self.contract(F.gelu(self.expand(inner))) * self.scale
        return hidden + inner.transpose(1, 2)


class IstftDecoder(nn.Module):
    """Turns latents (batch, channel, frame) into a waveform (batch, 1, frame * hop_length).

    Args:
        in_channels: channels of the latents.
        channels: width of the blocks.
        hidden_channels: width inside a block.
        n_layers: number of blocks.
        n_fft: length of the predicted frames in samples, even.
        hop_length: samples per frame, at most half of ``n_fft``.
        voice_channels: channels of the voice embedding; 0 for none.
        modulate_blocks: let the voice also scale and shift the norm of every block.
    """

    def __init__(
        self,
        in_channels: int,
        *,
        channels: int,
        hidden_channels: int,
        n_layers: int,
        n_fft: int,
        hop_length: int,
        voice_channels: int,
        modulate_blocks: bool = False,
    ) -> None:
        super().__init__()
        self.hop_length = hop_length
        self.input_conv = nn.Conv1d(in_channels, channels, _KERNEL_SIZE, padding=_KERNEL_SIZE // 2)
        self.voice_projection = nn.Conv1d(voice_channels, channels, 1) if voice_channels else None
        self.input_norm = nn.LayerNorm(channels, eps=1e-6)
        self.blocks = nn.ModuleList(
            ConvNextBlock(
                channels,
                hidden_channels=hidden_channels,
                scale=1.0 / n_layers,
                voice_channels=voice_channels if modulate_blocks else 0,
            )
            for _ in range(n_layers)
        )
        self.output_norm = nn.LayerNorm(channels, eps=1e-6)
        self.head = nn.Linear(channels, n_fft + 2)
        self.inverse = InverseStft(n_fft=n_fft, hop_length=hop_length)
        self.apply(_initialise)

    def forward(self, latents: Tensor, *, voice_embedding: Tensor | None = None) -> Tensor:
        """Return the waveform (batch, 1, frame * hop_length).

        Args:
            latents: (batch, channel, frame).
            voice_embedding: (batch, voice, 1); None only for a decoder without voice channels.

        Raises:
            ConfigError: if the decoder has voice channels and gets no voice.
        """
        hidden: Tensor = self.input_conv(latents)
        hidden = add_voice(hidden, projection=self.voice_projection, voice_embedding=voice_embedding)
        hidden = self.input_norm(hidden.transpose(1, 2)).transpose(1, 2)
        for block in self.blocks:
            hidden = block(hidden, voice_embedding=voice_embedding)
        real, imaginary = self._spectra(hidden)
        waveform: Tensor = self.inverse(real, imaginary)
        return waveform.unsqueeze(1)

    def fold_weight_norm(self) -> int:
        """Do nothing, as no layer carries weight normalisation; here so that decoders can be exchanged."""
        return 0

    def _spectra(self, hidden: Tensor) -> tuple[Tensor, Tensor]:
        """Return real and imaginary parts (batch, bin, frame); never in half precision, for the phase's sake."""
        with torch.autocast(hidden.device.type, enabled=False):
            normed = self.output_norm(hidden.to(self.head.weight.dtype).transpose(1, 2))
            log_magnitude, phase = self.head(normed).transpose(1, 2).chunk(2, dim=1)
            magnitude = log_magnitude.clamp(_MIN_LOG_MAGNITUDE, _MAX_LOG_MAGNITUDE).exp()
            return magnitude * phase.cos(), magnitude * phase.sin()


def _initialise(layer: nn.Module) -> None:
    if isinstance(layer, nn.Conv1d | nn.Linear):
        nn.init.trunc_normal_(layer.weight, std=_INIT_STD)
        if layer.bias is not None:
            nn.init.zeros_(layer.bias)
