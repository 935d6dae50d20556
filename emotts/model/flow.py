"""The invertible flow between the posterior's latents and the prior's, conditioned on the voice.

Sources: Dinh, Sohl-Dickstein and Bengio, Real NVP, 2016; Kim, Kong and Son, VITS, 2021 (residual coupling);
Kong et al., VITS2, 2023 (transformer coupling).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from emotts.model.attention import Transformer
from emotts.model.settings import SynthesizerSettings
from emotts.model.wavenet import WaveNet

__all__ = ["CouplingFlow"]


class CouplingStep(nn.Module):
    """Shifts the second half of the channels by what a network reads in the first half."""

    def __init__(self, latent_channels: int, *, channels: int, network: nn.Module) -> None:
        super().__init__()
        half = latent_channels // 2
        self.input_conv = nn.Conv1d(half, channels, 1)
        self.network = network
        self.output_conv = nn.Conv1d(channels, half, 1)
        for parameter in self.output_conv.parameters():
            nn.init.zeros_(parameter)

    def forward(self, latents: Tensor, mask: Tensor, *, voice_embedding: Tensor | None, inverse: bool) -> Tensor:
        """Return a tensor of the shape of ``latents`` (batch, latent, frame); ``mask`` bool (batch, 1, frame)."""
        float_mask = mask.to(latents.dtype)
        kept, shifted = latents.chunk(2, dim=1)
        hidden = self.input_conv(kept) * float_mask
        hidden = self.network(hidden, mask, voice_embedding=voice_embedding)
        shift = self.output_conv(hidden) * float_mask
        shifted = (shifted - shift) * float_mask if inverse else shift + shifted * float_mask
        return torch.cat((kept, shifted), dim=1)


class CouplingFlow(nn.Module):
    """A chain of coupling steps, the channels reversed after each; volume is preserved.

    Args:
        settings: those of the synthesizer.
    """

    def __init__(self, settings: SynthesizerSettings) -> None:
        super().__init__()
        common = _network(settings) if settings.flow_shared else None
        self.steps = nn.ModuleList(
            CouplingStep(
                settings.latent_channels, channels=settings.flow_channels, network=common or _network(settings)
            )
            for _ in range(settings.flow_n_steps)
        )

    def forward(
        self, latents: Tensor, mask: Tensor, *, voice_embedding: Tensor | None, inverse: bool = False
    ) -> Tensor:
        """Return prior latents (batch, latent, frame) for latents, or the reverse where ``inverse``.

        Args:
            latents: (batch, latent, frame).
            mask: bool (batch, 1, frame).
            voice_embedding: (batch, voice, 1) or None.
            inverse: from the prior's side to the posterior's.
        """
        if inverse:
            for step in reversed(self.steps):
                latents = step(latents.flip(1), mask, voice_embedding=voice_embedding, inverse=True)
            return latents
        for step in self.steps:
            latents = step(latents, mask, voice_embedding=voice_embedding, inverse=False).flip(1)
        return latents


def _network(settings: SynthesizerSettings) -> nn.Module:
    """Return the network inside a step."""
    if settings.flow == "residual":
        return WaveNet(
            settings.flow_channels,
            kernel_size=settings.flow_kernel_size,
            n_layers=settings.flow_n_layers,
            voice_channels=settings.voice_channels,
        )
    return Transformer(
        settings.flow_channels,
        filter_channels=settings.flow_filter_channels,
        n_heads=settings.flow_n_heads,
        n_layers=settings.flow_n_layers,
        kernel_size=settings.flow_kernel_size,
        dropout=settings.flow_dropout,
        voice_channels=settings.voice_channels,
    )
