"""Train the shipped verifier on one GPU: a large teacher first, then the small student that learns from it.

    python scripts/distil_verifier.py mixture.jsonl.gz --teacher MPNET-FOLDER --student MINILM-FOLDER \
        --judge dev_windows.json.gz --out RUN --teacher-minutes 7 --student-minutes 7

Stages, each skipped when its result lies in RUN: `teacher` (fine-tunes the large encoder on the rows), `mined` (claims
beside the sentences that the embedded encoder retrieves for them; no label but the teacher's), `soft` (the teacher's
probabilities of every row), `student` (learns from those and from the labels). On a CPU use `train_verifier.py`.
The student minimises (1 - h) * cross-entropy with the teacher + h * cross-entropy with the label. Source: Hinton,
Vinyals and Dean 2015, "Distilling the Knowledge in a Neural Network", section 2, at temperature 1.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import json
import lzma
import multiprocessing
import os
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from factcheck.train import edits
from factcheck.train.batches import LABEL_IDS, TokenizedRows, load_tokenizer, tokenize
from factcheck.train.classifier import HEAD_FILE, load_classifier, save_classifier
from factcheck.train.objective import rate_factor
from factcheck.train.phrasing import as_passage
from factcheck.train.rows import PairLabel, PairRow, write_rows

Floats = npt.NDArray[np.float32]
UNLABELLED = 4  # trains through the teacher alone
SMOOTHING = 0.06


def log(*parts: object) -> None:
    """Print with the time, at once."""
    print(time.strftime("%H:%M:%S"), *parts, flush=True)


def open_text(path: Path) -> Any:
    """Open plain, gzipped or xz text."""
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8")
    return lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8")


def row_of(claim: str, evidence: str, label: str = "NOT_ENOUGH_INFO", dataset: str = "mined") -> PairRow:
    """A row; without a label it is one that only the teacher judges."""
    return PairRow(claim=claim, evidence=evidence, label=PairLabel(label), dataset=dataset)


def read_pairs(path: Path) -> list[PairRow]:
    """Rows of a mixture; a row may carry a weight by being repeated."""
    with open_text(path) as stream:
        rows = [json.loads(line) for line in stream]
    return [row_of(r["claim"], r["evidence"], r["label"], r.get("dataset", "")) for r in rows]


def tokenize_all(rows: Sequence[PairRow], model: Path, max_tokens: int) -> TokenizedRows:
    """Tokenize in as many processes as there are cores; what takes long is not the tokenizer but Python around it."""
    workers = min(os.cpu_count() or 1, max(1, len(rows) // 5000))
    if workers == 1:
        return tokenize(rows, load_tokenizer(model, max_tokens))
    bounds = np.linspace(0, len(rows), workers + 1).astype(int)
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("fork")) as pool:
        jobs = [pool.submit(_tokenize, rows[a:b], model, max_tokens) for a, b in itertools.pairwise(bounds)]
        parts = [job.result() for job in jobs]
    lengths = np.concatenate([part.lengths for part in parts])
    return TokenizedRows(
        ids=np.concatenate([part.ids for part in parts]),
        types=np.concatenate([part.types for part in parts]),
        offsets=np.concatenate(([0], np.cumsum(lengths))).astype(np.int64),
        labels=np.concatenate([part.labels for part in parts]),
        truncated=sum(part.truncated for part in parts),
    )


def _tokenize(rows: Sequence[PairRow], model: Path, max_tokens: int) -> TokenizedRows:
    return tokenize(rows, load_tokenizer(model, max_tokens))


@dataclass(frozen=True, slots=True)
class Device:
    """Rows on the device, cut into padded batches without a copy by the processor.

    Attributes:
        ids: int32, all rows end to end; `types` alike.
        offsets: int64 of n + 1.
    """

    ids: Tensor
    types: Tensor
    offsets: Tensor

    @classmethod
    def of(cls, rows: TokenizedRows, where: torch.device) -> Device:
        """Move rows to a device."""
        return cls(
            torch.from_numpy(rows.ids).to(where),
            torch.from_numpy(rows.types).to(where),
            torch.from_numpy(rows.offsets).to(where),
        )

    def batch(self, rows: Tensor, width: int) -> dict[str, Tensor]:
        """Padded inputs of some rows; `width` is their greatest length, made even for the attention kernels."""
        starts, ends = self.offsets[rows], self.offsets[rows + 1]
        lengths = ends - starts
        steps = torch.arange(-(-width // 16) * 16, device=rows.device)
        mask = steps[None, :] < lengths[:, None]
        places = (starts[:, None] + steps[None, :]).clamp(max=len(self.ids) - 1)
        zero = torch.zeros((), dtype=torch.int64, device=rows.device)
        return {
            "input_ids": torch.where(mask, self.ids[places].long(), zero),
            "attention_mask": mask.long(),
            "token_type_ids": torch.where(mask, self.types[places].long(), zero),
        }


def token_batches(lengths: npt.NDArray[np.int64], budget: int, seed: int) -> list[npt.NDArray[np.int64]]:
    """Row numbers of batches of about `budget` padded tokens: shuffled, sorted by length in pools, shuffled again."""
    chance = np.random.default_rng(seed)
    order = chance.permutation(len(lengths))
    batches: list[npt.NDArray[np.int64]] = []
    for start in range(0, len(order), 16384):
        pool = order[start : start + 16384]
        pool = pool[np.argsort(lengths[pool], kind="stable")]
        run = 0
        while run < len(pool):
            end = run + 1
            while end < len(pool) and int(lengths[pool[end]]) * (end + 1 - run) <= budget:
                end += 1
            batches.append(pool[run:end])
            run = end
    return [batches[place] for place in chance.permutation(len(batches))]


def mixed_loss(logits: Tensor, labels: Tensor, soft: Tensor | None, hard_share: float) -> Tensor:
    """Cross-entropy with the teacher and with the label, label 3 as p(1) + p(2), label 4 without a label.

    Without a teacher labels are smoothed: a reader that is sure of everything ranks badly what is hard to tell.
    """
    logs = torch.log_softmax(logits.float(), dim=-1)
    padded = torch.cat([logs, torch.logsumexp(logs[:, 1:], dim=-1, keepdim=True), torch.zeros_like(logs[:, :1])], -1)
    hard = -padded.gather(1, labels[:, None]).squeeze(1)
    if soft is None:
        return ((1 - SMOOTHING) * hard - SMOOTHING * logs.mean(-1)).mean()
    told = (labels != UNLABELLED).float() * hard_share
    return ((1 - told) * -(soft * logs).sum(-1) + told * hard).mean()


def fit(
    model: nn.Module,
    rows: TokenizedRows,
    labels: npt.NDArray[np.int64],
    soft: Floats | None,
    *,
    minutes: float,
    epochs: int,
    rate: float,
    budget: int,
    hard_share: float,
    average: float,
    where: torch.device,
    seed: int,
) -> dict[str, Any]:
    """Train in place; the model ends as the running average of its weights."""
    data = Device.of(rows, where)
    gold = torch.from_numpy(labels).to(where)
    told = None if soft is None else torch.from_numpy(soft).to(where)
    groups: dict[tuple[bool, bool], list[nn.Parameter]] = {}
    for name, parameter in model.named_parameters():
        groups.setdefault((parameter.ndim > 1, not name.startswith("encoder.")), []).append(parameter)
    optimizer = torch.optim.AdamW(
        [
            {
                "params": part,
                "weight_decay": 0.01 * decays,
                "factor": 6.0 if head and rate < 1e-4 else 2.0 if head else 1.0,
            }
            for (decays, head), part in groups.items()
        ],
        lr=rate,
        betas=(0.9, 0.98),
        fused=True,
    )
    parameters = [p for p in model.parameters() if p.requires_grad]
    shadow = [p.detach().clone() for p in parameters]
    batches = [batch for epoch in range(epochs) for batch in token_batches(rows.lengths, budget, seed + epoch)]
    lengths = rows.lengths
    log(f"{len(rows)} rows, {len(batches)} steps at most")
    started = time.monotonic()
    curve: list[tuple[int, float, float]] = []
    seen, sums, steps = 0, torch.zeros((), device=where), 0
    model.train()
    for step, batch in enumerate(batches):
        progress = max(step / len(batches), (time.monotonic() - started) / (minutes * 60))
        if progress >= 1:
            break
        for group in optimizer.param_groups:
            group["lr"] = rate * group["factor"] * rate_factor(progress, 0.05)
        chosen = torch.from_numpy(batch).to(where, non_blocking=True)
        with torch.autocast(where.type, torch.bfloat16):
            logits = model(**data.batch(chosen, int(lengths[batch].max())))
        loss = mixed_loss(logits, gold[chosen], None if told is None else told[chosen], hard_share)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        decay = min(average, (1 + step) / (10 + step))
        torch._foreach_lerp_(shadow, [p.detach() for p in parameters], 1 - decay)
        seen, sums, steps = seen + len(batch), sums + loss.detach(), steps + 1
        if steps % 200 == 0:
            curve.append((step + 1, round(progress, 4), round(float(sums) / 200, 4)))
            sums = torch.zeros((), device=where)
            if steps % 1000 == 0:
                speed = seen / (time.monotonic() - started)
                log(f"step {step + 1} {progress:.2f} loss {curve[-1][2]} {speed:.0f} rows/s")
    with torch.no_grad():
        for parameter, value in zip(parameters, shadow, strict=True):
            parameter.copy_(value)
    return {"rows": len(rows), "rows_seen": seen, "steps": steps, "seconds": time.monotonic() - started, "curve": curve}


@torch.no_grad()
def logits_of(model: nn.Module, rows: TokenizedRows, where: torch.device, budget: int = 65536) -> Floats:
    """Logits of every row, (n, 3)."""
    model.eval()
    data = Device.of(rows, where)
    found = np.zeros((len(rows), 3), dtype=np.float32)
    lengths = rows.lengths
    for batch in token_batches(rows.lengths, budget, 0):
        with torch.autocast(where.type, torch.bfloat16):
            given = data.batch(torch.from_numpy(batch).to(where), int(lengths[batch].max()))
            found[batch] = model(**given).float().cpu().numpy()
    return found


def softmax(logits: Floats) -> Floats:
    """Probabilities of rows."""
    exps = np.exp(logits - logits.max(1, keepdims=True))
    return np.asarray(exps / exps.sum(1, keepdims=True), dtype=np.float32)


@torch.no_grad()
def embed(texts: Sequence[str], folder: Path, where: torch.device) -> Tensor:
    """Unit vectors of the mean of the last states, as all-MiniLM-L6-v2 makes them."""
    from tokenizers import Tokenizer
    from transformers import AutoModel

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(128)
    encoder = AutoModel.from_pretrained(folder, local_files_only=True, trust_remote_code=False).to(where).eval()
    encoded = tokenizer.encode_batch(list(texts))
    order = sorted(range(len(texts)), key=lambda i: len(encoded[i].ids))
    vectors = torch.zeros((len(texts), encoder.config.hidden_size), dtype=torch.float16, device=where)
    for start in range(0, len(order), 1024):
        part = order[start : start + 1024]
        width = len(encoded[part[-1]].ids)
        ids = torch.zeros((len(part), width), dtype=torch.int64)
        for place, row in enumerate(part):
            ids[place, : len(encoded[row].ids)] = torch.tensor(encoded[row].ids)
        ids = ids.to(where)
        mask = (ids != 0).long()
        with torch.autocast(where.type, torch.bfloat16):
            states = encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        mean = (states.float() * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        vectors[torch.tensor(part, device=where)] = torch.nn.functional.normalize(mean, dim=-1).half()
    return vectors


def mine(rows: Sequence[PairRow], folder: Path, most: int, where: torch.device, seed: int) -> list[PairRow]:
    """Claims beside what the embedded encoder retrieves for them: one near sentence, and several as a passage."""
    chance = Random(f"{seed}:mine")  # noqa: S311 - reproducible data, no secret
    pool = sorted(
        {
            text
            for row in rows
            if row.dataset in {"fever", "fever_nei", "fever_nearmiss"}
            for text in edits.sentences(row.evidence)
            if 5 <= len(text.split()) <= 60
        }
    )
    plain = {"fever", "fever_nei", "fever+joined", "fever_nei+joined", "fever+contrast", "fever+summary", "swap_name"}
    claims = sorted({row.claim for row in rows if row.dataset in plain})
    claims = chance.sample(claims, min(len(claims), most))
    if not pool or not claims:
        return []
    log(f"mining: {len(claims)} claims, {len(pool)} sentences")
    sentences = embed(pool, folder, where)
    queries = embed(claims, folder, where)
    made = []
    for start in range(0, len(claims), 2048):
        near = (queries[start : start + 2048] @ sentences.T).topk(min(12, len(pool)), dim=1).indices.tolist()
        for claim, found in zip(claims[start : start + 2048], near, strict=True):
            made.append(row_of(claim, pool[chance.choice(found)]))
            several = found[chance.choice((0, 0, 1)) :][: chance.choice((3, 4, 5, 6, 8))]
            chance.shuffle(several)
            text = as_passage([pool[i] for i in several], chance)
            made.append(row_of(claim, text))
    return made


def judge(model: nn.Module, folder: Path, max_tokens: int, path: Path, where: torch.device) -> Floats:
    """Logits of the windows of development rows: a file {"pairs": [[evidence, claim], …]}."""
    with open_text(path) as stream:
        pairs = json.load(stream)["pairs"]
    rows = [row_of(claim, evidence) for evidence, claim in pairs]
    return logits_of(model, tokenize(rows, load_tokenizer(folder, max_tokens)), where)


def gold_of(rows: Sequence[PairRow]) -> npt.NDArray[np.int64]:
    """Label numbers; mined rows have none."""
    return np.array([UNLABELLED if row.dataset == "mined" else LABEL_IDS[row.label] for row in rows], dtype=np.int64)


def main() -> int:
    """Run the stages."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", type=Path, nargs="+", help="mixtures {claim, evidence, label, dataset}")
    parser.add_argument("--teacher", type=Path, help="folder of the large encoder; without it labels alone teach")
    parser.add_argument("--student", type=Path, required=True, help="folder of the small encoder")
    parser.add_argument("--retriever", type=Path, help="folder of the encoder that mines (default: the student's)")
    parser.add_argument("--judge", type=Path, help="windows of development rows; their logits are written")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--teacher-minutes", type=float, default=7.0)
    parser.add_argument("--teacher-epochs", type=int, default=2)
    parser.add_argument("--teacher-rate", type=float, default=4e-5)
    parser.add_argument("--student-minutes", type=float, default=7.0)
    parser.add_argument("--student-epochs", type=int, default=6)
    parser.add_argument("--student-rate", type=float, default=4e-4)
    parser.add_argument("--student-name", default="student", help="folder in RUN, so that several may be tried")
    parser.add_argument("--hard-share", type=float, default=0.3)
    parser.add_argument("--student-dropout", type=float, default=0.1)
    parser.add_argument("--mined", type=int, default=80_000, help="claims to mine for")
    parser.add_argument("--max-tokens", type=int, default=384)
    parser.add_argument("--budget", type=int, default=24_576, help="padded tokens of a batch")
    parser.add_argument("--seed", type=int, default=17)
    args = parser.parse_args()
    where = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    torch.set_float32_matmul_precision("high")
    args.out.mkdir(parents=True, exist_ok=True)
    rows = [row for path in args.rows for row in read_pairs(path)]
    log(f"{len(rows)} rows")
    record: dict[str, Any] = {"arguments": {k: str(v) for k, v in vars(args).items()}}

    soft: Floats | None = None
    if args.teacher is not None:
        rows, soft = teach(args, rows, record, where)
    student = args.out / args.student_name
    tokens = tokenize_all(rows, args.student, args.max_tokens)
    log(f"student: {tokens.truncated} rows cut, {tokens.lengths.mean():.0f} tokens a row, on {device_name(where)}")
    model = load_classifier(args.student, seed=args.seed, dropout=args.student_dropout).to(where)
    record["student"] = fit(
        model, tokens, gold_of(rows), soft, minutes=args.student_minutes, epochs=args.student_epochs,
        rate=args.student_rate, budget=args.budget, hard_share=args.hard_share, average=0.9995, where=where,
        seed=args.seed,
    )  # fmt: skip
    save_classifier(model, student)
    (student / "run.json").write_text(json.dumps(record))
    if args.judge:
        np.save(student / "logits.npy", judge(model, args.student, args.max_tokens, args.judge, where).astype("f2"))
    log("student done", json.dumps({k: v for k, v in record["student"].items() if k != "curve"}))
    return 0


