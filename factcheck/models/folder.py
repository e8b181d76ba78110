"""A model on disk: a folder with a manifest that names every file the model consists of.

    manifest.json     {"schema": "factcheck.model/1", "kind": "encoder" | "entailment", name, version,
                       files: {name: {sha256, size}}, max_tokens, inputs, licence, base_model, …}
    model.onnx        the weights
    tokenizer.json    as the library `tokenizers` writes it

An encoder's manifest also has `dimensions`, `pooling`, `normalise` and `prompts`; an entailment model's has `labels`
(what each output means, in order) and may have `calibration: {"temperature": t}`.

Every file is compared with its SHA-256 before native code sees a byte of it. That proves integrity, not origin: who can
write the folder can write a manifest that fits. Pickle executes code when it is read, and is never read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path, PurePosixPath

import msgspec

from factcheck.errors import IntegrityError, ModelError, SchemaVersionError
from factcheck.provenance import FileEntry, sha256_bytes, storage_error

SCHEMA = 1
MANIFEST = "manifest.json"

_SCHEMA = re.compile(r"factcheck\.model/([1-9][0-9]{0,8})")
_MAX_MANIFEST_BYTES = 1024 * 1024
_PICKLES = frozenset({".bin", ".pt", ".pth", ".pkl", ".pickle", ".ckpt", ".joblib"})
_SAFE = frozenset({".safetensors", ".onnx"})
_DAMAGED = "restore the folder from where it came from"


class ModelKind(StrEnum):
    """What a model does."""

    ENCODER = "encoder"
    ENTAILMENT = "entailment"


class Pooling(StrEnum):
    """How the vectors of tokens become one."""

    MEAN = "mean"
    CLS = "cls"


class Prompts(msgspec.Struct, frozen=True, kw_only=True):
    """What is put in front of a text, by kind."""

    query: str = ""
    passage: str = ""


class Calibration(msgspec.Struct, frozen=True, kw_only=True):
    """What turns logits into honest probabilities."""

    temperature: float = 1.0


class ModelManifest(msgspec.Struct, frozen=True, kw_only=True):
    """The manifest's fields that the runtime needs; others are for readers.

    Attributes:
        max_tokens: longest input, special tokens included.
        inputs: of the graph, by name.
        output: of the graph, by name; None where it has only one.
    """

    schema: str
    kind: ModelKind
    name: str
    version: str
    files: dict[str, FileEntry]
    max_tokens: int
    inputs: list[str]
    licence: str
    output: str | None = None
    languages: list[str] = msgspec.field(default_factory=list)
    dimensions: int | None = None
    pooling: Pooling = Pooling.MEAN
    normalise: bool = True
    prompts: Prompts = Prompts()
    labels: list[str] = msgspec.field(default_factory=list)
    calibration: Calibration = Calibration()


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFolder:
    """A folder whose manifest was read and whose files are there.

    Attributes:
        sha256: of the manifest. As the manifest names weights and tokenizer by hash, it names the whole model.
    """

    path: Path
    manifest: ModelManifest
    sha256: str
    _entries: Mapping[str, FileEntry] = field(repr=False)

    def read(self, name: str) -> bytes:
        """Return a file's bytes once they are known to be those that the manifest names.

        Raises:
            IntegrityError: they are not, or the manifest does not name the file.
        """
        entry = self._entries.get(name)
        if entry is None:
            raise IntegrityError(f"'{name}' is not in the manifest", where=self.path / MANIFEST, remedy=_DAMAGED)
        path = self.path / name
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            raise IntegrityError("is missing", where=path, remedy=_DAMAGED) from None
        except OSError as error:
            raise storage_error(error, path) from error
        if len(data) != entry.size:
            what = f"has {len(data)} bytes, the manifest says {entry.size}"
            raise IntegrityError(what, where=path, remedy=_DAMAGED)
        if sha256_bytes(data) != entry.sha256:
            raise IntegrityError(
                "is not the file that the manifest names (SHA-256 differs)", where=path, remedy=_DAMAGED
            )
        return data


def open_model_folder(path: Path, kind: ModelKind) -> ModelFolder:
    """Read and check a manifest; the files themselves are checked as they are read.

    Raises:
        ModelError: the folder is no model of this kind, or its weights are pickled.
        SchemaVersionError: a newer version of this package wrote it.
        IntegrityError: a file is missing or has another size.
    """
    if not path.is_dir():
        raise ModelError("is not a folder", where=path, remedy="name the folder of a model, 'embedded' or hf:NAME")
    where = path / MANIFEST
    if not where.is_file():
        refuse_pickle(path)
        raise ModelError(f"holds no {MANIFEST}", where=path, remedy="name the folder of a model, 'embedded' or hf:NAME")
    try:
        if where.stat().st_size > _MAX_MANIFEST_BYTES:
            raise ModelError("is too large for a manifest", where=where, remedy=_DAMAGED)
        raw = where.read_bytes()
    except OSError as error:
        raise storage_error(error, where) from error
    manifest = _decode(raw, where)
    if manifest.kind is not kind:
        raise ModelError(f"describes a model of kind '{manifest.kind}', not '{kind}'", where=where)
    for name, entry in manifest.files.items():
        file = path / name
        if not file.is_file():
            raise IntegrityError("is missing", where=file, remedy=_DAMAGED)
        if file.stat().st_size != entry.size:
            what = f"has {file.stat().st_size} bytes, the manifest says {entry.size}"
            raise IntegrityError(what, where=file, remedy=_DAMAGED)
    return ModelFolder(path=path, manifest=manifest, sha256=sha256_bytes(raw), _entries=manifest.files)


def refuse_pickle(path: Path) -> None:
    """Refuse a folder whose only weights are pickled.

    Raises:
        ModelError: reading them could run any code.
    """
    suffixes = {file.suffix.lower(): file for file in sorted(path.iterdir(), reverse=True) if file.is_file()}
    pickled = sorted(_PICKLES & suffixes.keys())
    if pickled and not _SAFE & suffixes.keys():
        raise ModelError(
            f"'{suffixes[pickled[0]].name}' may hold pickled weights, which can run any code when they are read",
            where=path,
            remedy="save the model as safetensors (model.save_pretrained) or ONNX",
        )


def _decode(raw: bytes, where: Path) -> ModelManifest:
    try:
        head = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ModelError(f"is not JSON ({error})", where=where, remedy=_DAMAGED) from error
    schema = head.get("schema") if isinstance(head, dict) else None
    match = _SCHEMA.fullmatch(schema) if isinstance(schema, str) else None
    if match is None:
        raise ModelError(f"has schema {schema!r}, not 'factcheck.model/{SCHEMA}'", where=where, remedy=_DAMAGED)
    # The version comes before the fields: a newer version may have other fields.
    if int(match[1]) > SCHEMA:
        raise SchemaVersionError(
            f"has schema {match[1]}, and this version of factcheck reads {SCHEMA}",
            where=where,
            remedy="upgrade factcheck",
        )
    try:
        manifest = msgspec.convert(head, ModelManifest, strict=True)
    except msgspec.ValidationError as error:
        raise ModelError(f"is not the manifest of a model ({error})", where=where, remedy=_DAMAGED) from error
    for name, entry in manifest.files.items():
        pure = PurePosixPath(name)
        if pure.name != name or name in {"..", MANIFEST} or "\\" in name:
            raise ModelError(f"names '{name}', which is not a file of this folder", where=where, remedy=_DAMAGED)
        if pure.suffix.lower() in _PICKLES:
            raise ModelError(f"names pickled weights ('{name}')", where=where, remedy="export the model as ONNX")
        if entry.size < 0 or not re.fullmatch(r"[0-9a-f]{64}", entry.sha256):
            raise ModelError(f"has no SHA-256 and size for '{name}'", where=where, remedy=_DAMAGED)
    if manifest.max_tokens < 8:
        raise ModelError(f"has max_tokens {manifest.max_tokens}, too few for any text", where=where, remedy=_DAMAGED)
    return manifest
