"""The discriminators that look at the waveform itself."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from support.discriminators import check_gradients, check_one_batch
from torch import nn

from emotts.errors import ConfigError
from emotts.model.discriminator_period import MultiPeriodDiscriminator, PeriodDiscriminator, ScaleDiscriminator
from emotts.model.weight_norm import fold_weight_norm

SETTINGS: dict[str, Any] = {
    "periods": (2, 3, 5),
    "period_channels": (4, 8, 8),
    "scale_channels": (8, 16, 16, 16),
    "use_spectral_norm": False,
}


def tiny(**changed: Any) -> MultiPeriodDiscriminator:
    torch.manual_seed(0)
    return MultiPeriodDiscriminator(**{**SETTINGS, **changed})


def test_shapes_of_answers_and_maps() -> None:
    answer = tiny()(torch.randn(2, 1, 180))
    assert [tuple(map_.shape) for map_ in answer.feature_maps[0]] == [
        (2, 8, 180),
        (2, 16, 45),
        (2, 16, 12),
        (2, 16, 12),
        (2, 1, 12),
    ]
    assert [tuple(map_.shape) for map_ in answer.feature_maps[2]] == [
        (2, 4, 20, 3),
        (2, 8, 7, 3),
        (2, 8, 7, 3),
        (2, 1, 7, 3),
    ]
    assert [tuple(logits.shape) for logits in answer.logits] == [(2, 12), (2, 20), (2, 21), (2, 20)]
    for logits, maps in zip(answer.logits, answer.feature_maps, strict=True):
        torch.testing.assert_close(logits, maps[-1].flatten(1), atol=0, rtol=0)


def test_one_batch_gives_the_same_as_two_passes() -> None:
    check_one_batch(tiny(), n_samples=151)


def test_columns_are_the_samples_one_period_apart() -> None:
    # the kernel picks the middle sample: row r, column c is sample 3 r + c, the missing end mirrored
    part = PeriodDiscriminator(3, (1,), use_spectral_norm=False)
    fold_weight_norm(part)
    with torch.no_grad():
        for parameter in part.parameters():
            parameter.zero_()
        part.convs[0].weight[0, 0, 2, 0] = 1.0
        part.output_conv.weight[0, 0, 1, 0] = 2.0
    logits, maps = part(torch.arange(1.0, 8.0).reshape(1, 1, 7))
    assert maps[0][0, 0].tolist() == [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 6.0, 5.0]]
    assert logits.tolist() == [[2.0, 4.0, 6.0, 8.0, 10.0, 12.0, 14.0, 12.0, 10.0]]


def test_groups_of_four_channels() -> None:
    part = ScaleDiscriminator((16, 64, 256, 64, 8), use_spectral_norm=False)
    assert [conv.groups for conv in part.convs] == [1, 4, 16, 64, 1]
    assert [conv.stride for conv in part.convs] == [(1,), (4,), (4,), (4,), (1,)]


@pytest.mark.parametrize("use_spectral_norm", [False, True])
def test_gradient_reaches_the_waveform_and_every_weight(use_spectral_norm: bool) -> None:
    check_gradients(tiny(use_spectral_norm=use_spectral_norm), n_samples=151)


def test_frozen_weights_still_pass_the_gradient() -> None:
    network = tiny().requires_grad_(False)
    fake = torch.randn(1, 1, 151, requires_grad=True)
    sum(logits.sum() for logits in network(fake).logits).backward()
    assert fake.grad.abs().sum() > 0


def test_spectral_norm_bounds_the_weights() -> None:
    network = tiny(use_spectral_norm=True)
    with torch.no_grad():
        for _ in range(30):
            network(torch.randn(1, 1, 60))
    norms = [
        torch.linalg.matrix_norm(conv.weight.flatten(1), 2) for conv in network.modules() if isinstance(conv, nn.Conv1d)
    ]
    torch.testing.assert_close(torch.stack(norms), torch.ones(len(norms)), atol=0.02, rtol=0)


def test_no_scale_part() -> None:
    network = tiny(scale_channels=())
    assert len(network.parts) == len(network(torch.randn(1, 1, 60)).logits) == 3


def test_double_precision() -> None:
    assert tiny().double()(torch.randn(1, 1, 60).double()).logits[0].dtype == torch.float64


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"periods": (2, 0)}, "found: periods .2, 0."),
        ({"period_channels": ()}, "positive periods and at least one layer"),
        ({"periods": (), "scale_channels": ()}, "nothing to look at"),
        ({"scale_channels": (8,)}, "found: .8."),
        ({"scale_channels": (16, 18, 16)}, "divisible by a quarter"),
        ({"scale_channels": (18, 16, 16)}, "divisible by a quarter"),
    ],
)
def test_settings_that_do_not_fit(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        tiny(**changed)
