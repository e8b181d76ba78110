"""Weights in 8 bits, as what ships: smaller by four, near to what they were, and products of whole numbers.

- Linear layers become whole-number products: weights in int8 with a scale a column, activations in uint8 with a scale a
  row, taken from the row itself. The product is exact, so that no row depends on another; only what surrounds it is
  floating point. Plain dynamic quantisation is as fast, but takes one scale for all activations of a call;
  `MatMulNBits`, which came before, is nearer to float32 and takes twice the time.
- Weights keep to ±64: processors without VNNI add two products in 16 bits, and 2 · 255 · 64 is the most that fits.
- After GELU, whose least value is known, all 256 steps lie above it; elsewhere half of them are below zero.
- Tables that are looked up (word embeddings) become int8 rows, each with its scale, widened after the look-up. In a
  small encoder they are half of the file.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from factcheck.errors import ModelError

_WEIGHT_STEPS = 64
_GELU_SHIFT = 0.17  # GELU is never below -0.16998
_OPSET = 18
_LARGE = 1_000_000  # values; smaller tables are not worth a scale a row


def quantise_weights(source: Path, target: Path) -> None:
    """Quantise linear layers and large embedding tables of a float32 graph that reads one text a call.

    Args:
        source: Float32 ONNX file; its activations are of (1, tokens, width).
        target: File to write.

    Raises:
        ModelError: The graph cannot be quantised.
    """
    import onnx

    try:
        model = onnx.load(str(source))
        _quantise_tables(model.graph)
        _Products(model.graph).quantise()
        for domain, version in (("", _OPSET), ("com.microsoft", 1)):
            if all(known.domain != domain for known in model.opset_import):
                model.opset_import.append(onnx.helper.make_opsetid(domain, version))
        _forget_origin(model)
        onnx.checker.check_model(model)
        onnx.save(model, str(target))
    except Exception as error:  # protobuf's and the checker's errors have no common root
        raise ModelError(f"the graph cannot be quantised: {error}", where=source) from error


class _Products:
    """The products of a graph with constant matrices, rewritten in whole numbers."""

    def __init__(self, graph: Any) -> None:
        self._graph = graph
        self._constants = {tensor.name: tensor for tensor in graph.initializer}
        self._constants |= {n.output[0]: n.attribute[0].t for n in graph.node if n.op_type == "Constant"}
        self._made_by = {name: node.op_type for node in graph.node for name in node.output}
        self._nodes: list[Any] = []
        self._new: dict[str, Any] = {}
        self._rows: dict[str, tuple[str, str]] = {}  # quantised activations and their scales, by name

    def quantise(self) -> None:
        """Rewrite the graph."""
        graph, replaced = self._graph, set()
        for node in graph.node:
            matrix = self._matrix(node)
            if matrix is None:
                self._nodes.append(node)
            else:
                self._product(node, matrix)
                replaced.add(node.input[1])
        kept = [tensor for tensor in graph.initializer if tensor.name not in replaced]
        nodes = [n for n in self._nodes if not (n.op_type == "Constant" and n.output[0] in replaced)]
        del graph.node[:], graph.initializer[:]
        graph.node.extend(nodes)
        graph.initializer.extend([*kept, *self._new.values()])

    def _matrix(self, node: Any) -> Any:
        """Return the constant float matrix that a node multiplies by, or None."""
        from onnx import numpy_helper

        if node.op_type != "MatMul" or node.input[1] not in self._constants:
            return None
        values = numpy_helper.to_array(self._constants[node.input[1]])
        return values if values.ndim == 2 and values.dtype.kind == "f" else None

    def _product(self, node: Any, matrix: Any) -> None:
        """Multiply in whole numbers, then scale by column and by row."""
        import numpy as np

        name, out = node.input[1], node.output[0]
        columns = np.maximum(np.abs(matrix).max(axis=0) / _WEIGHT_STEPS, 1e-12).astype(np.float32)
        weights = np.clip(np.rint(matrix / columns), -_WEIGHT_STEPS, _WEIGHT_STEPS).astype(np.int8)
        shifted = self._made_by.get(node.input[0]) in ("Gelu", "BiasGelu")
        rows, scales = self._quantised(node.input[0], shifted=shifted)
        zero = self._constant("rows/zero" if shifted else "rows/middle", np.uint8(0 if shifted else 128))
        given = [rows, self._constant(f"{name}_rows", weights), self._constant("rows/one", np.float32(1))]
        given += [self._constant(f"{name}_scale", columns), zero]
        self._add("MatMulIntegerToFloat", given, f"{out}_steps", domain="com.microsoft")
        if shifted:
            self._add("Mul", [f"{out}_steps", scales], f"{out}_shifted")
            shift = (-_GELU_SHIFT * (weights * columns).sum(axis=0)).astype(np.float32)
            self._add("Add", [f"{out}_shifted", self._constant(f"{name}_shift", shift)], out)
        else:
            self._add("Mul", [f"{out}_steps", scales], out)

    def _quantised(self, name: str, *, shifted: bool) -> tuple[str, str]:
        """Return the names of activations in uint8 and of their scales, of (1, tokens, 1); each is made once."""
        import numpy as np

        if name in self._rows:
            return self._rows[name]
        size, scale, flat, out = (f"{name}_{what}" for what in ("size", "scale", "scales", "steps"))
        if shifted:
            self._add("Add", [name, self._constant("rows/gelu_shift", np.float32(_GELU_SHIFT))], size)
        else:
            self._add("Abs", [name], size)
        top = 255 if shifted else 127
        self._add("ReduceMax", [size, self._constant("rows/last", np.array([-1]))], f"{name}_most", keepdims=1)
        self._add("Mul", [f"{name}_most", self._constant(f"rows/step_{top}", np.float32(1 / top))], f"{name}_step")
        self._add("Max", [f"{name}_step", self._constant("rows/least", np.float32(1e-12))], scale)
        self._add("Reshape", [scale, self._constant("rows/all", np.array([-1]))], flat)
        if shifted:
            self._add("QuantizeLinear", [size, flat], out, axis=1)
        else:
            if not any("rows/middles" in node.output for node in self._nodes):
                self._add("Shape", [flat], "rows/count")
                self._add("Expand", [self._constant("rows/middle", np.uint8(128)), "rows/count"], "rows/middles")
            self._add("QuantizeLinear", [name, flat, "rows/middles"], out, axis=1)
        self._rows[name] = (out, scale)
        return self._rows[name]

    def _constant(self, name: str, values: Any) -> str:
        import numpy as np
        from onnx import numpy_helper

        if name not in self._new:
            self._new[name] = numpy_helper.from_array(np.asarray(values), name)
        return name

    def _add(self, kind: str, given: list[str], out: str, *, domain: str = "", **attributes: Any) -> None:
        from onnx import helper

        self._nodes.append(helper.make_node(kind, given, [out], name=out, domain=domain, **attributes))


def _forget_origin(model: Any) -> None:
    """Drop what exporters note down of their source: stack traces with paths of the machine, line numbers, names.

    It would make equal weights differ in their bytes, and tell strangers where they were made.
    """
    model.doc_string = model.graph.doc_string = ""
    del model.metadata_props[:], model.graph.metadata_props[:]
    graph = model.graph
    for part in (*graph.node, *graph.value_info, *graph.initializer, *graph.input, *graph.output):
        part.doc_string = ""
        del part.metadata_props[:]


def _quantise_tables(graph: Any) -> None:
    import numpy as np
    from onnx import TensorProto, helper, numpy_helper

    tables = {tensor.name: tensor for tensor in graph.initializer}
    nodes = graph.node
    for node in list(nodes):
        if node.op_type != "Gather" or node.input[0] not in tables:
            continue
        name = node.input[0]
        table = numpy_helper.to_array(tables[name])
        if table.ndim != 2 or table.size < _LARGE or any(a.name == "axis" and a.i != 0 for a in node.attribute):
            continue
        scale = np.maximum(np.abs(table).max(axis=1, keepdims=True) / 127, 1e-12).astype(np.float32)
        rows = np.clip(np.rint(table / scale), -127, 127).astype(np.int8)
        graph.initializer.remove(tables.pop(name))
        graph.initializer.extend(
            [numpy_helper.from_array(rows, f"{name}_rows"), numpy_helper.from_array(scale, f"{name}_scale")]
        )
        widened = [
            helper.make_node("Gather", [f"{name}_rows", node.input[1]], [f"{name}_row"]),
            helper.make_node("Gather", [f"{name}_scale", node.input[1]], [f"{name}_row_scale"]),
            helper.make_node("Cast", [f"{name}_row"], [f"{name}_row_float"], to=TensorProto.FLOAT),
            helper.make_node("Mul", [f"{name}_row_float", f"{name}_row_scale"], [node.output[0]]),
        ]
        at = list(nodes).index(node)
        nodes.remove(node)
        for offset, new in enumerate(widened):
            nodes.insert(at + offset, new)
