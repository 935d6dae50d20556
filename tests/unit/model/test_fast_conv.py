"""The fast way of convolving gives what the plain way gives: values, gradients, and only where it may."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from emotts.model import fast_layers as module
from emotts.model.attention import Transformer
from emotts.model.decoder_hifigan import HifiGanDecoder
from emotts.model.discriminator_period import PeriodDiscriminator
from emotts.model.fast_conv import fast_conv
from emotts.model.fast_layers import FastConv1d, FastConvTranspose1d, FastRowConv2d, channels_last
from emotts.model.wavenet import WaveNet

SHARE_OF_STD = 5e-5
"""Largest difference allowed in float32, in standard deviations of the plain result."""


def plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_is_faster", lambda layer, hidden, weight: False)


def assert_equal(fast: Tensor, plain: Tensor) -> None:
    assert fast.shape == plain.shape
    assert fast.dtype == plain.dtype
    worst = (fast - plain).abs().max() / plain.std()
    assert worst < SHARE_OF_STD, f"differs by {worst:.1e} standard deviations"


@pytest.mark.parametrize("taps", [2, 3, 4, 5, 7, 11])
@pytest.mark.parametrize("rows", [1, 4, 5, 17])
@pytest.mark.parametrize(("stride", "dilation", "columns"), [(1, 1, 1), (1, 1, 3), (2, 1, 1), (3, 1, 2), (1, 3, 2)])
def test_every_shape_in_double_precision(taps: int, rows: int, stride: int, dilation: int, columns: int) -> None:
    torch.manual_seed(0)
    kernel_size = taps * stride - (stride - 1)
    padding = dilation * kernel_size // 2
    hidden = torch.randn(2, 3, rows * stride, columns, dtype=torch.float64, requires_grad=True)
    weight = torch.randn(4, 3, kernel_size, dtype=torch.float64, requires_grad=True)
    fast = fast_conv(hidden, weight, stride=stride, padding=padding, dilation=dilation)
    plain = F.conv2d(hidden, weight.unsqueeze(3), stride=(stride, 1), padding=(padding, 0), dilation=(dilation, 1))
    torch.testing.assert_close(fast, plain, rtol=0, atol=1e-12)
    along = torch.randn_like(plain)
    of_fast = torch.autograd.grad(fast, (hidden, weight), along)
    of_plain = torch.autograd.grad(plain, (hidden, weight), along)
    for ours, theirs in zip(of_fast, of_plain, strict=True):
        torch.testing.assert_close(ours, theirs, rtol=0, atol=1e-12)


@pytest.mark.parametrize(("rows", "stride", "kernel_size", "unread"), [(30, 3, 5, 1), (17, 2, 10, 1)])
def test_rows_behind_the_last_window_get_no_gradient(rows: int, stride: int, kernel_size: int, unread: int) -> None:
    torch.manual_seed(0)
    hidden = torch.randn(1, 2, rows, 1, dtype=torch.float64, requires_grad=True)
    fast_conv(hidden, torch.randn(3, 2, kernel_size, dtype=torch.float64), stride=stride, padding=0).sum().backward()
    assert hidden.grad is not None
    assert hidden.grad[:, :, :-unread].abs().min() > 1e-3
    assert hidden.grad[:, :, -unread:].abs().max() < 1e-12


def test_gradients_are_those_of_the_function() -> None:
    torch.manual_seed(0)
    hidden = torch.randn(1, 2, 9, 2, dtype=torch.float64, requires_grad=True)
    weight = torch.randn(2, 2, 5, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda h, w: fast_conv(h, w, stride=1, padding=2), (hidden, weight))


@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        (FastConv1d(192, 768, 5, padding=2), (2, 192, 130)),
        (FastConv1d(768, 192, 3), (2, 768, 130)),
        (FastRowConv2d(512, 1024, (5, 1), stride=(3, 1), padding=(2, 0)), (2, 512, 100, 3)),
        (FastRowConv2d(1024, 1024, (5, 1), padding=(2, 0)), (2, 1024, 41, 3)),
    ],
)
def test_full_width_layers_in_single_precision(layer: nn.Module, shape: tuple[int, ...]) -> None:
    torch.manual_seed(0)
    layer = layer.requires_grad_(True)
    hidden = torch.randn(shape, requires_grad=True)
    fast = layer(hidden)
    assert "_FastConvBackward" in history(fast)
    conv = F.conv1d if len(shape) == 3 else F.conv2d
    plain = conv(hidden, layer.weight, layer.bias, stride=layer.stride, padding=layer.padding)  # type: ignore[operator]
    assert_equal(fast, plain)
    along = torch.randn_like(plain)
    wanted = (hidden, layer.weight, layer.bias)
    pairs = zip(torch.autograd.grad(fast, wanted, along), torch.autograd.grad(plain, wanted, along), strict=True)
    for ours, theirs in pairs:
        assert_equal(ours, theirs)


@pytest.mark.parametrize(
    ("layer", "shape", "reason"),
    [
        (FastConv1d(64, 64, 5, padding=2), (1, 64, 100), "narrow"),
        (FastConv1d(512, 512, 1), (1, 512, 100), "no taps to share"),
        (FastConv1d(128, 128, 5, padding=2, groups=2), (1, 128, 100), "grouped"),
        (FastConv1d(128, 128, 5, padding=2), (1, 128, 20), "short"),
        (FastConv1d(128, 128, 5, padding=2).double(), (1, 128, 100), "double precision"),
    ],
)
def test_the_plain_way_where_the_fast_one_does_not_fit(layer: FastConv1d, shape: tuple[int, ...], reason: str) -> None:
    hidden = torch.randn(shape, dtype=layer.weight.dtype)
    answer = layer(hidden)
    assert "_FastConvBackward" not in history(answer), reason
    assert torch.equal(answer, nn.Conv1d._conv_forward(layer, hidden, layer.weight, layer.bias)), reason


def test_half_precision_goes_the_plain_way() -> None:
    layer = FastConv1d(128, 128, 5, padding=2)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        answer = layer(torch.randn(1, 128, 100))
    assert answer.dtype == torch.bfloat16
    assert "_FastConvBackward" not in history(answer)


def network_and_call(kind: str) -> tuple[nn.Module, Tensor]:
    torch.manual_seed(0)
    if kind == "period":
        return PeriodDiscriminator(3, (8, 64, 128, 128), use_spectral_norm=False), torch.randn(2, 1, 9000)
    if kind == "wavenet":
        return WaveNet(96, kernel_size=5, n_layers=3, voice_channels=0), torch.randn(2, 96, 200)
    return (
        Transformer(96, filter_channels=384, n_heads=2, n_layers=2, kernel_size=3, dropout=0.0, voice_channels=0),
        torch.randn(2, 96, 200),
    )


def answer_and_gradients(network: nn.Module, hidden: Tensor) -> list[Tensor]:
    network.zero_grad()
    if isinstance(network, PeriodDiscriminator):
        logits, maps = network(hidden)
        answers = [logits, *maps]
    else:
        answers = [network(hidden, torch.ones(hidden.shape[0], 1, hidden.shape[2]).bool(), voice_embedding=None)]
    torch.stack([answer.square().mean() for answer in answers]).sum().backward()
    gradients = [weight.grad for weight in network.parameters() if weight.grad is not None]
    return [answer.detach() for answer in answers] + gradients


@pytest.mark.parametrize("kind", ["period", "wavenet", "transformer"])
def test_networks_answer_and_learn_the_same(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    network, hidden = network_and_call(kind)
    fast = answer_and_gradients(network, hidden)
    plainly(monkeypatch)
    plain = answer_and_gradients(network, hidden)
    assert any(not torch.equal(ours, theirs) for ours, theirs in zip(fast, plain, strict=True)), "both went one way"
    for ours, theirs in zip(fast, plain, strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-4, atol=2e-5 * float(theirs.abs().max()) + 1e-7)


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

    fast = speak_and_learn()
    plainly(monkeypatch)
    monkeypatch.setattr(module, "_has_channels_last", lambda hidden: False)
    plain = speak_and_learn()
    assert not torch.equal(fast[0], plain[0]), "both went one way"
    for ours, theirs in zip(fast, plain, strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-3, atol=2e-5 * float(theirs.abs().max()) + 1e-9)


@pytest.mark.parametrize(
    "layer",
    [
        FastConv1d(6, 4, 3, padding=4, dilation=4, groups=2),
        FastConv1d(6, 4, 4, stride=2, padding=1, bias=False),
        FastConvTranspose1d(6, 4, 8, stride=4, padding=2),
        FastConvTranspose1d(6, 3, 2, stride=2, bias=False),
    ],
)
def test_channels_stay_last(layer: nn.Module) -> None:
    torch.manual_seed(0)
    hidden = torch.randn(2, 6, 21)
    answer = layer(channels_last(hidden))
    torch.testing.assert_close(answer, layer(hidden))
    assert answer.stride(1) == 1
    assert layer(hidden).stride(2) == 1


def history(result: Tensor) -> set[str]:
    """Return the names of all functions that the result came from."""
    names: set[str] = set()
    waiting = [result.grad_fn]
    while waiting:
        function = waiting.pop()
        if function is not None:
            names.add(function.name())
            waiting.extend(before for before, _ in function.next_functions)
    return names
