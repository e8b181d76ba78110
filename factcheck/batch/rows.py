"""The fields of an input row: what RAG evaluation tools write is taken as it is.

Of several names of one field the first that is present wins; a field that is null counts as absent. Names that were
passed over are reported, in the row's warnings.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from factcheck.errors import RowError, TextError, UsageError
from factcheck.text.clean import clean_text
from factcheck.text.json_lines import RawRow
from factcheck.types import Document, Draft

NAMES: Mapping[str, tuple[str, ...]] = {
    "id": ("id",),
    "text": ("text", "output", "response", "answer", "actual_output"),
    "question": ("question", "prompt", "user_input", "input", "query"),
    "contexts": ("context", "contexts", "retrieved_contexts", "retrieval_context"),
}
"""Names of each field in the order in which they win."""

_CONTEXT_TEXT = ("text", "page_content", "content")


@dataclass(frozen=True, slots=True, kw_only=True)
class InputRow:
    """A row that can be verified.

    Attributes:
        id: as it stands in the row, else the row's number as text.
        contexts: judge on these; None asks index and graph.
        group: whose means it counts for.
        content: SHA-256 of everything above but id and group, and of the warnings.
    """

    position: int
    line: int
    offset: int | None
    id: str | int
    draft: Draft
    contexts: tuple[Document, ...] | None
    group: str | None
    warnings: tuple[str, ...]
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldNames:
    """Which names of a row are read, by field."""

    names: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: dict(NAMES))
    group: str | None = None

    @classmethod
    def of(cls, mappings: Sequence[str] = (), group: str | None = None) -> FieldNames:
        """Apply `field=name` mappings; a field that is mapped is read under that name alone.

        Raises:
            UsageError: a mapping is not of that form, or there is no such field.
        """
        names = dict(NAMES)
        for mapping in mappings:
            target, _, name = mapping.partition("=")
            target = "contexts" if target == "context" else target
            if target not in NAMES or not name:
                known = ", ".join(NAMES)
                raise UsageError(f"'{mapping}' maps no field", where="--map", remedy=f"write FIELD=NAME; {known}")
            names[target] = (name,)
        return cls(names=names, group=group)

    @property
    def columns(self) -> Collection[str]:
        """Everything that is looked at."""
        found = {name for names in self.names.values() for name in names}
        return found if self.group is None else {*found, self.group}


def read_row(raw: RawRow, names: FieldNames, *, where: str | Path, max_characters: int) -> InputRow | RowError:
    """Return the row, or why it cannot be used."""
    if isinstance(raw.value, RowError):
        return raw.value
    try:
        return _row(raw, raw.value, names, max_characters)
    except _Unusable as problem:
        return RowError(problem.what, where=where, line=raw.line, offset=raw.offset, code=problem.code)


class _Unusable(Exception):  # noqa: N818 - says why a row is rejected; it never leaves this module
    def __init__(self, what: str, code: str) -> None:
        super().__init__(what)
        self.what = what
        self.code = code


def _row(raw: RawRow, value: Mapping[str, Any], names: FieldNames, max_characters: int) -> InputRow:
    found: dict[str, tuple[str, Any]] = {}
    warnings = []
    for target, candidates in names.names.items():
        present = [name for name in candidates if value.get(name) is not None]
        if present:
            found[target] = (present[0], value[present[0]])
        warnings += [f"'{other}' was passed over; '{present[0]}' was taken as the {target}" for other in present[1:]]
    if "text" not in found:
        raise _Unusable(f"has no text ({', '.join(names.names['text'])})", "missing_field")
    identity = found.get("id", ("id", str(raw.position)))[1]
    if isinstance(identity, bool) or not isinstance(identity, str | int):
        raise _Unusable("has an id that is neither text nor a whole number", "invalid_field")
    if identity == "":
        raise _Unusable("has an empty id", "invalid_field")
    text = _text(*found["text"], max_characters=max_characters)
    question = _text(*found["question"], max_characters=max_characters) if "question" in found else None
    contexts = _contexts(*found["contexts"], max_characters) if "contexts" in found else None
    if isinstance(identity, str):
        _text("id", identity, max_characters=max_characters)
    return InputRow(
        position=raw.position,
        line=raw.line,
        offset=raw.offset,
        id=identity,
        draft=Draft(text=text, question=question),
        contexts=contexts,
        group=None if names.group is None else _group(value.get(names.group), names.group),
        warnings=tuple(warnings),
        content=_content(text, question, contexts, warnings),
    )


def _text(name: str, value: object, *, max_characters: int) -> str:
    if not isinstance(value, str):
        raise _Unusable(f"'{name}' must be a text", "invalid_field")
    try:
        cleaned = clean_text(value, max_characters=max_characters)
    except TextError as error:
        raise _Unusable(f"'{name}': {error.what}", "text_too_long") from None
    if cleaned.warnings:
        raise _Unusable(f"'{name}' holds a NUL character or a lone surrogate", "invalid_text")
    return value


def _contexts(name: str, value: object, max_characters: int) -> tuple[Document, ...]:
    several = value if isinstance(value, list | tuple) else [value]
    return tuple(_context(name, number, item, max_characters) for number, item in enumerate(several, 1))


def _context(name: str, number: int, item: object, max_characters: int) -> Document:
    label = f"{name}[{number - 1}]"
    fallback = f"context {number}"
    if isinstance(item, Mapping):
        text_name = next((key for key in _CONTEXT_TEXT if item.get(key) is not None), "text")
        extra = {
            key: _text(f"{label}.{key}", item[key], max_characters=max_characters)
            for key in ("title", "section", "source")
            if item.get(key) is not None
        }
        text = _text(f"{label}.{text_name}", item.get(text_name), max_characters=max_characters)
        source = extra.pop("source", "") or fallback
        return Document(id=f"context-{number}", text=text, source=source, **extra)
    return Document(id=f"context-{number}", text=_text(label, item, max_characters=max_characters), source=fallback)


def _group(value: object, name: str) -> str | None:
    if value is None or isinstance(value, str | int | float):
        return None if value is None else str(value)
    raise _Unusable(f"'{name}', by which rows are grouped, is neither text nor number", "invalid_field")


def _content(text: str, question: str | None, contexts: tuple[Document, ...] | None, warnings: Sequence[str]) -> str:
    documents = None if contexts is None else [[d.text, d.title, d.section, d.source] for d in contexts]
    return hashlib.sha256(orjson.dumps([text, question, documents, warnings])).hexdigest()
