"""A discriminator of durations, token by token.

Source: Kong et al., VITS2, 2023.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from emotts.errors import ConfigError
from emotts.model.masks import ChannelNorm

__all__ = ["DurationDiscriminator"]


class DurationDiscriminator(nn.Module):
    """Tells durations found by the alignment from predicted ones, given the text.

    The original network takes ``(hidden, mask, real, predicted)`` by position, and its training calls it
    with the predicted durations in the place of the real ones. So what it calls the predicted score is that
    of the alignment, on which the generator's loss has no gradient: the predictor never learns from it, and
    the discriminator is taught that predicted durations are the real ones. It also never passes the voice.
    Here both durations are keyword-only, and the scores come back in the order of the names.

    Args:
        hidden_channels: channels of the text encoder's output.
        filter_channels: channels inside; published: those of the text encoder.
        kernel_size: odd, in tokens.
        dropout: fraction of activations dropped in training.
        voice_channels: channels of the voice embedding; 0 for none.
    """

    def __init__(
        self,
        hidden_channels: int,
        filter_channels: int,
        *,
        kernel_size: int,
        dropout: float,
        voice_channels: int,
    ) -> None:
        super().__init__()
        if kernel_size % 2 == 0:
            raise ConfigError(
                "the duration discriminator's kernel must be odd", found=kernel_size, wanted="an odd number of tokens"
            )
        padding = kernel_size // 2
        self.voice_projection = nn.Conv1d(voice_channels, hidden_channels, 1) if voice_channels else None
        self.first_conv = nn.Conv1d(hidden_channels, filter_channels, kernel_size, padding=padding)
        self.first_norm = ChannelNorm(filter_channels)
        self.second_conv = nn.Conv1d(filter_channels, filter_channels, kernel_size, padding=padding)
        self.second_norm = ChannelNorm(filter_channels)
        self.duration_projection = nn.Conv1d(1, filter_channels, 1)
        self.joint_first_conv = nn.Conv1d(2 * filter_channels, filter_channels, kernel_size, padding=padding)
        self.joint_first_norm = ChannelNorm(filter_channels)
        self.joint_second_conv = nn.Conv1d(filter_channels, filter_channels, kernel_size, padding=padding)
        self.joint_second_norm = ChannelNorm(filter_channels)
        self.output = nn.Linear(filter_channels, 1)
        self.dropout = nn.Dropout(dropout)

    def forward(
        self,
        token_hidden: Tensor,
        token_mask: Tensor,
        *,
        aligned: Tensor,
        predicted: Tensor,
        voice_embedding: Tensor | None,
    ) -> tuple[Tensor, Tensor]:
        """Return the scores of the aligned and of the predicted durations, each (batch, token, 1) from 0 to 1.

        Scores outside the mask mean nothing and belong in no loss. Of the inputs, only the durations get a gradient.

        Args:
            token_hidden: text encoder's output (batch, hidden, token); detached here.
            token_mask: bool (batch, 1, token).
            aligned: log durations of the alignment (batch, 1, token).
            predicted: log durations of a predictor (batch, 1, token).
            voice_embedding: (batch, voice, 1), detached here; None leaves the voice out.
        """
        mask = token_mask.to(token_hidden.dtype)
        hidden = token_hidden.detach()
        if self.voice_projection is not None and voice_embedding is not None:
            hidden = hidden + self.voice_projection(voice_embedding.detach())
        hidden = self.dropout(self.first_norm(self.first_conv(hidden * mask).relu()))
        hidden = self.dropout(self.second_norm(self.second_conv(hidden * mask).relu()))
        return self._score(hidden, mask, durations=aligned), self._score(hidden, mask, durations=predicted)

    def _score(self, hidden: Tensor, mask: Tensor, *, durations: Tensor) -> Tensor:
        joint = torch.cat((hidden, self.duration_projection(durations)), dim=1)
        joint = self.dropout(self.joint_first_norm(self.joint_first_conv(joint * mask).relu()))
        joint = self.dropout(self.joint_second_norm(self.joint_second_conv(joint * mask).relu()))
        logits: Tensor = self.output((joint * mask).transpose(1, 2))
        return logits.sigmoid()
