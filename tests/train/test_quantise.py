"""Eight bits stay near to what they stand for, and carry nothing of where they were made."""

from pathlib import Path

import numpy as np
import pytest

from factcheck.errors import ModelError

onnx = pytest.importorskip("onnx")

SEEN = [{"input_ids": np.arange(0, 8_000, 61)[None]}]


def graph(path: Path) -> np.ndarray:
    """A look-up in a large table, then a matrix; returns the table."""
    from onnx import TensorProto, helper, numpy_helper

    chance = np.random.default_rng(3)
    table = chance.standard_normal((8_000, 128)).astype(np.float32) * chance.uniform(0.01, 10, (8_000, 1)).astype(
        np.float32
    )
    matrix = chance.standard_normal((128, 128)).astype(np.float32)
    nodes = [
        helper.make_node(
            "Gather", ["table", "input_ids"], ["rows"], name="look up", doc_string="/home/somebody/secret.py"
        ),
        helper.make_node("MatMul", ["rows", "matrix"], ["out"], name="multiply"),
    ]
    entry = nodes[1].metadata_props.add()
    entry.key, entry.value = "stack_trace", "/home/somebody/secret.py"
    body = helper.make_graph(
        nodes,
        "g",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT64, [1, "n"])],
        [helper.make_tensor_value_info("out", TensorProto.FLOAT, [1, "n", 128])],
        [numpy_helper.from_array(table, "table"), numpy_helper.from_array(matrix, "matrix")],
    )
    onnx.save(helper.make_model(body, opset_imports=[helper.make_opsetid("", 18)], ir_version=10), str(path))
    return table


def run(path: Path, ids: list[int]) -> np.ndarray:
    import onnxruntime

    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    return session.run(None, {"input_ids": np.array([ids])})[0][0]


def test_it_stays_near_and_gets_small(tmp_path: Path) -> None:
    from factcheck.train.quantise import quantise_weights

    graph(tmp_path / "full.onnx")
    quantise_weights(tmp_path / "full.onnx", tmp_path / "small.onnx", SEEN)
    ids = list(range(0, 8_000, 97))
    full, small = run(tmp_path / "full.onnx", ids), run(tmp_path / "small.onnx", ids)
    cosine = (full * small).sum(axis=1) / np.linalg.norm(full, axis=1) / np.linalg.norm(small, axis=1)
    assert cosine.min() > 0.999
    assert (tmp_path / "small.onnx").stat().st_size < (tmp_path / "full.onnx").stat().st_size / 3.5
    # A row does not depend on the rows beside it.
    np.testing.assert_allclose(run(tmp_path / "small.onnx", ids[:1])[0], small[0], atol=1e-5 * np.abs(small[0]).max())


def test_nothing_tells_where_it_was_made(tmp_path: Path) -> None:
    from factcheck.train.quantise import quantise_weights

    graph(tmp_path / "full.onnx")
    assert b"somebody" in (tmp_path / "full.onnx").read_bytes()
    quantise_weights(tmp_path / "full.onnx", tmp_path / "small.onnx", SEEN)
    assert b"somebody" not in (tmp_path / "small.onnx").read_bytes()


def test_what_is_no_graph(tmp_path: Path) -> None:
    from factcheck.train.quantise import quantise_weights

    (tmp_path / "no.onnx").write_bytes(b"\xff\xff nothing")
    with pytest.raises(ModelError, match="quantised"):
        quantise_weights(tmp_path / "no.onnx", tmp_path / "out.onnx", SEEN)
