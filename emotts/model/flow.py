"""The flow between the posterior's latents and the prior's: invertible, with the voice taken out and put in.

Sources: Dinh, Sohl-Dickstein and Bengio, Real NVP, 2016; Kim, Kong and Son, VITS, 2021 (residual coupling);
Kong et al., VITS2, 2023 (transformer coupling).
"""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor, nn

from emotts.errors import ConfigError
from emotts.model.attention import Transformer
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
        latent_channels: even.
        kind: "transformer" or "residual" (WaveNet) networks inside the steps.
        n_steps: number of steps.
        channels, n_layers, kernel_size: of the networks.
        filter_channels, n_heads, dropout: of transformers alone.
        shared: one network serves all steps.
        voice_channels: channels of the voice embedding; 0 for none.
    """

    def __init__(
        self,
        latent_channels: int,
        *,
        kind: Literal["transformer", "residual"],
        n_steps: int,
        channels: int,
        n_layers: int,
        kernel_size: int,
        filter_channels: int,
        n_heads: int,
        dropout: float,
        shared: bool,
        voice_channels: int,
    ) -> None:
        super().__init__()
        if latent_channels % 2:
            raise ConfigError("the flow needs an even number of latent channels", found=latent_channels)

        def network() -> nn.Module:
            if kind == "residual":
                return WaveNet(channels, kernel_size=kernel_size, n_layers=n_layers, voice_channels=voice_channels)
            return Transformer(
                channels,
                filter_channels=filter_channels,
                n_heads=n_heads,
                n_layers=n_layers,
                kernel_size=kernel_size,
                dropout=dropout,
                voice_channels=voice_channels,
            )

        common = network() if shared else None
        self.steps = nn.ModuleList(
            CouplingStep(latent_channels, channels=channels, network=common or network()) for _ in range(n_steps)
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
