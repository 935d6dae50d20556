"""The text encoder: tokens to hidden states and to the prior's mean and spread, per token.

Source: Kim, Kong and Son, VITS, 2021, with tone, language and BERT inputs as in MeloTTS.
"""

from __future__ import annotations

import math

from torch import Tensor, nn

from emotts.errors import ConfigError
from emotts.model.attention import Transformer
from emotts.model.masks import length_mask

__all__ = ["TextEncoder"]


class TextEncoder(nn.Module):
    """Encodes tokens with their tones, languages and, where given, BERT features.

    Args:
        n_symbols, n_tones, n_languages: sizes of the three tables.
        bert_channels, ja_bert_channels: sizes of the two kinds of BERT features; 0 leaves the input out.
        latent_channels: channels of the prior.
        channels, filter_channels, n_heads, n_layers, kernel_size, dropout: of the transformer.
        voice_channels: channels of the voice embedding; 0 for none.
    """

    def __init__(
        self,
        *,
        n_symbols: int,
        n_tones: int,
        n_languages: int,
        bert_channels: int,
        ja_bert_channels: int,
        latent_channels: int,
        channels: int,
        filter_channels: int,
        n_heads: int,
        n_layers: int,
        kernel_size: int,
        dropout: float,
        voice_channels: int,
    ) -> None:
        super().__init__()
        self.scale = math.sqrt(channels)
        self.symbols = _table(n_symbols, channels)
        self.tones = _table(n_tones, channels)
        self.languages = _table(n_languages, channels)
        self.bert_projection = nn.Conv1d(bert_channels, channels, 1) if bert_channels else None
        self.ja_bert_projection = nn.Conv1d(ja_bert_channels, channels, 1) if ja_bert_channels else None
        self.transformer = Transformer(
            channels,
            filter_channels=filter_channels,
            n_heads=n_heads,
            n_layers=n_layers,
            kernel_size=kernel_size,
            dropout=dropout,
            voice_channels=voice_channels,
        )
        self.prior_projection = nn.Conv1d(channels, 2 * latent_channels, 1)

    def forward(
        self,
        tokens: Tensor,
        token_lengths: Tensor,
        *,
        tone: Tensor,
        language: Tensor,
        bert: Tensor | None,
        ja_bert: Tensor | None,
        voice_embedding: Tensor | None,
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Return token_hidden (batch, hidden, token), mean and log std (batch, latent, token) and the token mask.

        Args:
            tokens, tone, language: ids (batch, token) int64.
            token_lengths: (batch,) int64.
            bert, ja_bert: (batch, feature, token); None counts as zeros and costs nothing.
            voice_embedding: (batch, voice, 1) or None.
        """
        mask = length_mask(token_lengths, max_length=tokens.shape[1])
        hidden = self.symbols(tokens) + self.tones(tone) + self.languages(language)
        hidden = hidden + _project(self.bert_projection, bert, name="bert")
        hidden = hidden + _project(self.ja_bert_projection, ja_bert, name="ja_bert")
        hidden = (hidden * self.scale).transpose(1, 2)
        hidden = self.transformer(hidden, mask, voice_embedding=voice_embedding)
        prior_mean, prior_log_std = (self.prior_projection(hidden) * mask).chunk(2, dim=1)
        return hidden, prior_mean, prior_log_std, mask


def _table(size: int, channels: int) -> nn.Embedding:
    table = nn.Embedding(size, channels)
    nn.init.normal_(table.weight, std=channels**-0.5)
    return table


def _project(projection: nn.Conv1d | None, features: Tensor | None, *, name: str) -> Tensor | float:
    """Return (batch, token, hidden) or what can be added to it; absent features leave only the bias."""
    if projection is None:
        if features is not None:
            raise ConfigError(f"this model takes no {name} features", remedy=f"give {name}=None")
        return 0.0
    if features is None:
        return 0.0 if projection.bias is None else projection.bias
    projected: Tensor = projection(features)
    return projected.transpose(1, 2)
