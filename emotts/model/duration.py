"""The deterministic duration predictor.

Source: Kim, Kong and Son, VITS, 2021.
"""

from __future__ import annotations

from torch import Tensor, nn

from emotts.model.masks import ChannelNorm

__all__ = ["DurationPredictor"]


class DurationPredictor(nn.Module):
    """Predicts the log of every token's duration in frames; its gradient stays inside it."""

    def __init__(
        self, channels: int, *, filter_channels: int, kernel_size: int, dropout: float, voice_channels: int
    ) -> None:
        super().__init__()
        self.voice_projection = nn.Conv1d(voice_channels, channels, 1) if voice_channels else None
        self.first_conv = nn.Conv1d(channels, filter_channels, kernel_size, padding=kernel_size // 2)
        self.first_norm = ChannelNorm(filter_channels)
        self.second_conv = nn.Conv1d(filter_channels, filter_channels, kernel_size, padding=kernel_size // 2)
        self.second_norm = ChannelNorm(filter_channels)
        self.output_conv = nn.Conv1d(filter_channels, 1, 1)
        self.dropout = nn.Dropout(dropout)

    def forward(self, token_hidden: Tensor, token_mask: Tensor, *, voice_embedding: Tensor | None) -> Tensor:
        """Return log durations (batch, 1, token), zero outside the mask.

        Args:
            token_hidden: (batch, hidden, token); detached here.
            token_mask: bool (batch, 1, token).
            voice_embedding: (batch, voice, 1) or None; detached here.
        """
        mask = token_mask.to(token_hidden.dtype)
        hidden = token_hidden.detach()
        if self.voice_projection is not None and voice_embedding is not None:
            hidden = hidden + self.voice_projection(voice_embedding.detach())
        hidden = self.dropout(self.first_norm(self.first_conv(hidden * mask).relu()))
        hidden = self.dropout(self.second_norm(self.second_conv(hidden * mask).relu()))
        log_durations: Tensor = self.output_conv(hidden * mask)
        return log_durations * mask
