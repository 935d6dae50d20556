"""The discriminators against the original: scores of the duration discriminator, names and shapes of all."""

from __future__ import annotations

import json

import pytest
import torch
from safetensors.torch import load_file
from support.places import PARITY_DATA
from torch import Tensor, nn

from emotts.model.discriminator_duration import DurationDiscriminator
from emotts.model.discriminator_period import MultiPeriodDiscriminator

DURATION_NAMES = {
    "conv_1": "first_conv",
    "norm_1": "first_norm",
    "conv_2": "second_conv",
    "norm_2": "second_norm",
    "dur_proj": "duration_projection",
    "pre_out_conv_1": "joint_first_conv",
    "pre_out_norm_1": "joint_first_norm",
    "pre_out_conv_2": "joint_second_conv",
    "pre_out_norm_2": "joint_second_norm",
    "cond": "voice_projection",
    "gamma": "weight",
    "beta": "bias",
}
PERIOD_NAMES = {
    "discriminators": "parts",
    "conv_post": "output_conv",
    "weight_g": "parametrizations.weight.original0",
    "weight_v": "parametrizations.weight.original1",
}


def duration_name(name: str) -> str:
    return ".".join(DURATION_NAMES.get(part, part) for part in name.replace("output_layer.0", "output").split("."))


def period_name(name: str) -> str:
    return ".".join(PERIOD_NAMES.get(part, part) for part in name.split("."))


def shapes(network: nn.Module) -> dict[str, tuple[int, ...]]:
    return {name: tuple(value.shape) for name, value in network.state_dict().items()}


@pytest.fixture(scope="module")
def cases() -> dict[str, Tensor]:
    return load_file(PARITY_DATA / "cases.safetensors")


@pytest.fixture(scope="module")
def published() -> dict[str, dict[str, list[int]]]:
    contents: dict[str, dict[str, list[int]]] = json.loads((PARITY_DATA / "full_shapes.json").read_text())
    return contents


@pytest.fixture(scope="module")
def network() -> DurationDiscriminator:
    discriminator = DurationDiscriminator(32, 32, kernel_size=3, dropout=0.1, voice_channels=24)
    weights = torch.load(PARITY_DATA / "duration_discriminator.pth", weights_only=True)["model"]
    discriminator.load_state_dict({duration_name(name): value for name, value in weights.items()})
    return discriminator.eval()


def scores_of(network: DurationDiscriminator, cases: dict[str, Tensor], **changed: Tensor) -> tuple[Tensor, Tensor]:
    mask = cases["text_mask"].bool()
    durations = {
        "aligned": torch.log(cases["durations"] + 1e-6) * mask,
        "predicted": cases["dp_log_durations"],
        "voice_embedding": None,
    }
    with torch.no_grad():
        aligned, predicted = network(cases["text_hidden"], mask, **{**durations, **changed})
    return aligned, predicted


def test_scores(cases: dict[str, Tensor], network: DurationDiscriminator) -> None:
    on_aligned, on_predicted = scores_of(network, cases)
    torch.testing.assert_close(on_aligned, cases["duration_disc_real"], atol=1e-4, rtol=0)
    torch.testing.assert_close(on_predicted, cases["duration_disc_predicted"], atol=1e-4, rtol=0)
    assert (on_aligned - on_predicted).abs().max() > 0.05


def test_the_originals_swapped_arguments_would_be_noticed(
    cases: dict[str, Tensor], network: DurationDiscriminator
) -> None:
    mask = cases["text_mask"]
    on_aligned, on_predicted = scores_of(
        network, cases, aligned=cases["dp_log_durations"], predicted=torch.log(cases["durations"] + 1e-6) * mask
    )
    torch.testing.assert_close(on_aligned, cases["duration_disc_predicted"], atol=1e-4, rtol=0)
    torch.testing.assert_close(on_predicted, cases["duration_disc_real"], atol=1e-4, rtol=0)


def test_voice_matters(cases: dict[str, Tensor], network: DurationDiscriminator) -> None:
    on_aligned, _ = scores_of(network, cases, voice_embedding=cases["conditioning"])
    assert (on_aligned - cases["duration_disc_real"]).abs().max() > 0.01


def test_full_size_duration_discriminator(published: dict[str, dict[str, list[int]]]) -> None:
    with torch.device("meta"):
        discriminator = DurationDiscriminator(192, 192, kernel_size=3, dropout=0.1, voice_channels=256)
    wanted = {duration_name(name): tuple(shape) for name, shape in published["duration_discriminator"].items()}
    assert shapes(discriminator) == wanted


def test_full_size_multi_period_discriminator(published: dict[str, dict[str, list[int]]]) -> None:
    with torch.device("meta"):
        discriminator = MultiPeriodDiscriminator(
            periods=(2, 3, 5, 7, 11),
            period_channels=(32, 128, 512, 1024, 1024),
            scale_channels=(16, 64, 256, 1024, 1024, 1024),
            use_spectral_norm=False,
        )
    wanted = {period_name(name): tuple(shape) for name, shape in published["discriminator"].items()}
    assert shapes(discriminator) == wanted
    assert 46.7e6 < sum(parameter.numel() for parameter in discriminator.parameters()) < 46.8e6
