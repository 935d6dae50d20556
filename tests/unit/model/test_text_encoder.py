"""The text encoder: absent features cost nothing and count as zeros; padding changes nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from emotts.errors import ConfigError
from emotts.model.settings import SynthesizerSettings
from emotts.model.text_encoder import TextEncoder, TextInputs


@pytest.fixture
def make_encoder(toy: Callable[..., SynthesizerSettings]) -> Callable[..., TextEncoder]:
    def make(*, bert_channels: int = 5) -> TextEncoder:
        torch.manual_seed(0)
        widths = {"n_symbols": 9, "n_tones": 3, "n_languages": 2, "ja_bert_channels": 4, "speaker_channels": 3}
        return TextEncoder(toy(bert_channels=bert_channels, **widths)).eval()

    return make


def encode(encoder: TextEncoder, tokens: Tensor, lengths: list[int], **features: Tensor | None) -> tuple[Tensor, ...]:
    voice = torch.ones(tokens.shape[0], 3, 1)
    text = TextInputs(tokens, torch.tensor(lengths), tone=tokens % 3, language=tokens % 2, **features)
    return encoder(text, voice_embedding=voice)


def test_absent_features_equal_zeros_exactly_and_run_no_layer(make_encoder: Callable[..., TextEncoder]) -> None:
    encoder = make_encoder()
    tokens = torch.randint(0, 9, (2, 7))
    zeros = encode(encoder, tokens, [7, 4], bert=torch.zeros(2, 5, 7), ja_bert=torch.zeros(2, 4, 7))
    ran: list[nn.Module] = []
    for projection in (encoder.bert_projection, encoder.ja_bert_projection):
        projection.register_forward_hook(lambda layer, *_: ran.append(layer))
    absent = encode(encoder, tokens, [7, 4])
    assert all(torch.equal(one, other) for one, other in zip(zeros, absent, strict=True))
    assert ran == []


def test_features_change_the_result(make_encoder: Callable[..., TextEncoder]) -> None:
    encoder = make_encoder()
    tokens = torch.randint(0, 9, (1, 6))
    for features in ({"bert": torch.randn(1, 5, 6)}, {"ja_bert": torch.randn(1, 4, 6)}):
        assert not torch.allclose(encode(encoder, tokens, [6], **features)[0], encode(encoder, tokens, [6])[0])


def test_features_that_the_model_does_not_take_are_an_error(make_encoder: Callable[..., TextEncoder]) -> None:
    with pytest.raises(ConfigError, match="takes no bert features"):
        encode(make_encoder(bert_channels=0), torch.zeros(1, 3, dtype=torch.long), [3], bert=torch.zeros(1, 5, 3))


def test_padding_changes_nothing(make_encoder: Callable[..., TextEncoder]) -> None:
    encoder = make_encoder()
    tokens = torch.randint(0, 9, (2, 9))
    together = encode(encoder, tokens, [9, 5])
    alone = encode(encoder, tokens[1:, :5], [5])
    for padded, single in zip(together[:3], alone[:3], strict=True):
        assert torch.allclose(padded[1:, :, :5], single, atol=1e-5)
        assert not padded[1, :, 5:].any()
    assert together[3].tolist() == [[[True] * 9], [[True] * 5 + [False] * 4]]
