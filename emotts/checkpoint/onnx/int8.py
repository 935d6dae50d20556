"""The decoder with weights of 8 bits, where that costs no quality: in the layers that shape the envelopes.

The layers that predict the pitch stay as they are, because 8 bits of a pitch are heard, and so do the transforms. The
HiFi-GAN decoder is made of convolutions, which ONNX Runtime computes more slowly in 8 bits.
"""

from __future__ import annotations

import importlib
import tempfile
from pathlib import Path
from typing import Any

from torch import nn

from emotts.checkpoint.onnx.writing import quiet
from emotts.errors import ConfigError
from emotts.model.decoder_istft import IstftDecoder

__all__ = ["int8_bytes", "require_istft"]

_PITCH = "pitch"
"""The output that must not change."""
_TRANSFORMS = (".cosines", ".sines")
"""What the names of their matrices end with."""


def require_istft(decoder: nn.Module, *, where: Path) -> None:
    """Raise ConfigError for a decoder that is not made smaller."""
    if not isinstance(decoder, IstftDecoder):
        raise ConfigError(
            "only the istft decoder is written with 8 bits",
            where=where,
            found=type(decoder).__name__,
            remedy="leave --int8 out",
        )


def int8_bytes(decoder: bytes) -> bytes:
    """Return the graph of an istft decoder with weights of 8 bits; inputs, outputs and metadata stay."""
    quantization = importlib.import_module("onnxruntime.quantization")
    onnx = importlib.import_module("onnx")
    model = onnx.load_model_from_string(decoder)
    with tempfile.TemporaryDirectory() as folder, quiet():
        path = Path(folder) / "decoder.onnx"
        quantization.quantize_dynamic(
            model,
            path,
            op_types_to_quantize=["MatMul"],
            nodes_to_quantize=_shaping_layers(model.graph),
            per_channel=True,
            weight_type=quantization.QuantType.QInt8,
        )
        small = onnx.load(path)
    del small.metadata_props[:]  # a remark of the tool is among them
    small.metadata_props.extend(onnx.load_model_from_string(decoder).metadata_props)
    content: bytes = small.SerializeToString()
    return content


def _shaping_layers(graph: Any) -> list[str]:
    """Return the names of the matrix products that the pitch does not depend on, without the transforms."""
    makers = {name: node for node in graph.node for name in node.output}
    pitch: set[str] = set()
    waiting = [_PITCH]
    while waiting:
        maker = makers.get(waiting.pop())
        if maker is not None and maker.name not in pitch:
            pitch.add(maker.name)
            waiting += maker.input
    return [
        node.name
        for node in graph.node
        if node.op_type == "MatMul" and node.name not in pitch and not node.input[1].endswith(_TRANSFORMS)
    ]
