"""A tiny BERT with random weights and a word tokenizer, made at test time: real parts, but small."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

_WORDS = [
    "anna",
    "bern",
    "paris",
    "rome",
    "lena",
    "writes",
    "sings",
    "paints",
    "reads",
    "books",
    "songs",
    "houses",
    "letters",
    "not",
    "in",
    "two",
    "three",
    "four",
    "five",
    "born",
    "the",
    "is",
    "was",
    "a",
    "of",
    "and",
    ".",
    ",",
    "he",
    "she",
    "city",
]


def write_encoder(folder: Path, *, seed: int = 0) -> Path:
    """A folder as Hugging Face writes it: config.json, model.safetensors, tokenizer.json."""
    torch = pytest.importorskip("torch")
    transformers = pytest.importorskip("transformers")
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

    folder.mkdir(parents=True, exist_ok=True)
    vocabulary = {word: place for place, word in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *_WORDS])}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    torch.manual_seed(seed)
    config = transformers.BertConfig(
        vocab_size=len(vocabulary), hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32,
        max_position_embeddings=64, pad_token_id=0,
    )  # fmt: skip
    transformers.BertModel(config).save_pretrained(folder)
    return folder


def write_pairs(path: Path, count: int = 96) -> Path:
    """Rows whose label is learnable: the person who does it, another one, or another activity."""
    people, verbs, things = ["anna", "lena"], ["writes", "sings", "paints", "reads"], ["books", "songs", "letters"]
    labels = ["SUPPORTS", "REFUTES", "NOT_ENOUGH_INFO", "NOT_SUPPORTED"]
    lines = []
    for number in range(count):
        who, verb, thing = people[number % 2], verbs[number // 2 % 4], things[number // 8 % 3]
        label = labels[number % 4]
        claim = f"{who} {verb} {thing}" if label == "SUPPORTS" else f"{who} is not in {thing}"
        evidence = f"{who} {verb} {thing} in bern ." if number % 3 else f"{who} {verb} {thing} ."
        lines.append(
            orjson.dumps({"claim": claim, "evidence": evidence, "label": label, "dataset": f"set{number % 2}"})
        )
    path.write_bytes(b"\n".join(lines) + b"\n")
    return path


@pytest.fixture(scope="session")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_encoder(tmp_path_factory.mktemp("encoder"))


@pytest.fixture
def pairs(tmp_path: Path) -> Path:
    return write_pairs(tmp_path / "pairs.jsonl")
