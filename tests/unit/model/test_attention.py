"""Relative attention against plain loops; the transformer's masks and voice."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from emotts.errors import ConfigError
from emotts.model.attention import RelativeAttention, Transformer
from emotts.model.masks import length_mask


def attend_slowly(attention: RelativeAttention, hidden: Tensor, length: int) -> Tensor:
    """Attention of one item without a batch, pair by pair, over the first ``length`` positions."""
    query, key, value = (layer(hidden)[0] for layer in (attention.query, attention.key, attention.value))
    mixed = torch.zeros(hidden.shape[1], length)
    width = attention.head_channels
    for head in range(attention.n_heads):
        channels = slice(head * width, (head + 1) * width)
        for i in range(length):
            scores = []
            for j in range(length):
                near = abs(j - i) <= 4
                distance_key = attention.distance_keys[0, j - i + 4] if near else torch.zeros(width)
                scores.append(query[channels, i] @ (key[channels, j] + distance_key) / math.sqrt(width))
            weights = torch.stack(scores).softmax(dim=0)
            for j in range(length):
                distance_value = attention.distance_values[0, j - i + 4] if abs(j - i) <= 4 else torch.zeros(width)
                mixed[channels, i] += weights[j] * (value[channels, j] + distance_value)
    return attention.output(mixed.unsqueeze(0))


@pytest.mark.parametrize("length", [1, 3, 11])
def test_equals_attention_pair_by_pair(length: int) -> None:
    torch.manual_seed(0)
    attention = RelativeAttention(6, n_heads=2, dropout=0.0)
    hidden = torch.randn(1, 6, length)
    pair_mask = torch.ones(1, 1, length, length, dtype=torch.bool)
    expected = attend_slowly(attention, hidden, length)
    assert torch.allclose(attention(hidden, pair_mask=pair_mask), expected, atol=1e-6)


def test_masked_positions_are_not_seen() -> None:
    torch.manual_seed(1)
    attention = RelativeAttention(4, n_heads=2, dropout=0.0)
    hidden = torch.randn(1, 4, 9)
    mask = length_mask(torch.tensor([6]), max_length=9)
    output = attention(hidden, pair_mask=mask.unsqueeze(2) & mask.unsqueeze(3))
    assert torch.allclose(output[:, :, :6], attend_slowly(attention, hidden[:, :, :6], 6), atol=1e-6)


def test_channels_must_fit_the_heads() -> None:
    with pytest.raises(ConfigError, match="5 channels, 2 heads"):
        RelativeAttention(5, n_heads=2, dropout=0.0)


def make_transformer(n_layers: int, voice_channels: int = 3) -> Transformer:
    torch.manual_seed(2)
    return Transformer(
        4,
        filter_channels=6,
        n_heads=2,
        n_layers=n_layers,
        kernel_size=3,
        dropout=0.0,
        voice_channels=voice_channels,
    ).eval()


def test_voice_enters_at_the_third_layer() -> None:
    transformer = make_transformer(4)
    hidden, voice = torch.randn(1, 4, 5), torch.randn(1, 3, 1)
    mask = torch.ones(1, 1, 5, dtype=torch.bool)
    pair_mask = torch.ones(1, 1, 5, 5, dtype=torch.bool)
    expected = hidden
    for index, layer in enumerate(transformer.layers):
        if index == 2:
            expected = expected + transformer.voice_projection(voice[:, :, 0]).unsqueeze(2)
        expected = layer(expected, mask=torch.ones(1, 1, 5), pair_mask=pair_mask)
    assert torch.allclose(transformer(hidden, mask, voice_embedding=voice), expected, atol=1e-6)


def test_voice_enters_at_the_last_of_fewer_layers() -> None:
    transformer = make_transformer(1)
    hidden, mask = torch.randn(1, 4, 5), torch.ones(1, 1, 5, dtype=torch.bool)
    one, other = (transformer(hidden, mask, voice_embedding=torch.full((1, 3, 1), fill)) for fill in (0.0, 1.0))
    assert not torch.allclose(one, other)


def test_padding_changes_nothing() -> None:
    transformer = make_transformer(3)
    hidden, voice = torch.randn(2, 4, 12), torch.randn(2, 3, 1)
    lengths = torch.tensor([12, 7])
    together = transformer(hidden, length_mask(lengths, max_length=12), voice_embedding=voice)
    alone = transformer(hidden[1:, :, :7], torch.ones(1, 1, 7, dtype=torch.bool), voice_embedding=voice[1:])
    assert torch.allclose(together[1:, :, :7], alone, atol=1e-5)
    assert not together[1, :, 7:].any()
