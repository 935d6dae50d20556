"""The voice embedding, of speaker and emotion, that conditions the other networks.

The reference encoder follows Skerry-Ryan et al., Towards End-to-End Prosody Transfer, 2018.
"""

from __future__ import annotations

import itertools

import torch
from torch import Tensor, nn

from emotts.errors import ConfigError
from emotts.model.weight_norm import weight_norm

__all__ = ["EmotionEmbedding", "ReferenceEncoder", "VoiceConditioning"]

_EMOTION_STD = 0.3
"""Spread of fresh emotion rows: wide enough that the emotions differ, narrow beside a speaker's (1.0)."""
_REFERENCE_FILTERS = (32, 32, 64, 64, 128, 128)
_REFERENCE_HIDDEN = 128


class EmotionEmbedding(nn.Module):
    """One row per emotion; mixtures and intensities are weighted sums of rows."""

    def __init__(self, n_emotions: int, emotion_channels: int) -> None:
        super().__init__()
        self.table = nn.Parameter(torch.randn(n_emotions, emotion_channels) * _EMOTION_STD)

    def forward(self, emotion: Tensor | None, *, batch_size: int) -> Tensor:
        """Return (batch, emotion channel).

        Args:
            emotion: ids (batch,) int64, weights (batch, emotion) float, or None for the first row (neutral).
            batch_size: number of items, for None.
        """
        if emotion is None:
            return self.table[:1].expand(batch_size, -1)
        if emotion.is_floating_point():
            return emotion.to(self.table.dtype) @ self.table
        return self.table[emotion]


class ReferenceEncoder(nn.Module):
    """Reads a speaker embedding off a spectrogram, for models without a speaker table."""

    def __init__(self, spectrogram_bins: int, speaker_channels: int, *, use_norm: bool) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(spectrogram_bins) if use_norm else None
        filters = (1, *_REFERENCE_FILTERS)
        self.convs = nn.ModuleList(
            weight_norm(nn.Conv2d(before, after, 3, stride=2, padding=1))
            for before, after in itertools.pairwise(filters)
        )
        bins = spectrogram_bins
        for _ in self.convs:
            bins = (bins - 1) // 2 + 1
        self.recurrent = nn.GRU(bins * filters[-1], _REFERENCE_HIDDEN, batch_first=True)
        self.output = nn.Linear(_REFERENCE_HIDDEN, speaker_channels)

    def forward(self, spectrogram: Tensor) -> Tensor:
        """Return (batch, speaker channel, 1) for a linear spectrogram (batch, bin, frame)."""
        hidden = spectrogram.transpose(1, 2).unsqueeze(1)
        if self.norm is not None:
            hidden = self.norm(hidden)
        for conv in self.convs:
            hidden = conv(hidden).relu()
        _, last = self.recurrent(hidden.transpose(1, 2).flatten(2))
        embedding: Tensor = self.output(last.squeeze(0))
        return embedding.unsqueeze(2)


class VoiceConditioning(nn.Module):
    """Speaker and emotion as one embedding: ``concat(speaker, emotion)``.

    Args:
        n_speakers: rows of the speaker table; 0 for a reference encoder in its place.
        speaker_channels: channels of the speaker's part.
        n_emotions, emotion_channels: of the emotion's part; both 0 for none.
        spectrogram_bins, use_reference_norm: of the reference encoder.
    """

    def __init__(
        self,
        *,
        n_speakers: int,
        speaker_channels: int,
        n_emotions: int,
        emotion_channels: int,
        spectrogram_bins: int,
        use_reference_norm: bool,
    ) -> None:
        super().__init__()
        self.speakers = nn.Embedding(n_speakers, speaker_channels) if n_speakers else None
        self.reference = (
            None if n_speakers else ReferenceEncoder(spectrogram_bins, speaker_channels, use_norm=use_reference_norm)
        )
        self.emotions = EmotionEmbedding(n_emotions, emotion_channels) if n_emotions else None

    def forward(self, speaker: Tensor | None, *, emotion: Tensor | None, spectrogram: Tensor | None = None) -> Tensor:
        """Return the voice embedding (batch, speaker + emotion channel, 1).

        Args:
            speaker: ids (batch,) int64, or a ready embedding (batch, speaker channel, 1) float. None for models
                with a reference encoder: the embedding is read off ``spectrogram``.
            emotion: ids (batch,) int64, weights (batch, emotion) float, or None (neutral).
            spectrogram: (batch, bin, frame), linear magnitude.

        Raises:
            ConfigError: if an emotion is given to a model without, or the speaker's kind does not fit the model.
        """
        embedding = self._speaker(speaker, spectrogram=spectrogram)
        if self.emotions is None:
            if emotion is not None:
                raise ConfigError("this model knows no emotions", remedy="widen it by with_emotions first")
            return embedding
        mood = self.emotions(emotion, batch_size=embedding.shape[0])
        return torch.cat((embedding, mood.unsqueeze(2).to(embedding.dtype)), dim=1)

    def _speaker(self, speaker: Tensor | None, *, spectrogram: Tensor | None) -> Tensor:
        if speaker is not None and speaker.is_floating_point():
            return speaker
        if self.speakers is not None and speaker is not None:
            embedding: Tensor = self.speakers(speaker)
            return embedding.unsqueeze(2)
        if self.reference is not None and speaker is None and spectrogram is not None:
            read: Tensor = self.reference(spectrogram)
            return read
        raise ConfigError(
            "the speaker is missing or of the wrong kind",
            found="no speaker" if speaker is None else "speaker ids for a model without a speaker table",
            wanted="speaker ids" if self.speakers is not None else "a spectrogram of the speaker, or an embedding",
        )
