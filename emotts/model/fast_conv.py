"""Convolutions of wide layers with fewer multiplications, for training and speaking on a CPU.

A convolution with few taps computes ``m`` neighbouring outputs from ``m + taps - 1`` products instead of ``m * taps``,
when inputs and weights are first carried to values of polynomials at that many points (Toom-Cook; in networks known
as Winograd's). What remains are plain matrix products, which also give the weights' gradient at full speed. Long
kernels are summed up from short ones, a stride is turned into channels first, a dilation into columns. The result
differs from the direct sum by float32 rounding: 2e-5 of the output's standard deviation at most, where the direct sum
itself is off by about 2e-6.

Sources: Winograd, Arithmetic Complexity of Computations, 1980; Lavin and Gray, Fast Algorithms for Convolutional
Neural Networks, 2016.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable

from emotts.model.toom_cook import MAX_TAPS, OUTPUTS, Transforms, transforms

__all__ = ["fast_conv"]

_PART_TAPS = OUTPUTS
"""Taps of the parts of a long kernel: so each part reads whole tiles further on."""


def fast_conv(hidden: Tensor, weight: Tensor, *, stride: int = 1, padding: int = 0, dilation: int = 1) -> Tensor:
    """Convolve the rows of ``hidden`` (batch, channel, row, column) with ``weight`` (channel out, channel, tap).

    Returns (batch, channel out, row out, column), the channels last in memory. Can be differentiated once.

    Args:
        hidden: float32 or float64, zero-padded here.
        weight: two taps or more.
        stride: in rows; 1 where there is a dilation.
        padding: zero rows at either end.
        dilation: distance of the taps in rows.
    """
    result: Tensor = _FastConv.apply(hidden, weight, stride, padding, dilation)  # type: ignore[no-untyped-call]
    return result


@dataclass(frozen=True)
class _Shape:
    """The sizes of one call. A tile holds the inputs of ``OUTPUTS`` outputs that are ``spacing`` rows apart."""

    batch: int
    channels: int
    rows: int
    columns: int
    out_channels: int
    kernel_size: int
    stride: int
    padding: int
    dilation: int

    @property
    def spacing(self) -> int:
        """Rows between two taps of a tile, which are as many phases or lanes."""
        return self.stride * self.dilation

    @property
    def n_parts(self) -> int:
        """Short kernels that the kernel is made of."""
        taps = -(-self.kernel_size // self.stride)
        return 1 if taps <= MAX_TAPS else -(-taps // _PART_TAPS)

    @property
    def taps(self) -> int:
        """Taps of each of them."""
        return -(-self.kernel_size // self.stride) if self.n_parts == 1 else _PART_TAPS

    @property
    def n_points(self) -> int:
        return OUTPUTS + self.taps - 1

    @property
    def rows_out(self) -> int:
        return (self.rows + 2 * self.padding - self.dilation * (self.kernel_size - 1) - 1) // self.stride + 1

    @property
    def tiles(self) -> int:
        return -(-self.rows_out // (self.dilation * OUTPUTS))

    @property
    def tiles_read(self) -> int:
        return self.tiles + self.n_parts - 1

    @property
    def positions(self) -> int:
        """Rows of a matrix product that one tile makes."""
        return self.batch * self.dilation * self.columns

    @property
    def padded_rows(self) -> int:
        return max(self.spacing * (OUTPUTS * self.tiles_read + self.taps - 1), self.padding + self.rows)

    @property
    def tiled(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Sizes and strides that see padded rows as (point, tile, batch, lane, column, phase, channel)."""
        row = self.columns * self.channels
        point = self.spacing * row
        sizes = (self.batch, self.dilation, self.columns, self.stride, self.channels)
        strides = (self.padded_rows * row, row, self.channels, row, 1)
        return (self.n_points, self.tiles_read, *sizes), (point, OUTPUTS * point, *strides)


class _FastConv(torch.autograd.Function):
    """The convolution and its adjoint."""

    @staticmethod
    def forward(ctx: Any, hidden: Tensor, weight: Tensor, stride: int, padding: int, dilation: int) -> Tensor:
        batch, channels, rows, columns = hidden.shape
        out_channels, _, kernel_size = weight.shape
        shape = _Shape(batch, channels, rows, columns, out_channels, kernel_size, stride, padding, dilation)
        matrices = transforms(shape.taps, hidden.dtype)
        inputs = _transformed_inputs(hidden, shape, matrices)
        weights = _transformed_weights(weight, shape, matrices)
        products = torch.bmm(_rows_of_part(inputs, shape, 0), weights[0].transpose(1, 2))
        for part in range(1, shape.n_parts):
            products.baddbmm_(_rows_of_part(inputs, shape, part), weights[part].transpose(1, 2))
        outputs = matrices.outputs @ products.view(shape.n_points, -1)
        ctx.save_for_backward(inputs, weights)
        ctx.shape = shape
        by_lane = outputs.view(OUTPUTS, shape.tiles, batch, dilation, columns, out_channels)
        in_order = by_lane.permute(2, 1, 0, 3, 4, 5).reshape(batch, -1, columns, out_channels)
        return in_order[:, : shape.rows_out].permute(0, 3, 1, 2)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, Tensor | None, None, None, None]:
        inputs, weights = ctx.saved_tensors
        shape: _Shape = ctx.shape
        matrices = transforms(shape.taps, gradient.dtype)
        products = (matrices.outputs.T @ _tiled_gradient(gradient, shape)).view(shape.n_points, -1, shape.out_channels)
        of_hidden = of_weight = None
        if ctx.needs_input_grad[1]:
            of_weights = torch.empty_like(weights)
            for part in range(shape.n_parts):
                torch.bmm(products.transpose(1, 2), _rows_of_part(inputs, shape, part), out=of_weights[part])
            of_weight = _weight_gradient(of_weights, shape, matrices)
        if ctx.needs_input_grad[0]:
            of_inputs = torch.empty_like(inputs)
            torch.bmm(products, weights[0], out=_rows_of_part(of_inputs, shape, 0))
            of_inputs[:, shape.tiles * shape.positions :] = 0.0
            for part in range(1, shape.n_parts):
                _rows_of_part(of_inputs, shape, part).baddbmm_(products, weights[part])
            of_hidden = _input_gradient(of_inputs, shape, matrices)
        return of_hidden, of_weight, None, None, None


