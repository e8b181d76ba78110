"""What share of ONNX Runtime's own 8-bit matrix rate a model reaches while it reads, and where the rest goes.

    python scripts/bench_products.py                            the embedded verifier, 32, 64 and 128 tokens
    python scripts/bench_products.py --model encoder --tokens 16 --tokens 64
    python scripts/bench_products.py --small

The rate is that of bare `MatMulInteger` (uint8 by int8, one thread) at the shapes of the model's own products, each
taken alone and many times, so that its matrix stays in the cache; the share is the time that all products of a text
would take so, divided by the time that the model takes for it. What the rest is spent on is told by ONNX Runtime's
profiler. Times are processor time of the calling thread, the tenth percentile of many runs, so that other jobs disturb
little.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from factcheck.models.load import embedded_folder


def main() -> int:
    """Run the measurement."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="verifier", help="verifier, encoder, or the folder of a model (verifier)")
    parser.add_argument("--tokens", type=int, action="append", metavar="N", help="length of a text (32, 64, 128)")
    parser.add_argument("--runs", type=int, default=100, metavar="N", help="of each (100)")
    parser.add_argument("--small", action="store_true", help="32 tokens, 5 runs")
    args = parser.parse_args()
    folder = embedded_folder(args.model) if args.model in ("verifier", "encoder") else Path(args.model)
    path = folder / "model.onnx"
    lengths = [32] if args.small else args.tokens or [32, 64, 128]
    runs = 5 if args.small else args.runs
    matrices = products(path)
    print(f"{path.parent.name}: {sum(matrices.values())} products, onnxruntime {onnxruntime.__version__}")
    for tokens in lengths:
        bare = {key: rate_of(key[0], 1 if key[1] else tokens, runs) for key in matrices}
        ideal = sum(count * bare[key] for key, count in matrices.items())
        feeds = made_up(path, tokens)
        seconds = lowest(session(path), feeds, runs)
        steps = sum(2 * shape[0] * shape[1] * (1 if once else tokens) * n for (shape, once), n in matrices.items())
        print(f"\n{tokens} tokens: {1e3 * seconds:.2f} ms a text; products alone {1e3 * ideal:.2f} ms", end=" ")
        print(f"({steps / ideal / 1e9:.0f} thousand million operations a second); share {ideal / seconds:.2f}")
        spent = profile(path, feeds, runs)
        total = sum(spent.values())
        for kind, part in spent.most_common(9):
            print(f"  {kind:24} {part / 1e3:7.3f} ms {part / total:6.1%}")
    return 0


def products(path: Path) -> Counter[tuple[tuple[int, int], bool]]:
    """Return shapes of the 8-bit matrices, whether each is multiplied by one row a text, and how many there are."""
    graph = onnx.load(str(path)).graph
    shapes = {t.name: tuple(t.dims) for t in graph.initializer if t.data_type == TensorProto.INT8}
    nodes = [node for node in graph.node if node.op_type == "MatMulIntegerToFloat"]
    return Counter((shapes[node.input[1]], "layer" not in node.name) for node in nodes)


def rate_of(shape: tuple[int, int], rows: int, runs: int) -> float:
    """Return the seconds of one bare product of `rows` by `shape`."""
    chance = np.random.default_rng(0)
    matrix = numpy_helper.from_array(chance.integers(-64, 65, shape).astype(np.int8), "matrix")
    body = helper.make_graph(
        [helper.make_node("MatMulInteger", ["rows", "matrix"], ["out"])],
        "product",
        [helper.make_tensor_value_info("rows", TensorProto.UINT8, [rows, shape[0]])],
        [helper.make_tensor_value_info("out", TensorProto.INT32, [rows, shape[1]])],
        [matrix],
    )
    model = helper.make_model(body, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    given = chance.integers(0, 256, (rows, shape[0])).astype(np.uint8)
    return lowest(session(model.SerializeToString()), {"rows": given}, runs)


def made_up(path: Path, tokens: int) -> dict[str, Any]:
    """Return a text of so many tokens, the second half of it a claim."""
    ids = np.random.default_rng(1).integers(1000, 20000, (1, tokens))
    types = (np.arange(tokens) >= tokens // 2).astype(np.int64)[None]
    values = {"input_ids": ids, "token_type_ids": types, "attention_mask": np.ones_like(ids)}
    return {given.name: values[given.name] for given in session(path).get_inputs()}


def session(model: Path | bytes, profile_prefix: str = "") -> Any:
    """Open a graph on one thread."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    if profile_prefix:
        options.enable_profiling, options.profile_file_prefix = True, profile_prefix
    given = model if isinstance(model, bytes) else str(model)
    return onnxruntime.InferenceSession(given, options, providers=["CPUExecutionProvider"])


def lowest(opened: Any, feeds: dict[str, Any], runs: int) -> float:
    """Return seconds of processor time, the tenth percentile."""
    times = []
    for place in range(runs + 3):
        started = time.thread_time()
        opened.run(None, feeds)
        if place >= 3:
            times.append(time.thread_time() - started)
    return float(np.percentile(times, 10))


def profile(path: Path, feeds: dict[str, Any], runs: int) -> Counter[str]:
    """Return microseconds by kind of node, from ONNX Runtime's profiler."""
    with tempfile.TemporaryDirectory() as folder:
        opened = session(path, str(Path(folder) / "profile"))
        for _ in range(runs):
            opened.run(None, feeds)
        events = json.loads(Path(opened.end_profiling()).read_text(encoding="utf-8"))
    times: dict[tuple[str, str], list[float]] = defaultdict(list)
    for event in events:
        if event.get("cat") == "Node" and event["name"].endswith("_kernel_time"):
            times[event["args"]["op_name"], event["name"]].append(event["dur"])
    spent: Counter[str] = Counter()
    for (kind, _), values in times.items():
        spent[kind] += float(np.percentile(values, 20))  # type: ignore[assignment]
    return spent


if __name__ == "__main__":
    sys.exit(main())
