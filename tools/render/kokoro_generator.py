"""The costly part of Kokoro's decoder, from frames to spectra, in PyTorch.

It multiplies in bfloat16 where the processor has instructions for that, more than twice as fast as ONNX Runtime.
Normalisation, activations and sums are in float32. Shapes are (time, channel), the order in which the products of the
convolutions are fastest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from emotts.runtime import keep_few_lengths
from tools.render.kokoro_graph import FloatGraph

__all__ = ["KokoroGenerator", "quick_type"]

_PLACE = "/decoder/decoder/generator/"
_NAME = "decoder.decoder.generator."
_KERNELS = 3
"""Residual blocks of an upsampling, each with another kernel."""
_EPSILON = 1e-5


@dataclass(frozen=True)
class _Convolution:
    """Weights, and what they are applied with."""

    weight: Tensor
    bias: Tensor
    stride: int
    padding: int
    dilation: int

    def __call__(self, signal: Tensor) -> Tensor:
        """Convolve (time, channel)."""
        convolved = functional.conv2d(
            signal.to(self.weight.dtype).t()[None, :, None],
            self.weight,
            self.bias,
            stride=(1, self.stride),
            padding=(0, self.padding),
            dilation=(1, self.dilation),
        )
        return convolved[0, :, 0].t().float()


@dataclass(frozen=True)
class _Layer:
    """A normalisation that the style scales and moves, the activation x + sin(a x)^2 / a, and a convolution."""

    style_weight: Tensor
    style_bias: Tensor
    alpha: Tensor
    convolution: _Convolution

    def __call__(self, signal: Tensor, style: Tensor) -> Tensor:
        """Transform (time, channel) with a style (128,)."""
        scale, shift = (style @ self.style_weight + self.style_bias).reshape(2, -1)
        mean = signal.mean(0)
        variance = (signal * signal).mean(0) - mean * mean
        factor = (1.0 + scale) * torch.rsqrt(variance.clamp(min=0.0) + _EPSILON)
        offset = shift - mean * factor
        half = 0.5 / self.alpha  # sin(a x)^2 / a = (1 - cos(2 a x)) / 2a
        waves = torch.addcmul(offset / half, signal, factor / half).cos_()
        return self.convolution(torch.addcmul(offset + half, signal, factor).addcmul_(waves, -half))


@dataclass(frozen=True)
class _Weights:
    """The weights of a network by their places in it."""

    _graph: FloatGraph
    _dtype: torch.dtype

    def block(self, name: str) -> list[_Layer]:
        """Return the six layers of a residual block, in order."""
        return [
            _Layer(
                style_weight=self.tensors(f"{_PLACE}{name}/adain{half}.{number}/fc/Gemm_output_0_MatMul")[0],
                style_bias=self._tensor(f"{_NAME}{name}.adain{half}.{number}.fc.bias"),
                alpha=self._tensor(f"{_NAME}{name}.alpha{half}.{number}").reshape(-1),
                convolution=self.convolution(f"{name}/convs{half}.{number}"),
            )
            for number in range(3)
            for half in (1, 2)
        ]

    def convolution(self, name: str) -> _Convolution:
        """Return a convolution by its place."""
        output = f"{_PLACE}{name}/Conv_output_0"
        weight, bias = self.tensors(output)
        stride, padding, dilation = (self._graph.setting(output, key) for key in ("strides", "pads", "dilations"))
        products = weight[:, :, None].to(self._dtype).contiguous(memory_format=torch.channels_last)
        return _Convolution(products, bias.to(self._dtype), stride, padding, dilation)

    def tensors(self, output: str) -> list[Tensor]:
        """Return weight and bias of the node that makes a tensor."""
        return [torch.from_numpy(weight.astype(np.float32)) for weight in self._graph.weights(output)]

    def _tensor(self, name: str) -> Tensor:
        return torch.from_numpy(self._graph.value(name).astype(np.float32))


class KokoroGenerator:
    """The generator of Kokoro's decoder.

    Args:
        graph: the network, whose weights are taken.
        dtype: of the products, see :func:`quick_type`.
    """

    def __init__(self, graph: FloatGraph, *, dtype: torch.dtype) -> None:
        keep_few_lengths()
        self._dtype = dtype
        weights = _Weights(graph, dtype)
        self._source = [weights.convolution(f"noise_convs.{number}") for number in range(2)]
        self._source_blocks = [weights.block(f"noise_res.{number}") for number in range(2)]
        self._blocks = [weights.block(f"resblocks.{number}") for number in range(2 * _KERNELS)]
        self._upsampling = [weights.tensors(f"{_PLACE}ups.{number}/ConvTranspose_output_0") for number in range(2)]
        self._last = weights.tensors(f"{_PLACE}conv_post/Conv_output_0")

    @torch.inference_mode()
    def __call__(self, frames: np.ndarray, source: np.ndarray, style: np.ndarray) -> np.ndarray:
        """Return spectra (22, time): log magnitudes, and what the sine of is the phase, as the inverse STFT reads them.

        Args:
            frames: (512, frame), what the decoder makes of phones, pitch and energy.
            source: (22, time), magnitudes and phases of the harmonics; 60 times as long as ``frames``, and one more.
            style: (128,).
        """
        wave, voice = torch.from_numpy(source).t().contiguous(), torch.from_numpy(style)
        signal = torch.from_numpy(frames).t()
        for number, (padding, stride) in enumerate(((5, 10), (3, 6))):
            excitation = _through(self._source_blocks[number], self._source[number](wave), voice)
            weight, bias = self._upsampling[number]
            wider = functional.conv_transpose1d(
                functional.leaky_relu(signal, 0.1).t()[None].to(self._dtype),
                weight.to(self._dtype),
                bias.to(self._dtype),
                stride=stride,
                padding=padding,
            ).float()
            if number:
                wider = functional.pad(wider, (1, 0), mode="reflect")
            excited = excitation.add_(wider[0].t())
            blocks = self._blocks[_KERNELS * number : _KERNELS * (number + 1)]
            signal = torch.stack([_through(block, excited, voice) for block in blocks]).mean(0)
        weight, bias = self._last
        return functional.conv1d(functional.leaky_relu(signal, 0.01).t()[None], weight, bias, padding=3)[0].numpy()


def quick_type() -> torch.dtype:
    """Return the type in which this processor multiplies fastest: bfloat16 with AMX or AVX-512 BF16, else float32."""
    capabilities = torch.cpu.get_capabilities()
    quick = any(capabilities.get(name, False) for name in ("amx_bf16", "avx512_bf16"))
    return torch.bfloat16 if quick else torch.float32


def _through(block: Sequence[_Layer], signal: Tensor, style: Tensor) -> Tensor:
    """Pass (time, channel) through a residual block."""
    for first, second in zip(block[::2], block[1::2], strict=True):
        signal = second(first(signal, style), style).add_(signal)
    return signal
