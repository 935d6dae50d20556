"""The text encoder: tokens to hidden states and to the prior's mean and spread, per token.

Source: Kim, Kong and Son, VITS, 2021, with tone, language and BERT inputs as in MeloTTS.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from torch import Tensor, nn

from emotts.errors import ConfigError
from emotts.model.attention import Transformer
from emotts.model.masks import length_mask
from emotts.model.settings import SynthesizerSettings

__all__ = ["EncodedText", "TextEncoder", "TextInputs"]


class TextInputs(NamedTuple):
    """Texts as a synthesizer reads them, padded to the longest; a tuple, so that wrappers of modules can pass it on."""

    tokens: Tensor
    """Ids (batch, token) int64; ``tone`` and ``language`` likewise."""
    lengths: Tensor
    """Numbers of tokens (batch,) int64."""
    tone: Tensor
    language: Tensor
    bert: Tensor | None = None
    """(batch, feature, token), as ``ja_bert``; None counts as zeros and costs nothing."""
    ja_bert: Tensor | None = None


class EncodedText(NamedTuple):
    """Texts as the text encoder returns them."""

    hidden: Tensor
    """(batch, hidden, token)."""
    prior_mean: Tensor
    """(batch, latent, token), as the next."""
    prior_log_std: Tensor
    mask: Tensor
    """(batch, 1, token) bool, True where there is a token."""


class TextEncoder(nn.Module):
    """Encodes tokens with their tones, languages and, where given, BERT features.

    Args:
        settings: those of the synthesizer. ``bert_channels`` or ``ja_bert_channels`` 0 leaves the input out.
    """

    def __init__(self, settings: SynthesizerSettings) -> None:
        super().__init__()
        channels = settings.hidden_channels
        self.scale = math.sqrt(channels)
        self.symbols = _table(settings.n_symbols, channels)
        self.tones = _table(settings.n_tones, channels)
        self.languages = _table(settings.n_languages, channels)
        self.bert_projection = _projection(settings.bert_channels, channels)
        self.ja_bert_projection = _projection(settings.ja_bert_channels, channels)
        self.transformer = Transformer(
            channels,
            filter_channels=settings.text_filter_channels,
            n_heads=settings.text_n_heads,
            n_layers=settings.text_n_layers,
            kernel_size=settings.text_kernel_size,
            dropout=settings.text_dropout,
            voice_channels=settings.voice_channels if settings.condition_text_encoder else 0,
        )
        self.prior_projection = nn.Conv1d(channels, 2 * settings.latent_channels, 1)

    def forward(self, text: TextInputs, *, voice_embedding: Tensor | None) -> EncodedText:
        """Return the hidden states, and the prior's mean and log standard deviation, of every token.

        Args:
            text: the texts.
            voice_embedding: (batch, voice, 1) or None.

        Raises:
            ConfigError: if there are BERT features that the model does not take.
        """
        mask = length_mask(text.lengths, max_length=text.tokens.shape[1])
        hidden = self.symbols(text.tokens) + self.tones(text.tone) + self.languages(text.language)
        hidden = hidden + _project(self.bert_projection, text.bert, name="bert")
        hidden = hidden + _project(self.ja_bert_projection, text.ja_bert, name="ja_bert")
        hidden = (hidden * self.scale).transpose(1, 2)
        hidden = self.transformer(hidden, mask, voice_embedding=voice_embedding)
        prior_mean, prior_log_std = (self.prior_projection(hidden) * mask).chunk(2, dim=1)
        return EncodedText(hidden, prior_mean, prior_log_std, mask)


def _table(size: int, channels: int) -> nn.Embedding:
    table = nn.Embedding(size, channels)
    nn.init.normal_(table.weight, std=channels**-0.5)
    return table


def _projection(feature_channels: int, channels: int) -> nn.Conv1d | None:
    return nn.Conv1d(feature_channels, channels, 1) if feature_channels else None


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
