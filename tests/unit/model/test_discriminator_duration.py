"""The duration discriminator: who gets a gradient, and that padding does not matter."""

from __future__ import annotations

import inspect

import pytest
import torch
from torch import Tensor

from emotts.errors import ConfigError
from emotts.model.discriminator_duration import DurationDiscriminator


def tiny(*, voice_channels: int = 3) -> DurationDiscriminator:
    torch.manual_seed(0)
    return DurationDiscriminator(6, 8, kernel_size=3, dropout=0.5, voice_channels=voice_channels).eval()


def inputs(*, tokens: int = 7) -> tuple[Tensor, Tensor, dict[str, Tensor]]:
    torch.manual_seed(1)
    mask = torch.ones(2, 1, tokens, dtype=torch.bool)
    rest = {
        "aligned": torch.randn(2, 1, tokens),
        "predicted": torch.randn(2, 1, tokens),
        "voice_embedding": torch.randn(2, 3, 1),
    }
    return torch.randn(2, 6, tokens), mask, rest


def test_durations_cannot_be_swapped_by_position() -> None:
    kinds = {name: each.kind for name, each in inspect.signature(DurationDiscriminator.forward).parameters.items()}
    assert kinds["aligned"] == kinds["predicted"] == inspect.Parameter.KEYWORD_ONLY


@pytest.mark.parametrize("tokens", [1, 7])
def test_scores(tokens: int) -> None:
    hidden, mask, rest = inputs(tokens=tokens)
    on_aligned, on_predicted = tiny()(hidden, mask, **rest)
    assert on_aligned.shape == on_predicted.shape == (2, tokens, 1)
    assert ((on_aligned > 0) & (on_aligned < 1)).all()
    same, again = tiny()(hidden, mask, **{**rest, "predicted": rest["aligned"]})
    torch.testing.assert_close(same, again, atol=0, rtol=0)
    torch.testing.assert_close(same, on_aligned)


def test_the_score_of_the_predicted_durations_teaches_the_predictor() -> None:
    hidden, mask, rest = inputs()
    for value in (hidden, *rest.values()):
        value.requires_grad_(True)
    _, on_predicted = tiny()(hidden, mask, **rest)
    (1 - on_predicted).square().mean().backward()
    assert rest["predicted"].grad.abs().min() > 0
    assert rest["aligned"].grad is None
    assert rest["voice_embedding"].grad is None
    assert hidden.grad is None


def test_every_weight_gets_a_gradient() -> None:
    hidden, mask, rest = inputs()
    network = tiny()
    on_aligned, on_predicted = network(hidden, mask, **rest)
    ((1 - on_aligned).square().mean() + on_predicted.square().mean()).backward()
    missing = [name for name, value in network.named_parameters() if value.grad is None or not value.grad.abs().sum()]
    assert missing == []


def test_mixed_lengths_score_as_each_alone() -> None:
    hidden, mask, rest = inputs()
    mask = mask.clone()
    mask[1, 0, 4:] = False
    padded = tiny()(hidden, mask, **rest)
    alone = tiny()(
        hidden[1:, :, :4],
        mask[1:, :, :4],
        aligned=rest["aligned"][1:, :, :4],
        predicted=rest["predicted"][1:, :, :4],
        voice_embedding=rest["voice_embedding"][1:],
    )
    for long, short in zip(padded, alone, strict=True):
        torch.testing.assert_close(long[1:, :4], short, atol=1e-6, rtol=1e-5)


def test_without_a_voice() -> None:
    hidden, mask, rest = inputs()
    network = tiny(voice_channels=0)
    assert network.voice_projection is None
    first, _ = network(hidden, mask, **rest)
    second, _ = network(hidden, mask, **{**rest, "voice_embedding": None})
    torch.testing.assert_close(first, second, atol=0, rtol=0)


def test_double_precision() -> None:
    hidden, mask, rest = inputs()
    scores, _ = tiny().double()(hidden.double(), mask, **{name: value.double() for name, value in rest.items()})
    assert scores.dtype == torch.float64


def test_even_kernel() -> None:
    with pytest.raises(ConfigError, match="must be odd\n  found: 4"):
        DurationDiscriminator(6, 8, kernel_size=4, dropout=0.0, voice_channels=0)