def _rows_of_part(inputs: Tensor, shape: _Shape, part: int) -> Tensor:
    """Return what a part of the kernel reads of (point, tile * position, channel): the tiles from its own on."""
    return inputs[:, part * shape.positions : (part + shape.tiles) * shape.positions]


def _transformed_inputs(hidden: Tensor, shape: _Shape, matrices: Transforms) -> Tensor:
    """Return (point, tile * position, phase * channel) for ``hidden`` (batch, channel, row, column)."""
    padded = hidden.new_empty(shape.batch, shape.padded_rows, shape.columns, shape.channels)
    padded[:, : shape.padding] = 0.0
    padded[:, shape.padding : shape.padding + shape.rows] = hidden.permute(0, 2, 3, 1)
    padded[:, shape.padding + shape.rows :] = 0.0
    tiles = padded.as_strided(*shape.tiled).reshape(shape.n_points, -1)
    return torch.mm(matrices.inputs, tiles).view(shape.n_points, -1, shape.stride * shape.channels)


def _transformed_weights(weight: Tensor, shape: _Shape, matrices: Transforms) -> Tensor:
    """Return (part, point, channel out, phase * channel) for a weight (channel out, channel, tap)."""
    missing = shape.n_parts * shape.taps * shape.stride - shape.kernel_size
    full = nn.functional.pad(weight, (0, missing)) if missing else weight
    by_tap = full.reshape(shape.out_channels, shape.channels, shape.n_parts, shape.taps, shape.stride)
    transformed = torch.mm(matrices.weights, by_tap.permute(3, 2, 0, 4, 1).reshape(shape.taps, -1))
    return transformed.view(shape.n_points, shape.n_parts, shape.out_channels, -1).transpose(0, 1)


def _tiled_gradient(gradient: Tensor, shape: _Shape) -> Tensor:
    """Return (output, tile * position * channel) of a gradient (batch, channel, row, column)."""
    in_order = gradient.permute(0, 2, 3, 1)
    missing = OUTPUTS * shape.tiles * shape.dilation - shape.rows_out
    if missing:
        in_order = nn.functional.pad(in_order, (0, 0, 0, 0, 0, missing))
    by_lane = in_order.reshape(shape.batch, shape.tiles, OUTPUTS, -1)
    return by_lane.permute(2, 1, 0, 3).reshape(OUTPUTS, -1)


def _weight_gradient(transformed: Tensor, shape: _Shape, matrices: Transforms) -> Tensor:
    """Return (channel out, channel, tap), contiguous, for the gradient of :func:`_transformed_weights`' result."""
    by_point = transformed.transpose(0, 1).reshape(shape.n_points, -1)
    by_tap = (by_point.T @ matrices.weights).view(
        shape.n_parts, shape.out_channels, shape.stride, shape.channels, shape.taps
    )
    in_order = by_tap.permute(1, 3, 0, 4, 2).reshape(shape.out_channels, shape.channels, -1)
    return in_order[..., : shape.kernel_size].contiguous()


def _input_gradient(transformed: Tensor, shape: _Shape, matrices: Transforms) -> Tensor:
    """Return (batch, channel, row, column): what the overlapping tiles give back, added up."""
    sizes, _ = shape.tiled
    by_point = (matrices.inputs.T @ transformed.view(shape.n_points, -1)).view(sizes)
    n_overlaps = -(-shape.n_points // OUTPUTS)
    # one of lanes and phases is always 1, so that these are (batch, tile, point, spacing, column, channel)
    tiles = by_point.permute(2, 1, 0, 3, 5, 4, 6).flatten(3, 4)
    padded = transformed.new_empty(
        shape.batch, shape.tiles_read + n_overlaps - 1, OUTPUTS, shape.spacing, shape.columns, shape.channels
    )
    padded[:, : shape.tiles_read] = tiles[:, :, :OUTPUTS]
    padded[:, shape.tiles_read :] = 0.0
    for number in range(1, n_overlaps):
        piece = tiles[:, :, number * OUTPUTS : (number + 1) * OUTPUTS]
        padded[:, number : number + shape.tiles_read, : piece.shape[2]] += piece
    in_order = padded.flatten(1, 3)[:, shape.padding : shape.padding + shape.rows]
    missing = shape.rows - in_order.shape[1]
    if missing:  # rows behind the last window
        in_order = nn.functional.pad(in_order, (0, 0, 0, 0, 0, missing))
    return in_order.permute(0, 3, 1, 2)
