"""Convolution layers that compute sooner on a CPU: weights, names and results of torch's layers, but for rounding.

Wide ones go the way of :mod:`emotts.model.fast_conv`. The others keep a tensor that has its channels last in memory
that way, which torch's convolutions of one dimension do not: in two dimensions they are faster there by a third,
transposed ones by a factor of four.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from emotts.model.fast_conv import fast_conv

__all__ = ["FastConv1d", "FastConvTranspose1d", "FastRowConv2d", "channels_last"]

_MIN_WORK_IN_TRAINING = 200
"""Multiplications per value read or written, from which on the fast way is the faster one; measured."""
_MIN_WORK_IN_SPEAKING = 600
_MIN_POSITIONS = 64


def channels_last(hidden: Tensor) -> Tensor:
    """Return ``hidden`` (batch, channel, time), on a CPU with its channels last in memory."""
    if hidden.device.type != "cpu":
        return hidden
    return hidden.transpose(1, 2).contiguous().transpose(1, 2)


class FastConv1d(nn.Conv1d):
    """``nn.Conv1d``, for tensors (batch, channel, time)."""

    def _conv_forward(self, input: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        if _is_faster(self, input, weight):
            return _add_bias(_convolved(self, input.unsqueeze(3), weight), bias).squeeze(3)
        if not _has_channels_last(input) or self.padding_mode != "zeros" or isinstance(self.padding, str):
            plain: Tensor = super()._conv_forward(input, weight, bias)
            return plain
        return F.conv2d(
            input.unsqueeze(2),
            weight.unsqueeze(2),
            bias,
            stride=(1, self.stride[0]),
            padding=(0, self.padding[0]),
            dilation=(1, self.dilation[0]),
            groups=self.groups,
        ).squeeze(2)


class FastConvTranspose1d(nn.ConvTranspose1d):
    """``nn.ConvTranspose1d`` without groups and output padding, for tensors (batch, channel, time)."""

    def forward(self, input: Tensor, output_size: list[int] | None = None) -> Tensor:
        """Return the upsampled tensor."""
        if not _has_channels_last(input) or output_size is not None:
            return super().forward(input, output_size)
        return F.conv_transpose2d(
            input.unsqueeze(2),
            self.weight.unsqueeze(2),
            self.bias,
            stride=(1, self.stride[0]),
            padding=(0, int(self.padding[0])),
            output_padding=(0, self.output_padding[0]),
            groups=self.groups,
            dilation=(1, self.dilation[0]),
        ).squeeze(2)


class FastRowConv2d(nn.Conv2d):
    """``nn.Conv2d`` with kernel (taps, 1), for tensors (batch, channel, row, column)."""

    def _conv_forward(self, input: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        if _is_faster(self, input, weight):
            return _add_bias(_convolved(self, input, weight.flatten(2)), bias)
        plain: Tensor = super()._conv_forward(input, weight, bias)
        return plain


def _has_channels_last(hidden: Tensor) -> bool:
    return hidden.device.type == "cpu" and hidden.dim() == 3 and hidden.shape[1] > 1 and hidden.stride(1) == 1


def _convolved(layer: nn.Conv1d | nn.Conv2d, hidden: Tensor, weight: Tensor) -> Tensor:
    padding, dilation = int(layer.padding[0]), layer.dilation[0]
    return fast_conv(hidden, weight, stride=layer.stride[0], padding=padding, dilation=dilation)


def _add_bias(hidden: Tensor, bias: Tensor | None) -> Tensor:
    return hidden if bias is None else hidden + bias.view(-1, 1, 1)


def _is_faster(layer: nn.Conv1d | nn.Conv2d, hidden: Tensor, weight: Tensor) -> bool:
    """Say whether the fast way computes the same as ``layer`` with ``weight`` on ``hidden``, and sooner."""
    stride, taps = layer.stride[0], layer.kernel_size[0]
    work = taps * layer.in_channels * layer.out_channels / (layer.in_channels + layer.out_channels)
    return (
        hidden.device.type == "cpu"
        and hidden.dtype == torch.float32
        and weight.dtype == torch.float32
        and not torch.is_autocast_enabled("cpu")
        and not torch.jit.is_tracing()  # type: ignore[attr-defined, no-untyped-call]
        and not torch.compiler.is_compiling()
        and layer.groups == 1
        and (stride == 1 or layer.dilation[0] == 1)
        and layer.padding_mode == "zeros"
        and not isinstance(layer.padding, str)
        and taps > stride
        and all(size == 1 for size in layer.kernel_size[1:])
        and work >= (_MIN_WORK_IN_TRAINING if torch.is_grad_enabled() else _MIN_WORK_IN_SPEAKING)
        and hidden.dim() == len(layer.kernel_size) + 2
        and hidden.numel() // hidden.shape[1] >= _MIN_POSITIONS * stride
    )
