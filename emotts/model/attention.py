"""Self-attention with learned embeddings of near distances, and the transformer made of it.

Sources: Vaswani et al., Attention Is All You Need, 2017; Shaw, Uszkoreit and Vaswani, Self-Attention with
Relative Position Representations, 2018; the voice enters at a middle layer as in VITS2 (Kong et al., 2023).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from emotts.errors import ConfigError
from emotts.model.masks import ChannelNorm

__all__ = ["RelativeAttention", "Transformer"]

_WINDOW = 4
"""Distances up to this many positions have an embedding of their own."""
_MASKED_SCORE = -1e4
_VOICE_LAYER = 2
"""Counted from 0: the layer whose input the voice is added to."""


class RelativeAttention(nn.Module):
    """Multi-head self-attention; keys and values know the distances within the window."""

    def __init__(self, channels: int, *, n_heads: int, dropout: float) -> None:
        super().__init__()
        if channels % n_heads:
            raise ConfigError(
                "attention channels cannot be shared out among the heads",
                found=f"{channels} channels, {n_heads} heads",
                wanted="a multiple",
            )
        self.n_heads = n_heads
        self.head_channels = channels // n_heads
        self.query = nn.Conv1d(channels, channels, 1)
        self.key = nn.Conv1d(channels, channels, 1)
        self.value = nn.Conv1d(channels, channels, 1)
        self.output = nn.Conv1d(channels, channels, 1)
        shape = (1, 2 * _WINDOW + 1, self.head_channels)
        std = self.head_channels**-0.5
        self.distance_keys = nn.Parameter(torch.randn(shape) * std)
        self.distance_values = nn.Parameter(torch.randn(shape) * std)
        self.dropout = nn.Dropout(dropout)
        for layer in (self.query, self.key, self.value):
            nn.init.xavier_uniform_(layer.weight)

    def forward(self, hidden: Tensor, *, pair_mask: Tensor) -> Tensor:
        """Return a tensor of the shape of ``hidden``.

        Args:
            hidden: (batch, channel, time).
            pair_mask: bool (batch, 1, time, time), True where the first time may see the second.
        """
        queries = self._heads(self.query(hidden)) * self.head_channels**-0.5
        keys = self._heads(self.key(hidden))
        values = self._heads(self.value(hidden))
        scores = queries @ keys.transpose(2, 3)
        scores = scores + _band_to_square(queries @ self.distance_keys.transpose(1, 2))
        weights = self.dropout(scores.masked_fill(~pair_mask, _MASKED_SCORE).softmax(dim=3))
        mixed = weights @ values + _square_to_band(weights) @ self.distance_values
        output: Tensor = self.output(mixed.transpose(2, 3).flatten(1, 2))
        return output

    def _heads(self, hidden: Tensor) -> Tensor:
        """(batch, channel, time) to (batch, head, time, head channel)."""
        batch_size, _, length = hidden.shape
        return hidden.reshape(batch_size, self.n_heads, self.head_channels, length).transpose(2, 3)


def _band_to_square(band: Tensor) -> Tensor:
    """Spread scores by distance (..., time, 2 * window + 1) over pairs (..., time, time), zero elsewhere.

    Padding each row by ``time`` and reading the flat rows with one column less shifts row i by i.
    """
    length, width = band.shape[-2:]
    padded = F.pad(band, (0, length)).flatten(-2)[..., : length * (length + width - 1)]
    return padded.reshape(*band.shape[:-1], length + width - 1)[..., _WINDOW : _WINDOW + length]


def _square_to_band(square: Tensor) -> Tensor:
    """Gather pairs (..., time, time) by distance into (..., time, 2 * window + 1), the reverse of the above."""
    length = square.shape[-1]
    width = 2 * _WINDOW + 1
    padded = F.pad(F.pad(square, (_WINDOW, _WINDOW)).flatten(-2), (0, length))
    return padded.reshape(*square.shape[:-1], length + width)[..., :width]


class FeedForward(nn.Module):
    """Two convolutions over time with a ReLU between them."""

    def __init__(self, channels: int, *, filter_channels: int, kernel_size: int, dropout: float) -> None:
        super().__init__()
        self.padding = ((kernel_size - 1) // 2, kernel_size // 2)
        self.expand = nn.Conv1d(channels, filter_channels, kernel_size)
        self.contract = nn.Conv1d(filter_channels, channels, kernel_size)
        self.dropout = nn.Dropout(dropout)

    def forward(self, hidden: Tensor, *, mask: Tensor) -> Tensor:
        """Return a tensor of the shape of ``hidden`` (batch, channel, time); ``mask`` (batch, 1, time) float."""
        inner = self.dropout(self.expand(F.pad(hidden * mask, self.padding)).relu())
        output: Tensor = self.contract(F.pad(inner * mask, self.padding))
        return output * mask


class TransformerLayer(nn.Module):
    """Attention and feed-forward, each with a residual path and a norm after it."""

    def __init__(self, channels: int, *, filter_channels: int, n_heads: int, kernel_size: int, dropout: float) -> None:
        super().__init__()
        self.attention = RelativeAttention(channels, n_heads=n_heads, dropout=dropout)
        self.attention_norm = ChannelNorm(channels)
        self.feed_forward = FeedForward(
            channels, filter_channels=filter_channels, kernel_size=kernel_size, dropout=dropout
        )
        self.feed_forward_norm = ChannelNorm(channels)
        self.dropout = nn.Dropout(dropout)

    def forward(self, hidden: Tensor, *, mask: Tensor, pair_mask: Tensor) -> Tensor:
        """Return a tensor of the shape of ``hidden`` (batch, channel, time)."""
        hidden = self.attention_norm(hidden + self.dropout(self.attention(hidden, pair_mask=pair_mask)))
        output: Tensor = self.feed_forward_norm(hidden + self.dropout(self.feed_forward(hidden, mask=mask)))
        return output


class Transformer(nn.Module):
    """A stack of layers over (batch, channel, time); the voice is added to the input of the third.

    Args:
        channels: width in and out.
        filter_channels: width inside the feed-forward parts.
        n_heads: attention heads; must divide ``channels``.
        n_layers: number of layers; with fewer than three the voice enters at the last.
        kernel_size: of the feed-forward convolutions.
        dropout: probability, in training.
        voice_channels: channels of the voice embedding; 0 for none.
    """

    def __init__(
        self,
        channels: int,
        *,
        filter_channels: int,
        n_heads: int,
        n_layers: int,
        kernel_size: int,
        dropout: float,
        voice_channels: int,
    ) -> None:
        super().__init__()
        self.voice_layer = min(_VOICE_LAYER, n_layers - 1)
        self.voice_projection = nn.Linear(voice_channels, channels) if voice_channels else None
        self.layers = nn.ModuleList(
            TransformerLayer(
                channels,
                filter_channels=filter_channels,
                n_heads=n_heads,
                kernel_size=kernel_size,
                dropout=dropout,
            )
            for _ in range(n_layers)
        )

    def forward(self, hidden: Tensor, mask: Tensor, *, voice_embedding: Tensor | None) -> Tensor:
        """Return a tensor of the shape of ``hidden``, zero outside the mask.

        Args:
            hidden: (batch, channel, time).
            mask: bool (batch, 1, time).
            voice_embedding: (batch, voice, 1) or None.
        """
        pair_mask = mask.unsqueeze(2) & mask.unsqueeze(3)
        float_mask = mask.to(hidden.dtype)
        hidden = hidden * float_mask
        for index, layer in enumerate(self.layers):
            if index == self.voice_layer and self.voice_projection is not None and voice_embedding is not None:
                voice = self.voice_projection(voice_embedding.transpose(1, 2)).transpose(1, 2)
                hidden = (hidden + voice) * float_mask
            hidden = layer(hidden, mask=float_mask, pair_mask=pair_mask)
        return hidden * float_mask
