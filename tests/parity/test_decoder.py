"""The HiFi-GAN decoder against the outputs of the original network on the same weights."""

from __future__ import annotations

import json

import pytest
import torch
from safetensors.torch import load_file
from support.places import PARITY_DATA
from torch import Tensor

from emotts.model.decoder_hifigan import HifiGanDecoder
from emotts.model.weight_norm import has_weight_norm

RENAMED = {
    "conv_pre": "input_conv",
    "cond": "voice_projection",
    "ups": "upsamplers",
    "resblocks": "residual_blocks",
    "convs1": "dilated_convs",
    "convs2": "plain_convs",
    "convs": "dilated_convs",
    "conv_post": "output_conv",
    "weight_g": "parametrizations.weight.original0",
    "weight_v": "parametrizations.weight.original1",
}


def renamed(name: str) -> str:
    return ".".join(RENAMED.get(part, part) for part in name.removeprefix("dec.").split("."))


def reference_decoder() -> HifiGanDecoder:
    settings = json.loads((PARITY_DATA / "config.json").read_text())["model"]
    decoder = HifiGanDecoder(
        settings["inter_channels"],
        resblock=settings["resblock"],
        resblock_kernel_sizes=settings["resblock_kernel_sizes"],
        resblock_dilation_sizes=settings["resblock_dilation_sizes"],
        upsample_rates=settings["upsample_rates"],
        upsample_initial_channels=settings["upsample_initial_channel"],
        upsample_kernel_sizes=settings["upsample_kernel_sizes"],
        voice_channels=settings["gin_channels"],
    )
    weights = torch.load(PARITY_DATA / "checkpoint.pth", weights_only=True)["model"]
    decoder.load_state_dict({renamed(name): value for name, value in weights.items() if name.startswith("dec.")})
    return decoder.eval()


@pytest.fixture(scope="module")
def cases() -> dict[str, Tensor]:
    return load_file(PARITY_DATA / "cases.safetensors")


def test_same_waveform(cases: dict[str, Tensor]) -> None:
    with torch.no_grad():
        waveform = reference_decoder()(cases["decoder_input"], voice_embedding=cases["conditioning"])
    assert cases["decoder_output"].abs().max() > 0.01
    torch.testing.assert_close(waveform, cases["decoder_output"], atol=1e-4, rtol=0)


def test_same_waveform_with_folded_weights(cases: dict[str, Tensor]) -> None:
    decoder = reference_decoder()
    assert decoder.fold_weight_norm() == 4 + 12 * 6
    assert not has_weight_norm(decoder)
    with torch.no_grad():
        waveform = decoder(cases["decoder_input"], voice_embedding=cases["conditioning"])
    torch.testing.assert_close(waveform, cases["decoder_output"], atol=1e-4, rtol=0)


def test_voice_changes_the_waveform(cases: dict[str, Tensor]) -> None:
    with torch.no_grad():
        waveform = reference_decoder()(cases["decoder_input"], voice_embedding=cases["conditioning"].flip(0))
    assert (waveform - cases["decoder_output"]).abs().max() > 1e-3


def test_full_size_has_the_published_names_and_shapes() -> None:
    published = {
        renamed(name): tuple(shape)
        for name, shape in json.loads((PARITY_DATA / "full_shapes.json").read_text())["generator"].items()
        if name.startswith("dec.")
    }
    with torch.device("meta"):
        decoder = HifiGanDecoder(
            192,
            resblock="1",
            resblock_kernel_sizes=[3, 7, 11],
            resblock_dilation_sizes=[[1, 3, 5]] * 3,
            upsample_rates=[8, 8, 2, 2, 2],
            upsample_initial_channels=512,
            upsample_kernel_sizes=[16, 16, 8, 2, 2],
            voice_channels=256,
        )
    assert {name: tuple(value.shape) for name, value in decoder.state_dict().items()} == published
    assert decoder.hop_length == 512
