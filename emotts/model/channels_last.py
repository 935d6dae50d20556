"""Convolutions that keep a tensor's channels last in memory, which is faster on a CPU.

Weights, names and results are those of torch's layers, but for rounding. Torch has that layout for images alone, so a
tensor (batch, channel, time) goes through the layers of two dimensions as an image of one row: a third faster,
transposed convolutions four times.
"""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional as F

__all__ = ["Conv1d", "ConvTranspose1d", "channels_last"]


def channels_last(hidden: Tensor) -> Tensor:
    """Return ``hidden`` (batch, channel, time), on a CPU with its channels last in memory."""
    if hidden.device.type != "cpu":
        return hidden
    return hidden.transpose(1, 2).contiguous().transpose(1, 2)


class Conv1d(nn.Conv1d):
    """``nn.Conv1d`` with zero padding given in numbers, for tensors (batch, channel, time)."""

    def _conv_forward(self, input: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        if not _has_channels_last(input):
            plain: Tensor = super()._conv_forward(input, weight, bias)
            return plain
        return F.conv2d(
            input.unsqueeze(2),
            weight.unsqueeze(2),
            bias,
            stride=(1, self.stride[0]),
            padding=(0, int(self.padding[0])),
            dilation=(1, self.dilation[0]),
            groups=self.groups,
        ).squeeze(2)


class ConvTranspose1d(nn.ConvTranspose1d):
    """``nn.ConvTranspose1d`` for tensors (batch, channel, time)."""

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


def _has_channels_last(hidden: Tensor) -> bool:
    return hidden.device.type == "cpu" and hidden.dim() == 3 and hidden.shape[1] > 1 and hidden.stride(1) == 1
