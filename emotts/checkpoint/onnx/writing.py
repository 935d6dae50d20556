"""A network to the bytes of an ONNX file: dynamic lengths, the operators that ONNX lacks, and metadata."""

from __future__ import annotations

import importlib
import json
import logging
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from emotts.errors import CheckpointError, ConfigError

__all__ = ["OPSET", "onnx_bytes", "quiet", "require_packages"]

OPSET = 18
_PACKAGES = ("onnx", "onnxscript", "onnxruntime")
_LONGEST_RUNNING_MAXIMUM = 17
"""Doublings: 131,072 frames, more than a voice speaks in one go."""


def require_packages() -> None:
    """Raise ConfigError if a package is missing that writes or tries ONNX files."""
    for name in _PACKAGES:
        try:
            importlib.import_module(name)
        except ImportError as error:
            raise ConfigError(
                f"the package {name} is missing, so no ONNX can be written",
                found=error,
                wanted=", ".join(_PACKAGES),
                remedy="pip install 'emotts[onnx]'",
            ) from error


def onnx_bytes(
    graph: nn.Module,
    inputs: Mapping[str, Tensor],
    *,
    lengths: Mapping[str, Mapping[int, Any]],
    outputs: Sequence[str],
    metadata: Mapping[str, object],
) -> bytes:
    """Return a network as an ONNX model.

    Args:
        graph: the network, which takes the inputs by name.
        inputs: an example of each.
        lengths: for each input the dimensions that may have any length (``torch.export.Dim``), by index.
        outputs: names.
        metadata: written into the model, each value as JSON.

    Raises:
        CheckpointError: if the network cannot be expressed in ONNX.
    """
    shapes = {name: lengths.get(name, {}) for name in inputs}
    with torch.no_grad(), quiet():
        try:
            program = torch.export.export(graph.eval(), (), kwargs=dict(inputs), dynamic_shapes=shapes)
            written = _translated(program, input_names=list(inputs), output_names=list(outputs))
        except (torch.onnx.errors.OnnxExporterError, RuntimeError) as error:
            raise CheckpointError(
                "the voice's networks cannot be written as ONNX",
                found=str(error).splitlines()[0],
                remedy="use the versions of torch and onnxscript in constraints.txt",
            ) from error
    return _bytes_of(written, metadata)


def _translated(program: torch.export.ExportedProgram, *, input_names: list[str], output_names: list[str]) -> Any:
    return torch.onnx.export(
        program,
        (),
        input_names=input_names,
        output_names=output_names,
        opset_version=OPSET,
        dynamo=True,
        verbose=False,
        custom_translation_table={torch.ops.aten.cummax.default: _running_maximum()},
    )


def _bytes_of(written: Any, metadata: Mapping[str, object]) -> bytes:
    """Return the model without the traces of the code that it was made from, and with its own metadata."""
    model = written.model_proto
    for part in (model.graph, *model.functions):
        for entry in (*part.node, *part.value_info):
            entry.ClearField("metadata_props")
            entry.ClearField("doc_string")
    del model.metadata_props[:]
    for name, value in metadata.items():
        model.metadata_props.add(key=name, value=json.dumps(value, ensure_ascii=False))
    content: bytes = model.SerializeToString()
    return content


def _running_maximum() -> Callable[..., Any]:
    """Return what stands for ``torch.cummax`` along the last dimension: in every step the maximum spans twice as much.

    The second result, which is not used, is the first once more.
    """
    opset = importlib.import_module("onnxscript").opset18

    def running_maximum(values: Any, _dim: int) -> tuple[Any, Any]:
        zero, last = opset.Constant(value_ints=[0]), opset.Constant(value_ints=[-1])
        lowest = opset.CastLike(opset.Constant(value_int=-(2**31)), values)
        length = opset.Shape(values, start=-1)
        for step in range(_LONGEST_RUNNING_MAXIMUM):
            moved = opset.Pad(values, opset.Constant(value_ints=[2**step, 0]), lowest, last)
            values = opset.Max(values, opset.Slice(moved, zero, length, last))
        return values, values

    return running_maximum


@contextmanager
def quiet() -> Iterator[None]:
    """Leave out the remarks of tools about packages, Python and themselves that are none of the user's business."""
    before = logging.root.manager.disable
    logging.disable(max(before, logging.WARNING))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)
