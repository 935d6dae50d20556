"""Layers with the channels last in memory answer and learn what torch's layers do."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from emotts.model import channels_last as module
from emotts.model.channels_last import Conv1d, ConvTranspose1d, channels_last
from emotts.model.decoder_hifigan import HifiGanDecoder


@pytest.mark.parametrize(
    "layer",
    [
        Conv1d(6, 4, 3, padding=4, dilation=4, groups=2),
        Conv1d(6, 4, 4, stride=2, padding=1, bias=False),
        ConvTranspose1d(6, 4, 8, stride=4, padding=2),
        ConvTranspose1d(6, 3, 2, stride=2, bias=False),
    ],
)
def test_channels_stay_last(layer: nn.Module) -> None:
    torch.manual_seed(0)
    hidden = torch.randn(2, 6, 21)
    answer = layer(channels_last(hidden))
    torch.testing.assert_close(answer, layer(hidden))
    assert answer.stride(1) == 1
    assert layer(hidden).stride(2) == 1


@pytest.mark.parametrize("kind", ["1", "2"])
def test_the_decoder_says_and_learns_the_same(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    torch.manual_seed(0)
    decoder = HifiGanDecoder(
        8,
        resblock=kind,
        resblock_kernel_sizes=(3, 7, 11),
        resblock_dilation_sizes=((1, 3, 5),) * 3,
        upsample_rates=(8, 4, 2),
        upsample_initial_channels=192,
        upsample_kernel_sizes=(16, 8, 2),
        voice_channels=3,
    )
    for weight in decoder.parameters():  # the published start is so small that the voice is silent
        weight.data.mul_(3.0 if weight.dim() > 1 else 1.0)
    latents, voice = torch.randn(2, 8, 12), torch.randn(2, 3, 1)

    def speak_and_learn() -> list[Tensor]:
        decoder.zero_grad()
        waveform = decoder(latents, voice_embedding=voice)
        waveform.square().mean().backward()
        with torch.no_grad():
            spoken = decoder(latents, voice_embedding=voice)
        return [waveform.detach(), spoken, *(weight.grad for weight in decoder.parameters() if weight.grad is not None)]

    last = speak_and_learn()
    monkeypatch.setattr(module, "_has_channels_last", lambda hidden: False)
    first = speak_and_learn()
    assert not torch.equal(last[0], first[0]), "both went one way"
    for ours, theirs in zip(last, first, strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-3, atol=2e-5 * float(theirs.abs().max()) + 1e-9)