def device_name(where: torch.device) -> str:
    """What computes, for the log."""
    return torch.cuda.get_device_name() if where.type == "cuda" else "CPU"


def teach(
    args: argparse.Namespace, rows: list[PairRow], record: dict[str, Any], where: torch.device
) -> tuple[list[PairRow], Floats]:
    """Train the teacher, mine, and return all rows with the teacher's probabilities of each."""
    taught = args.out / "teacher"
    if not (taught / HEAD_FILE).is_file():
        tokens = tokenize_all(rows, args.teacher, args.max_tokens)
        log(f"teacher: {tokens.truncated} rows cut, {tokens.lengths.mean():.0f} tokens a row")
        teacher = load_classifier(args.teacher, seed=args.seed, dropout=0.1, attention="eager").to(where)
        record["teacher"] = fit(
            teacher, tokens, gold_of(rows), None, minutes=args.teacher_minutes, epochs=args.teacher_epochs,
            rate=args.teacher_rate, budget=args.budget, hard_share=1.0, average=0.999, where=where, seed=args.seed,
        )  # fmt: skip
        save_classifier(teacher, taught)
        (args.out / "teacher.json").write_text(json.dumps(record["teacher"]))
        if args.judge:
            logits = judge(teacher, args.teacher, args.max_tokens, args.judge, where)
            np.save(args.out / "teacher_logits.npy", logits.astype("f2"))
        del teacher
        log("teacher done")
    pairs = args.out / "mined.jsonl"
    if not pairs.is_file():
        write_rows(mine(rows, args.retriever or args.student, args.mined, where, args.seed), pairs)
    rows = rows + read_pairs(pairs)
    if not (args.out / "soft.npy").is_file():
        tokens = tokenize_all(rows, args.teacher, args.max_tokens)
        teacher = load_classifier(taught, attention="eager").to(where)
        np.save(args.out / "soft.npy", softmax(logits_of(teacher, tokens, where)).astype("f2"))
        del teacher
    soft = np.load(args.out / "soft.npy").astype("f4")
    gold = gold_of(rows)
    known = gold < 3
    log(f"the teacher agrees with {np.mean(soft.argmax(1)[known] == gold[known]):.4f} of the labels")
    return rows, soft


if __name__ == "__main__":
    sys.exit(main())
