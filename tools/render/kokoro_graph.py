"""Kokoro's network as float parts: what its file of dynamically quantised products stands for, cut where it is needed.

The file computes in eight bits what its weights allow. Products in float are as quick here, lose nothing, and
can be cut from the graph and computed elsewhere.
"""

from __future__ import annotations

import importlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from emotts.errors import EmottsError

__all__ = ["FloatGraph"]

_PRODUCTS = {"ConvInteger": "Conv", "MatMulInteger": "MatMul"}


class FloatGraph:
    """The network of a file in ONNX's format with dynamically quantised products, as products of floats.

    Args:
        model: the bytes of the file.
    """

    def __init__(self, model: bytes) -> None:
        self._onnx = _onnx()
        self._model = self._onnx.load_model_from_string(model)
        graph = self._model.graph
        self._values = {each.name: each for each in graph.initializer}
        self._makers = {name: node for node in graph.node for name in node.output}
        self._users: dict[str, list[Any]] = defaultdict(list)
        for node in graph.node:
            for name in node.input:
                self._users[name].append(node)
        for node in graph.node:
            if node.op_type in _PRODUCTS:
                self._widen_product(node)
            elif node.op_type == "DynamicQuantizeLSTM":
                self._widen_lstm(node)

    def value(self, name: str) -> np.ndarray:
        """Return a constant by its name."""
        return np.asarray(self._onnx.numpy_helper.to_array(self._values[name]))

    def weights(self, output: str) -> list[np.ndarray]:
        """Return the constants that the node which makes a tensor reads: weight, and bias where it has one."""
        return [self.value(name) for name in self._makers[output].input if name in self._values]

    def setting(self, output: str, name: str) -> int:
        """Return the first value of an attribute of the node which makes a tensor."""
        attribute = next(each for each in self._makers[output].attribute if each.name == name)
        return int(attribute.ints[0])

    def part(self, inputs: Mapping[str, Sequence[int | None]], outputs: Sequence[str]) -> bytes:
        """Return the model that computes some tensors from others.

        Args:
            inputs: name -> shape of each tensor that is given; None stands for any length. ``tokens`` are integers,
                all others floats.
            outputs: names of the tensors that are returned, all of them floats.
        """
        nodes = self._needed(outputs, given=set(inputs))
        helper, kinds = self._onnx.helper, self._onnx.TensorProto
        read = {name for node in nodes for name in node.input}
        graph = helper.make_graph(
            nodes,
            "part",
            [
                helper.make_tensor_value_info(name, kinds.INT64 if name == "tokens" else kinds.FLOAT, shape)
                for name, shape in inputs.items()
            ],
            [helper.make_tensor_value_info(name, kinds.FLOAT, None) for name in outputs],
            [value for name, value in self._values.items() if name in read],
        )
        model = helper.make_model(graph, opset_imports=self._model.opset_import, ir_version=self._model.ir_version)
        return bytes(model.SerializeToString())

    def _needed(self, outputs: Sequence[str], *, given: set[str]) -> list[Any]:
        """Return the nodes that make some tensors from what is given, in an order in which they can be computed."""
        ordered: list[Any] = []
        done: set[str] = set(given) | {""}
        waiting = [(name, False) for name in reversed(outputs)]
        while waiting:
            name, ready = waiting.pop()
            node = self._makers.get(name)
            if node is None or name in done:
                continue
            if ready:
                ordered.append(node)
                done.update(node.output)
            else:
                waiting += [(name, True), *((each, False) for each in node.input if each not in done)]
        return ordered

    def _widen_product(self, node: Any) -> None:
        """Put a product of floats in the place of an integer one, its added bias and its scaling."""
        quantised, weight, _, zero_point = node.input
        (after,) = self._users[node.output[0]]
        bias = []
        if after.op_type == "Add":
            reshape = self._makers[next(name for name in after.input if name != node.output[0])]
            rounded = self._makers[self._makers[reshape.input[0]].input[0]]
            bias = [self._makers[rounded.input[0]].input[0]]
            (after,) = self._users[after.output[0]]
        (scaled,) = self._users[after.output[0]]
        factors = self._makers[next(name for name in scaled.input if name != after.output[0])]
        scale = next(self.value(name) for name in factors.input if name in self._values)
        wide = (self.value(weight).astype(np.float32) - self.value(zero_point).astype(np.float32)) * scale
        inputs = [self._makers[quantised].input[0], self._keep(f"{weight}_wide", wide), *bias]
        self._replace(scaled.output[0], node, _PRODUCTS[node.op_type], inputs)

    def _widen_lstm(self, node: Any) -> None:
        """Put an LSTM of floats in the place of a quantised one."""
        x, weight, recurrence, *others = node.input[:8]
        scales = node.input[8:12]
        wide = [
            self._keep(f"{name}_wide", self._dequantised(name, scale, zero_point))
            for name, scale, zero_point in zip((weight, recurrence), scales[::2], scales[1::2], strict=True)
        ]
        self._replace(node.output[0], node, "LSTM", [x, *wide, *others])

    def _dequantised(self, name: str, scale: str, zero_point: str) -> np.ndarray:
        """Return the weights (direction, gate, input) of a quantised LSTM, which has the last two the other way."""
        directions = (-1, 1, 1)
        difference = self.value(name).astype(np.float32) - self.value(zero_point).astype(np.float32).reshape(directions)
        return np.asarray((difference * self.value(scale).reshape(directions)).transpose(0, 2, 1))

    def _keep(self, name: str, value: np.ndarray) -> str:
        self._values[name] = self._onnx.numpy_helper.from_array(np.ascontiguousarray(value, dtype=np.float32), name)
        return name

    def _replace(self, output: str, old: Any, kind: str, inputs: Sequence[str]) -> None:
        """Let a new node with the attributes of an old one make ``output``."""
        outputs = [output, *old.output[1:]]
        node = self._onnx.helper.make_node(kind, inputs, outputs, name=f"{old.name}_wide")
        node.attribute.extend(old.attribute)
        for name in outputs:
            self._makers[name] = node


def _onnx() -> Any:
    try:
        for part in ("onnx.helper", "onnx.numpy_helper"):
            importlib.import_module(part)
        return importlib.import_module("onnx")
    except ImportError as error:
        raise EmottsError(
            "the package that takes the renderer's network apart is not installed",
            found=error,
            wanted="onnx",
            remedy="pip install 'emotts[demo-render]'",
        ) from error
