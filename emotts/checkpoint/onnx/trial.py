"""Tries an ONNX model in ONNX Runtime, whether it computes what the network does that it was made from."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor, nn

from emotts.errors import CheckpointError

__all__ = ["check_speech"]

_MOST_DIFFERENCE = 1e-2
"""Root mean square, in standard deviations of the result. Correct graphs stay far below, wrong ones go far beyond."""


def check_speech(graph: nn.Module, inputs: Mapping[str, Tensor], *, content: bytes, where: Path) -> None:
    """Refuse a model whose first output for an example is not that of its network.

    Args:
        graph: the network.
        inputs: the example by names.
        content: the ONNX model.
        where: the voice.

    Raises:
        CheckpointError: if the model computes something else.
    """
    runtime = importlib.import_module("onnxruntime")
    session = runtime.InferenceSession(content, providers=["CPUExecutionProvider"])
    found = torch.from_numpy(session.run(None, {name: value.numpy() for name, value in inputs.items()})[0])
    with torch.no_grad():
        result = graph(**inputs)
    wanted = result if isinstance(result, Tensor) else result[0]
    difference = (found - wanted).square().mean().sqrt() if found.shape == wanted.shape else torch.tensor(torch.inf)
    if not difference <= _MOST_DIFFERENCE * wanted.std():
        raise CheckpointError(
            "the ONNX graphs do not speak as the voice does",
            where=where,
            found=f"{tuple(found.shape)}, {float(difference / wanted.std()):.2g} standard deviations off",
            wanted=f"{tuple(wanted.shape)}, at most {_MOST_DIFFERENCE}",
            remedy="use the versions of torch, onnxscript and onnxruntime in constraints.txt",
        )
