"""Convolutions of wide layers with fewer multiplications, for training and speaking on a CPU.

A convolution with few taps computes ``m`` neighbouring outputs from ``m + taps - 1`` products instead of ``m * taps``,
when inputs and weights are first carried to values of polynomials at that many points (Toom-Cook; in networks known
as Winograd's). What remains are plain matrix products, which also give the weights' gradient at full speed. A stride
is turned into channels first. The result differs from the direct sum by float32 rounding: about 1e-5 of the output's
standard deviation at most, where the direct sum itself is off by about 2e-6.

Sources: Winograd, Arithmetic Complexity of Computations, 1980; Lavin and Gray, Fast Algorithms for Convolutional
Neural Networks, 2016.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable

from emotts.model.toom_cook import MAX_TAPS, MIN_TAPS, OUTPUTS, Transforms, transforms

__all__ = ["FastConv1d", "FastRowConv2d", "fast_conv"]

_MIN_CHANNELS = 64
"""Below this the detour costs more than it saves."""
_MIN_POSITIONS = 64


class FastConv1d(nn.Conv1d):
    """``nn.Conv1d`` that takes the fast way where it is one; the same weights, names and results but for rounding."""

    def _conv_forward(self, input: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        if not _is_faster(self, input, weight):
            plain: Tensor = super()._conv_forward(input, weight, bias)
            return plain
        rows = fast_conv(input.unsqueeze(3), weight, stride=self.stride[0], padding=int(self.padding[0]))
        return _add_bias(rows, bias).squeeze(3)


class FastRowConv2d(nn.Conv2d):
    """``nn.Conv2d`` with kernel (taps, 1) that takes the fast way where it is one."""

    def _conv_forward(self, input: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        if not _is_faster(self, input, weight):
            plain: Tensor = super()._conv_forward(input, weight, bias)
            return plain
        rows = fast_conv(input, weight.flatten(2), stride=self.stride[0], padding=int(self.padding[0]))
        return _add_bias(rows, bias)


def fast_conv(hidden: Tensor, weight: Tensor, *, stride: int, padding: int) -> Tensor:
    """Convolve the rows of ``hidden`` (batch, channel, row, column) with ``weight`` (channel out, channel, tap).

    Returns (batch, channel out, row out, column), the channels last in memory. Can be differentiated once.

    Args:
        hidden: float32 or float64, zero-padded here.
        weight: at most ``5 * stride`` taps.
        stride: in rows.
        padding: zero rows at either end.
    """
    result: Tensor = _FastConv.apply(hidden, weight, stride, padding)  # type: ignore[no-untyped-call]
    return result


def _add_bias(hidden: Tensor, bias: Tensor | None) -> Tensor:
    return hidden if bias is None else hidden + bias.view(-1, 1, 1)


def _is_faster(layer: nn.Conv1d | nn.Conv2d, hidden: Tensor, weight: Tensor) -> bool:
    """Say whether the fast way computes the same as ``layer`` with ``weight`` on ``hidden``, and sooner."""
    taps, stride = layer.kernel_size[0], layer.stride[0]
    return (
        hidden.device.type == "cpu"
        and hidden.dtype == torch.float32
        and weight.dtype == torch.float32
        and not torch.is_autocast_enabled("cpu")
        and not torch.jit.is_tracing()  # type: ignore[attr-defined, no-untyped-call]
        and not torch.compiler.is_compiling()
        and layer.groups == 1
        and layer.dilation[0] == 1
        and layer.padding_mode == "zeros"
        and not isinstance(layer.padding, str)
        and all(size == 1 for size in layer.kernel_size[1:])
        and MIN_TAPS <= -(-taps // stride) <= MAX_TAPS
        and min(layer.in_channels, layer.out_channels) >= _MIN_CHANNELS
        and hidden.dim() == len(layer.kernel_size) + 2
        and hidden.numel() // hidden.shape[1] >= _MIN_POSITIONS * stride
    )


@dataclass(frozen=True)
class _Shape:
    """The sizes of one call; ``taps`` counts those left after the stride became channels."""

    batch: int
    channels: int
    rows: int
    columns: int
    out_channels: int
    kernel_size: int
    stride: int
    padding: int

    @property
    def taps(self) -> int:
        return -(-self.kernel_size // self.stride)

    @property
    def n_points(self) -> int:
        return OUTPUTS + self.taps - 1

    @property
    def rows_out(self) -> int:
        return (self.rows + 2 * self.padding - self.kernel_size) // self.stride + 1

    @property
    def tiles(self) -> int:
        return -(-self.rows_out // OUTPUTS)

    @property
    def padded_rows(self) -> int:
        return max(self.stride * (OUTPUTS * self.tiles + self.taps - 1), self.padding + self.rows)

    @property
    def padded(self) -> tuple[int, int, int, int]:
        return self.batch, self.padded_rows, self.columns, self.channels

    @property
    def tiled(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Sizes and strides that see a padded tensor as (point, batch, tile, column, phase, channel)."""
        column = self.channels
        row = self.columns * column
        item, step = self.padded_rows * row, self.stride * row
        sizes = (self.n_points, self.batch, self.tiles, self.columns, self.stride, self.channels)
        return sizes, (step, item, OUTPUTS * step, column, row, 1)


