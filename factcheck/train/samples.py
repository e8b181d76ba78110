"""What a graph is shown before it is quantised: the passages of the embedded sample, as models read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import orjson

from factcheck.models.tokenizer import TextTokenizer
from factcheck.provenance.sample import sample_sources

Inputs = Mapping[str, npt.NDArray[np.int64]]

_PASSAGES = 160
_PREMISE_TOKENS = 160
_CLAIM_TOKENS = 40


def sample_texts() -> list[str]:
    """Return passages of the embedded sample with their titles, spread over all of it."""
    rows = [orjson.loads(line) for line in (sample_sources() / "passages.jsonl").read_bytes().splitlines() if line]
    texts = ["\n".join(filter(None, (row.get("title"), row.get("section"), row["text"]))) for row in rows]
    return texts[:: max(1, len(texts) // _PASSAGES)]


def single_inputs(tokenizer: TextTokenizer, texts: Sequence[str], max_tokens: int) -> list[Inputs]:
    """Return each text as an encoder reads it."""
    room = max_tokens - tokenizer.single_extra
    ids = (np.array([tokenizer.single(tokenizer.ids(text)[:room])], dtype=np.int64) for text in texts)
    return [_inputs(row, np.zeros_like(row)) for row in ids]


def pair_inputs(tokenizer: TextTokenizer, texts: Sequence[str], max_tokens: int) -> list[Inputs]:
    """Return pairs of a text with a claim, every other time one about something else."""
    found: list[Inputs] = []
    claim_room = min(_CLAIM_TOKENS, max_tokens // 4)
    room = min(_PREMISE_TOKENS, max_tokens - claim_room - tokenizer.pair_extra)
    for place, text in enumerate(texts):
        claim = texts[(place + place % 2) % len(texts)].rpartition("\n")[2]
        pair = tokenizer.pair(tokenizer.ids(text)[:room], tokenizer.ids(claim)[:claim_room])
        found.append(_inputs(np.array([pair.ids], dtype=np.int64), np.array([pair.types], dtype=np.int64)))
    return found


def _inputs(ids: npt.NDArray[np.int64], types: npt.NDArray[np.int64]) -> Inputs:
    return {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": types}
