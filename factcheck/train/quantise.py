"""Weights in 8 bits, as what ships: smaller by four, near to what they were, and products of whole numbers.

- Linear layers become whole-number products: weights in int8 with a scale a column, activations in uint8. The product
  is exact, so that no row depends on another; only what surrounds it is floating point. Plain dynamic quantisation
  takes one scale for all activations of a call; `MatMulNBits` is nearer to float32 and takes thrice the time.
- Activations have one scale that is fixed at export, from what the float graph gives for sample texts. Channels differ
  by more than ten, so each is divided by a number of its own first, which the weights' rows are multiplied by.
  Source: Xiao et al. 2022, "SmoothQuant", section 4.
- After GELU single tokens reach ten times what others do: there each row has its own scale, taken from the row, and all
  256 steps lie above GELU's least value. Rows of the head, of which there is one a text, are done alike.
- The last few columns (the labels') stay in floating point, as sums of products that no other row can change.
- Weights keep to ±64: processors without VNNI add two products in 16 bits, and 2 · 255 · 64 is the most that fits.
- Tables that are looked up (word embeddings) become int8 rows, each with its scale, widened after the look-up. In a
  small encoder they are half of the file.

Where the processor has AMX, ONNX Runtime computes uint8 by int8 with it, and no other combination of signs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from factcheck.errors import ModelError


@dataclass(frozen=True, slots=True)
class _Range:
    """What an activation was seen to hold: the greatest size of each channel, and how many axes it has."""

    most: npt.NDArray[np.float32]
    axes: int


_WEIGHT_STEPS = 64
_GELU_SHIFT = 0.17  # GELU is never below -0.16998
_ROOM = 1.1  # above the greatest value that was observed
_EVENING = 0.7  # how far differences between channels go over into the weights
_EVEN = ("LayerNormalization", "MultiHeadAttention")  # no token of what these give stands out
_FEW_COLUMNS = 16  # fewer are not worth 8 bits
_OPSET = 18
_LARGE = 1_000_000  # values; smaller tables are not worth a scale a row


def quantise_weights(source: Path, target: Path, inputs: Sequence[Mapping[str, npt.NDArray[np.int64]]]) -> None:
    """Quantise linear layers and large embedding tables of a float32 graph that reads one text a call.

    Args:
        source: Float32 ONNX file; its activations are of (1, tokens, width), those of its head of (1, width).
        target: File to write.
        inputs: What the graph reads, by name: samples that activations are observed on; at least one.

    Raises:
        ModelError: The graph cannot be quantised.
    """
    import onnx

    try:
        model = onnx.load(str(source))
        _fold_gemms(model.graph)
        observed = _observe(model, inputs)
        _quantise_tables(model.graph)
        _Products(model.graph, observed).quantise()
        for domain, version in (("", _OPSET), ("com.microsoft", 1)):
            if all(known.domain != domain for known in model.opset_import):
                model.opset_import.append(onnx.helper.make_opsetid(domain, version))
        _forget_origin(model)
        onnx.checker.check_model(model)
        onnx.save(model, str(target))
    except Exception as error:  # protobuf's and the checker's errors have no common root
        raise ModelError(f"the graph cannot be quantised: {error}", where=source) from error


def _constants(graph: Any) -> dict[str, Any]:
    from onnx import numpy_helper

    found = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    return found | {n.output[0]: numpy_helper.to_array(n.attribute[0].t) for n in graph.node if n.op_type == "Constant"}


def _matrix(node: Any, constants: Mapping[str, Any]) -> Any:
    """Return the constant float matrix that a node multiplies by, or None."""
    if node.op_type != "MatMul" or node.input[1] not in constants:
        return None
    values = constants[node.input[1]]
    return values if values.ndim == 2 and values.dtype.kind == "f" else None


def _fold_gemms(graph: Any) -> None:
    """Write `Gemm` as a product and a sum, so that there is one kind of linear layer."""
    from onnx import helper, numpy_helper

    constants = _constants(graph)
    for place, node in reversed(list(enumerate(graph.node))):
        options = {attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute}
        plain = options.get("alpha", 1.0) == options.get("beta", 1.0) == 1.0 and not options.get("transA", 0)
        if node.op_type != "Gemm" or not plain or len(node.input) != 3 or not set(node.input[1:]) <= constants.keys():
            continue
        matrix, out = constants[node.input[1]], node.output[0]
        values = np.ascontiguousarray(matrix.T) if options.get("transB", 0) else matrix
        graph.initializer.append(numpy_helper.from_array(values, f"{out}_matrix"))
        product = helper.make_node("MatMul", [node.input[0], f"{out}_matrix"], [f"{out}_product"], name=f"{out}_MatMul")
        added = helper.make_node("Add", [f"{out}_product", node.input[2]], [out], name=node.name)
        graph.node.remove(node)
        graph.node.insert(place, added)
        graph.node.insert(place, product)


def _observe(model: Any, inputs: Sequence[Mapping[str, npt.NDArray[np.int64]]]) -> dict[str, _Range]:
    """Run the float graph and return what goes into its products."""
    import onnxruntime
    from onnx import ModelProto, TensorProto, helper

    watched = ModelProto()
    watched.CopyFrom(model)
    constants = _constants(watched.graph)
    names = list(dict.fromkeys(n.input[0] for n in watched.graph.node if _matrix(n, constants) is not None))
    del watched.graph.output[:]
    watched.graph.output.extend(helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in names)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(watched.SerializeToString(), options, providers=["CPUExecutionProvider"])
    wanted = {given.name for given in session.get_inputs()}
    ranges: dict[str, _Range] = {}
    for given in inputs:
        feeds = {name: value for name, value in given.items() if name in wanted}
        for name, values in zip(names, session.run(names, feeds), strict=True):
            most = np.abs(values.reshape(-1, values.shape[-1])).max(axis=0)
            before = ranges[name].most if name in ranges else most
            ranges[name] = _Range(np.maximum(before, most), values.ndim)
    return ranges


class _Products:
    """The products of a graph with constant matrices, rewritten in whole numbers."""

    def __init__(self, graph: Any, observed: Mapping[str, _Range]) -> None:
        self._graph = graph
        self._observed = observed
        self._constants = _constants(graph)
        self._made_by = {name: node.op_type for node in graph.node for name in node.output}
        self._users: dict[str, list[Any]] = {}
        for node in graph.node:
            for name in node.input:
                self._users.setdefault(name, []).append(node)
        self._nodes: list[Any] = []
        self._new: dict[str, Any] = {}
        self._rows: dict[str, tuple[str, str]] = {}  # activations quantised by row and their scales, by name
        self._even: dict[str, npt.NDArray[np.float32]] = {}  # what channels are divided by, by activation
        self._done: set[str] = set()  # outputs of nodes that went into a product

    def quantise(self) -> None:
        """Rewrite the graph."""
        graph, replaced = self._graph, set()
        biased = [n for n in graph.node if n.op_type == "MultiHeadAttention" and self._takes_products(n)]
        for node in graph.node:
            matrix = _matrix(node, self._constants)
            if node.output[0] in self._done:
                continue
            if matrix is None:
                self._nodes.append(node)
                continue
            if matrix.shape[1] < _FEW_COLUMNS:
                self._few(node, matrix)
            elif self._by_row(node.input[0]):
                self._product_by_row(node, matrix)
            else:
                self._product(node, matrix)
            replaced.add(node.input[1])
        for attention in biased:
            del attention.input[3:]
        kept = [tensor for tensor in graph.initializer if tensor.name not in replaced]
        nodes = [n for n in self._nodes if not (n.op_type == "Constant" and n.output[0] in replaced)]
        del graph.node[:], graph.initializer[:]
        graph.node.extend(nodes)
        used = {name for node in nodes for name in node.input}
        graph.initializer.extend([tensor for tensor in (*kept, *self._new.values()) if tensor.name in used])

    def _by_row(self, name: str) -> bool:
        return self._made_by.get(name) not in _EVEN

    # --------------------------------------------------------------------------------------------- one scale, fixed

    def _product(self, node: Any, matrix: Any) -> None:
        """Multiply activations with a fixed scale; a bias that follows is added in the same node."""
        name, out, weight = node.input[0], node.output[0], node.input[1]
        if name not in self._even:
            self._quantise_fixed(name)
        weights, columns = _eight_bits(matrix * self._even[name][:, None])
        given = [f"{name}_steps", self._constant(f"{weight}_rows", weights), f"{name}_step"]
        given += [self._constant(f"{weight}_scale", columns), self._constant("rows/middle", np.uint8(128))]
        bias, out = self._bias(out, weight)
        self._add("MatMulIntegerToFloat", [*given, "", bias] if bias else given, out, domain="com.microsoft")

    def _quantise_fixed(self, name: str) -> None:
        most = self._observed[name].most
        beside = [m for user in self._users[name] if (m := _matrix(user, self._constants)) is not None]
        heavy = np.max([np.abs(matrix).max(axis=1) for matrix in beside], axis=0)
        even = np.maximum(most, 0.05 * np.median(most) + 1e-6) ** _EVENING / np.maximum(heavy, 1e-5) ** (1 - _EVENING)
        even = self._even[name] = (even / np.exp(np.log(even).mean())).astype(np.float32)
        self._add("Mul", [name, self._constant(f"{name}_even", 1 / even)], f"{name}_evened")
        step = self._constant(f"{name}_step", np.float32((most / even).max() * _ROOM / 127))
        given = [f"{name}_evened", step, self._constant("rows/middle", np.uint8(128))]
        self._add("QuantizeLinear", given, f"{name}_steps")

    def _bias(self, out: str, weight: str) -> tuple[str, str]:
        """Return the bias that is added to a product and nothing else, or "", and the name of the sum."""
        users = self._users.get(out, [])
        if len(users) != 1:
            return "", out
        user = users[0]
        if user.op_type == "Add":
            other = next(iter(set(user.input) - {out}), "")
            if other in self._constants and self._constants[other].ndim == 1:
                self._done.add(user.output[0])
                return other, user.output[0]
        if user.op_type == "BiasGelu":
            bias = user.input[1]
            user.op_type = "Gelu"
            del user.input[1:]
            return bias, out
        if user.op_type == "MultiHeadAttention" and self._takes_products(user):
            place = list(user.input).index(out)
            values = np.split(self._constants[user.input[3]], 3)[place]
            return self._constant(f"{weight}_bias", values), out
        return "", out

    def _takes_products(self, attention: Any) -> bool:
        """Whether queries, keys and values all are products of their own, so that each can bring its share of bias."""
        if len(attention.input) < 4 or attention.input[3] not in self._constants:
            return False
        makers = [n for n in self._graph.node if n.output[0] in attention.input[:3]]
        return len(makers) == 3 and all(
            (matrix := _matrix(n, self._constants)) is not None
            and matrix.shape[1] >= _FEW_COLUMNS
            and len(self._users[n.output[0]]) == 1
            for n in makers
        )

    # ---------------------------------------------------------------------------------------------------- by row

    def _product_by_row(self, node: Any, matrix: Any) -> None:
        """Multiply rows that each have their scale, then scale by column and by row."""
        name, weight, out = node.input[0], node.input[1], node.output[0]
        weights, columns = _eight_bits(matrix)
        shifted = self._made_by.get(name) in ("Gelu", "BiasGelu")
        rows, scales = self._quantised(name, shifted=shifted)
        zero = self._constant("rows/zero" if shifted else "rows/middle", np.uint8(0 if shifted else 128))
        given = [rows, self._constant(f"{weight}_rows", weights), self._constant("rows/one", np.float32(1))]
        given += [self._constant(f"{weight}_scale", columns), zero]
        self._add("MatMulIntegerToFloat", given, f"{out}_integers", domain="com.microsoft")
        bias, end = self._bias(out, weight)
        if not shifted and not bias:
            self._add("Mul", [f"{out}_integers", scales], end)
            return
        self._add("Mul", [f"{out}_integers", scales], f"{out}_scaled")
        added = (self._bias_values(bias) if bias else 0) - (_GELU_SHIFT * (weights * columns).sum(axis=0) * shifted)
        self._add("Add", [f"{out}_scaled", self._constant(f"{weight}_shift", added.astype(np.float32))], end)

    def _bias_values(self, name: str) -> Any:
        from onnx import numpy_helper

        return self._constants[name] if name in self._constants else numpy_helper.to_array(self._new[name])

    def _quantised(self, name: str, *, shifted: bool) -> tuple[str, str]:
        """Return the names of activations in uint8 and of their scales, one a row; each is made once."""
        if name in self._rows:
            return self._rows[name]
        size, scale, line, out = (f"{name}_{what}" for what in ("size", "scale", "scales", "steps"))
        axis = self._observed[name].axes - 2
        last = self._constant("rows/last", np.array([-1]))
        if shifted:  # now above zero everywhere
            self._add("Add", [name, self._constant("rows/gelu_shift", np.float32(_GELU_SHIFT))], size)
            self._add("ReduceMax", [size, last], f"{name}_most", keepdims=1)
            self._add("Mul", [f"{name}_most", self._constant("rows/step_255", np.float32(1 / 255))], scale)
        else:
            self._add("Abs", [name], size)
            self._add("ReduceMax", [size, last], f"{name}_most", keepdims=1)
            self._add("Mul", [f"{name}_most", self._constant("rows/step_127", np.float32(1 / 127))], f"{name}_step")
            self._add("Max", [f"{name}_step", self._constant("rows/least", np.float32(1e-12))], scale)
        self._add("Reshape", [scale, self._constant("rows/all", np.array([-1]))], line)
        if shifted:
            self._add("QuantizeLinear", [size, line], out, axis=axis)
        else:
            self._add("Shape", [line], f"{name}_count")
            self._add("Expand", [self._constant("rows/middle", np.uint8(128)), f"{name}_count"], f"{name}_middles")
            self._add("QuantizeLinear", [name, line, f"{name}_middles"], out, axis=axis)
        self._rows[name] = (out, scale)
        return self._rows[name]

    # ------------------------------------------------------------------------------------------------------- others

    def _few(self, node: Any, matrix: Any) -> None:
        """Write a product with few columns as sums along the last axis."""
        name, weight, out = node.input[0], node.input[1], node.output[0]
        self._add("Unsqueeze", [name, self._constant("rows/before_last", np.array([-2]))], f"{out}_beside")
        columns = self._constant(f"{weight}_columns", np.ascontiguousarray(matrix.T))
        self._add("Mul", [f"{out}_beside", columns], f"{out}_products")
        self._add("ReduceSum", [f"{out}_products", self._constant("rows/last", np.array([-1]))], out, keepdims=0)

    def _constant(self, name: str, values: Any) -> str:
        from onnx import numpy_helper

        if name not in self._new:
            self._new[name] = numpy_helper.from_array(np.asarray(values), name)
        return name

    def _add(self, kind: str, given: list[str], out: str, *, domain: str = "", **attributes: Any) -> None:
        from onnx import helper

        self._nodes.append(helper.make_node(kind, given, [out], name=out, domain=domain, **attributes))


def _eight_bits(matrix: Any) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float32]]:
    """Return the steps of a matrix and what a step of each column is worth."""
    columns = np.maximum(np.abs(matrix).max(axis=0) / _WEIGHT_STEPS, 1e-12).astype(np.float32)
    return np.clip(np.rint(matrix / columns), -_WEIGHT_STEPS, _WEIGHT_STEPS).astype(np.int8), columns


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