class _FastConv(torch.autograd.Function):
    """The convolution and its adjoint."""

    @staticmethod
    def forward(ctx: Any, hidden: Tensor, weight: Tensor, stride: int, padding: int) -> Tensor:
        batch, channels, rows, columns = hidden.shape
        shape = _Shape(batch, channels, rows, columns, weight.shape[0], weight.shape[2], stride, padding)
        matrices = transforms(shape.taps, hidden.dtype)
        padded = hidden.new_zeros(shape.padded)
        padded[:, padding : padding + rows] = hidden.permute(0, 2, 3, 1)
        tiles = padded.as_strided(*shape.tiled).reshape(shape.n_points, -1)
        inputs = (matrices.inputs @ tiles).view(shape.n_points, -1, stride * channels)
        weights = _transformed_weights(weight, shape, matrices)
        products = torch.bmm(inputs, weights.transpose(1, 2))
        outputs = (matrices.outputs @ products.view(shape.n_points, -1)).view(
            OUTPUTS, batch, shape.tiles, columns, shape.out_channels
        )
        in_order = outputs.permute(1, 2, 0, 3, 4).reshape(batch, -1, columns, shape.out_channels)
        ctx.save_for_backward(inputs, weights)
        ctx.shape = shape
        return in_order[:, : shape.rows_out].permute(0, 3, 1, 2)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, Tensor | None, None, None]:
        inputs, weights = ctx.saved_tensors
        shape: _Shape = ctx.shape
        matrices = transforms(shape.taps, gradient.dtype)
        in_order = gradient.permute(0, 2, 3, 1)
        missing = OUTPUTS * shape.tiles - shape.rows_out
        if missing:
            in_order = nn.functional.pad(in_order, (0, 0, 0, 0, 0, missing))
        outputs = in_order.reshape(shape.batch, shape.tiles, OUTPUTS, -1).permute(2, 0, 1, 3).reshape(OUTPUTS, -1)
        products = (matrices.outputs.T @ outputs).view(shape.n_points, -1, shape.out_channels)
        of_hidden = of_weight = None
        if ctx.needs_input_grad[1]:
            of_weight = _weight_gradient(torch.bmm(products.transpose(1, 2), inputs), shape, matrices)
        if ctx.needs_input_grad[0]:
            of_hidden = _input_gradient(torch.bmm(products, weights), shape, matrices)
        return of_hidden, of_weight, None, None


def _transformed_weights(weight: Tensor, shape: _Shape, matrices: Transforms) -> Tensor:
    """Return (point, channel out, phase * channel) for a weight (channel out, channel, tap)."""
    missing = shape.taps * shape.stride - shape.kernel_size
    full = nn.functional.pad(weight, (0, missing)) if missing else weight
    by_tap = full.view(shape.out_channels, shape.channels, shape.taps, shape.stride).permute(2, 0, 3, 1)
    transformed = torch.mm(matrices.weights, by_tap.reshape(shape.taps, -1))
    return transformed.view(shape.n_points, shape.out_channels, -1)


def _weight_gradient(transformed: Tensor, shape: _Shape, matrices: Transforms) -> Tensor:
    """Return (channel out, channel, tap), contiguous, for the gradient of :func:`_transformed_weights`' result."""
    by_tap = transformed.view(shape.n_points, -1).T @ matrices.weights
    in_order = by_tap.view(shape.out_channels, shape.stride, shape.channels, shape.taps).permute(0, 2, 3, 1)
    return in_order.reshape(shape.out_channels, shape.channels, -1)[..., : shape.kernel_size].contiguous()


def _input_gradient(transformed: Tensor, shape: _Shape, matrices: Transforms) -> Tensor:
    """Return (batch, channel, row, column): what the overlapping tiles give back, added up."""
    sizes, _ = shape.tiled
    tiles = (matrices.inputs.T @ transformed.view(shape.n_points, -1)).view(sizes).permute(1, 2, 0, 4, 3, 5)
    n_overlaps = -(-shape.n_points // OUTPUTS)
    padded = transformed.new_zeros(
        shape.batch, shape.tiles + n_overlaps - 1, OUTPUTS, shape.stride, shape.columns, shape.channels
    )
    for part in range(n_overlaps):
        piece = tiles[:, :, part * OUTPUTS : (part + 1) * OUTPUTS]
        padded[:, part : part + shape.tiles, : piece.shape[2]] += piece
    in_order = padded.flatten(1, 3)[:, shape.padding : shape.padding + shape.rows]
    missing = shape.rows - in_order.shape[1]
    if missing:  # rows behind the last window
        in_order = nn.functional.pad(in_order, (0, 0, 0, 0, 0, missing))
    return in_order.permute(0, 3, 1, 2)
