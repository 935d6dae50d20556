"""The gated dilated convolutions of WaveNet, not causal, conditioned on a voice.

Sources: van den Oord et al., WaveNet, 2016; in the shape that WaveGlow (Prenger et al., 2018) gave it.
"""

from __future__ import annotations

from torch import Tensor, nn

from emotts.model.weight_norm import weight_norm

__all__ = ["WaveNet"]


class WaveNet(nn.Module):
    """A stack of gated convolutions; the output is the sum of what every layer skips forward.

    Args:
        channels: width in and out.
        kernel_size: odd.
        n_layers: number of layers.
        voice_channels: channels of the voice embedding; 0 for none.
    """

    def __init__(self, channels: int, *, kernel_size: int, n_layers: int, voice_channels: int) -> None:
        super().__init__()
        self.channels = channels
        self.voice_projection = (
            weight_norm(nn.Conv1d(voice_channels, 2 * channels * n_layers, 1)) if voice_channels else None
        )
        self.gates = nn.ModuleList(
            weight_norm(nn.Conv1d(channels, 2 * channels, kernel_size, padding=(kernel_size - 1) // 2))
            for _ in range(n_layers)
        )
        self.outputs = nn.ModuleList(
            weight_norm(nn.Conv1d(channels, (2 if index < n_layers - 1 else 1) * channels, 1))
            for index in range(n_layers)
        )

    def forward(self, hidden: Tensor, mask: Tensor, *, voice_embedding: Tensor | None) -> Tensor:
        """Return a tensor of the shape of ``hidden``, zero outside the mask.

        Args:
            hidden: (batch, channel, time), zero outside the mask.
            mask: bool (batch, 1, time).
            voice_embedding: (batch, voice, 1) or None.
        """
        float_mask = mask.to(hidden.dtype)
        voices: list[Tensor | float] = [0.0] * len(self.gates)
        if self.voice_projection is not None and voice_embedding is not None:
            voices = list(self.voice_projection(voice_embedding).chunk(len(self.gates), dim=1))
        skipped: list[Tensor] = []
        for gate, output, voice in zip(self.gates, self.outputs, voices, strict=True):
            signal, opening = (gate(hidden) + voice).chunk(2, dim=1)
            step: Tensor = output(signal.tanh() * opening.sigmoid())
            if step.shape[1] > self.channels:
                residual, step = step.chunk(2, dim=1)
                hidden = (hidden + residual) * float_mask
            skipped.append(step)
        total = skipped[0]
        for step in skipped[1:]:
            total = total + step
        return total * float_mask
