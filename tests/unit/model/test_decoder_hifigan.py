"""The HiFi-GAN decoder: shapes, both kinds of block, exact numbers on tiny weights, settings that do not fit."""

from __future__ import annotations

import copy
import math
from typing import Any

import pytest
import torch

from emotts.errors import ConfigError
from emotts.model.decoder_hifigan import HifiGanDecoder, PairedResidualBlock, SingleResidualBlock
from emotts.model.weight_norm import has_weight_norm

SETTINGS: dict[str, Any] = {
    "resblock": "1",
    "resblock_kernel_sizes": (3, 5),
    "resblock_dilation_sizes": ((1, 3), (1, 3)),
    "upsample_rates": (4, 2),
    "upsample_initial_channels": 8,
    "upsample_kernel_sizes": (8, 4),
    "voice_channels": 3,
}


def tiny(**changed: Any) -> HifiGanDecoder:
    torch.manual_seed(0)
    return HifiGanDecoder(4, **{**SETTINGS, **changed})


@pytest.mark.parametrize("resblock", ["1", "2"])
@pytest.mark.parametrize("frames", [1, 5])
def test_shape_and_range(resblock: str, frames: int) -> None:
    decoder = tiny(resblock=resblock)
    waveform = decoder(100 * torch.randn(2, 4, frames), voice_embedding=torch.randn(2, 3, 1))
    assert decoder.hop_length == 8
    assert waveform.shape == (2, 1, frames * 8)
    assert waveform.abs().max() <= 1


def test_exact_numbers_of_a_decoder_of_ones() -> None:
    # every weight a unit impulse: latent 2 -> voice +1 -> 3; upsampled by a kernel of ones; blocks 1 -> the
    # residual path doubles twice; one channel of output
    decoder = tiny(
        resblock="2",
        resblock_kernel_sizes=(1,),
        resblock_dilation_sizes=((1,),),
        upsample_rates=(2,),
        upsample_kernel_sizes=(2,),
        upsample_initial_channels=2,
        voice_channels=1,
    )
    decoder.fold_weight_norm()
    with torch.no_grad():
        for parameter in decoder.parameters():
            parameter.zero_()
        decoder.input_conv.weight[0, 0, 3] = 1.0
        decoder.voice_projection.weight[0, 0, 0] = 1.0
        decoder.upsamplers[0].weight[0, 0, :] = torch.tensor([0.01, -0.01])
        decoder.residual_blocks[0].dilated_convs[0].weight[0, 0, 0] = 1.0
        decoder.output_conv.weight[0, 0, 3] = 1.0
        latents = torch.zeros(1, 4, 1)
        latents[0, 0, 0] = 2.0
        waveform = decoder(latents, voice_embedding=torch.ones(1, 1, 1))
    # positive sample: 0.03 + leaky(0.03) = 0.06; negative: -0.03 - 0.003 = -0.033, last slope 0.01
    expected = [math.tanh(0.06), math.tanh(-0.033 * 0.01)]
    torch.testing.assert_close(waveform[0, 0], torch.tensor(expected), atol=1e-7, rtol=1e-5)


def test_blocks_are_averaged() -> None:
    one = tiny(resblock_kernel_sizes=(3,), resblock_dilation_sizes=((1,),))
    two = tiny(resblock_kernel_sizes=(3, 3), resblock_dilation_sizes=((1,), (1,)))
    latents, voice = torch.randn(1, 4, 6), torch.randn(1, 3, 1)
    spoken = two(latents, voice_embedding=voice)
    for stage in (0, 2):
        first, second = two.residual_blocks[stage], two.residual_blocks[stage + 1]
        two.residual_blocks[stage], two.residual_blocks[stage + 1] = second, first
    torch.testing.assert_close(two(latents, voice_embedding=voice), spoken)
    same = {name: value for name, value in one.state_dict().items() if not name.startswith("residual_blocks")}
    two.load_state_dict(same, strict=False)
    for number, block in enumerate(two.residual_blocks):
        block.load_state_dict(one.residual_blocks[number // 2].state_dict())
    torch.testing.assert_close(two(latents, voice_embedding=voice), one(latents, voice_embedding=voice))
    assert not torch.allclose(two(latents, voice_embedding=voice), spoken)


@pytest.mark.parametrize("kind", [PairedResidualBlock, SingleResidualBlock])
def test_block_without_weights_is_the_identity(kind: type[PairedResidualBlock] | type[SingleResidualBlock]) -> None:
    block = kind(3, kernel_size=5, dilations=(1, 3))
    with torch.no_grad():
        for parameter in block.parameters():
            parameter.zero_()
        for name, parameter in block.named_parameters():
            if name.endswith("original1"):
                parameter.fill_(1.0)
    hidden = torch.randn(2, 3, 20)
    assert torch.equal(block(hidden), hidden)


def test_folding_changes_nothing_but_the_form() -> None:
    decoder = tiny()
    latents, voice = torch.randn(1, 4, 6), torch.randn(1, 3, 1)
    before = decoder(latents, voice_embedding=voice)
    folded = copy.deepcopy(decoder)
    assert has_weight_norm(decoder)
    assert folded.fold_weight_norm() == 2 + 4 * 4
    assert folded.fold_weight_norm() == 0
    assert not has_weight_norm(folded)
    assert has_weight_norm(decoder)
    torch.testing.assert_close(folded(latents, voice_embedding=voice), before, atol=1e-7, rtol=1e-5)
    torch.testing.assert_close(decoder(latents, voice_embedding=voice), before, atol=0, rtol=0)


def test_every_parameter_gets_a_gradient() -> None:
    decoder = tiny()
    decoder(torch.randn(2, 4, 6), voice_embedding=torch.randn(2, 3, 1)).square().sum().backward()
    missing = [name for name, value in decoder.named_parameters() if value.grad is None or not value.grad.abs().sum()]
    assert missing == []


def test_odd_channels_are_halved_and_rounded_down() -> None:
    decoder = tiny(upsample_initial_channels=7)
    assert [tuple(layer.weight.shape[:2]) for layer in decoder.upsamplers] == [(7, 3), (3, 1)]
    assert decoder(torch.randn(1, 4, 3), voice_embedding=torch.randn(1, 3, 1)).shape == (1, 1, 24)


def test_a_missing_voice_is_an_error() -> None:
    with pytest.raises(ConfigError, match="conditioned on a voice and got none"):
        tiny()(torch.randn(1, 4, 3))
    assert tiny(voice_channels=0)(torch.randn(1, 4, 3)).shape == (1, 1, 24)


def test_double_precision() -> None:
    waveform = tiny().double()(torch.randn(1, 4, 3).double(), voice_embedding=torch.randn(1, 3, 1).double())
    assert waveform.dtype == torch.float64


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"resblock": "3"}, "unknown kind of residual block\n  found: '3'"),
        ({"upsample_kernel_sizes": (8,)}, "every upsampling rate needs one kernel size"),
        ({"upsample_kernel_sizes": (8, 1)}, "found: kernel 1, rate 2"),
        ({"upsample_kernel_sizes": (7, 4)}, "found: kernel 7, rate 4"),
        ({"upsample_initial_channels": 3}, "found: 3 channels, 2 upsamplings\n  wanted: at least 4"),
        ({"resblock_kernel_sizes": (3,)}, "found: kernels .3., 2 lists of dilations"),
        ({"resblock_kernel_sizes": (3, 4)}, "odd kernels"),
    ],
)
def test_settings_that_do_not_fit(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        tiny(**changed)
