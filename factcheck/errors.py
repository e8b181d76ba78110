"""Every error that the package raises on purpose.

    FactCheckError
    ├── UsageError                the call itself makes no sense                           exit code 2
    │   └── SettingsError         a setting is unknown or out of range
    ├── InputError                something that was read is not what it should be
    │   ├── TextError             a text is too large or cannot be decoded
    │   ├── RowError              a row of a JSONL or Parquet file
    │   ├── DocumentError         a document of a corpus
    │   └── GraphSyntaxError      an RDF file, with line and column
    ├── ArtefactError             something that we, or a trainer, wrote to disk is not usable
    │   ├── IntegrityError        a file is missing, unknown or not the one in the manifest
    │   ├── SchemaVersionError    written by a newer version
    │   ├── EncoderMismatchError  the index was built with another encoder
    │   └── ModelError            a model folder is incomplete, unsafe or inconsistent
    ├── MissingExtraError         an optional dependency is not installed
    ├── StorageError              the disk refuses: full, read-only, no permission, locked
    ├── ServiceError              an endpoint that the user named does not answer as it should
    └── BudgetError               what may be spent on chat models is spent

A message is one line that says what is wrong, where, and what to do.
"""

from __future__ import annotations

from pathlib import Path


class FactCheckError(Exception):
    """Root of the tree; `code` is a stable, machine-readable name."""

    code = "error"

    def __init__(self, what: str, *, where: str | Path | None = None, remedy: str | None = None) -> None:
        """Compose the message.

        Args:
            what: what is wrong, without a full stop.
            where: file, row or setting.
            remedy: what the user can do about it.
        """
        self.what = what
        self.where = None if where is None else str(where)
        self.remedy = remedy
        message = what if where is None else f"{where}: {what}"
        super().__init__(message if remedy is None else f"{message}; {remedy}")

    def __reduce__(self) -> tuple[object, ...]:
        """Keep the three parts when an error crosses a process boundary."""
        return (_rebuild, (type(self), self.what, self.where, self.remedy, dict(self.__dict__)))


def _rebuild(
    kind: type[FactCheckError], what: str, where: str | None, remedy: str | None, state: dict[str, object]
) -> FactCheckError:
    error = kind.__new__(kind)
    FactCheckError.__init__(error, what, where=where, remedy=remedy)
    error.__dict__.update(state)
    return error


class UsageError(FactCheckError):
    """The call itself makes no sense."""

    code = "usage"


class SettingsError(UsageError):
    """A setting is unknown, of the wrong type or out of range."""

    code = "settings"


class InputError(FactCheckError):
    """Something that was read is not what it should be."""

    code = "invalid_input"


class TextError(InputError):
    """A text is too large, or its bytes are not UTF-8."""

    code = "invalid_text"


class RowError(InputError):
    """A row cannot be used.

    `line` counts from 1, `offset` is in bytes from the start of the file; both are None where the format has none.
    """

    code = "invalid_row"

    def __init__(
        self,
        what: str,
        *,
        where: str | Path | None = None,
        line: int | None = None,
        offset: int | None = None,
        code: str = "invalid_row",
        remedy: str | None = None,
    ) -> None:
        """Compose the message; `code` is `invalid_json`, `missing_field`, `duplicate_id` and the like."""
        place = where if line is None else f"{where or 'input'}, line {line}"
        super().__init__(what, where=place, remedy=remedy)
        self.line = line
        self.offset = offset
        self.code = code


class DocumentError(InputError):
    """A document cannot be read: encrypted, broken, empty, of an unknown kind."""

    code = "invalid_document"


class GraphSyntaxError(InputError):
    """An RDF file breaks its grammar; line and column count from 1."""

    code = "invalid_graph"

    def __init__(
        self, what: str, *, where: str | Path | None = None, line: int | None = None, column: int | None = None
    ) -> None:
        """Compose the message with the place in the usual `file:line:column` form."""
        place = ":".join(str(part) for part in (where or "graph", line, column) if part is not None)
        super().__init__(what, where=place)
        self.line = line
        self.column = column


class ArtefactError(FactCheckError):
    """Something on disk that was written by this package, or by a trainer, cannot be used."""

    code = "artefact"


class IntegrityError(ArtefactError):
    """A file is missing, unknown, or not the one that the manifest names."""

    code = "integrity"


class SchemaVersionError(ArtefactError):
    """The artefact was written by a newer version of this package."""

    code = "schema_version"


class EncoderMismatchError(ArtefactError):
    """The index was built with another encoder than the one that would search it."""

    code = "encoder_mismatch"


class ModelError(ArtefactError):
    """A model folder is incomplete, unsafe (pickle) or inconsistent."""

    code = "model"


class MissingExtraError(FactCheckError):
    """An optional dependency is not installed."""

    code = "missing_extra"

    def __init__(self, feature: str, extra: str, *, where: str | Path | None = None) -> None:
        """Name the feature, the extra that brings it, and what asked for it."""
        super().__init__(
            f"{feature} needs the extra '{extra}'",
            where=where,
            remedy=f"install it with: pip install 'factcheck-rag[{extra}]'",
        )
        self.extra = extra

    def __reduce__(self) -> tuple[object, ...]:
        """Keep the parts when the error crosses a process boundary."""
        return (_rebuild, (type(self), self.what, self.where, self.remedy, dict(self.__dict__)))


class StorageError(FactCheckError):
    """The disk refuses: full, read-only, no permission, locked by another process."""

    code = "storage"


class ServiceError(FactCheckError):
    """An endpoint that the user named does not answer as it should."""

    code = "service"


class BudgetError(FactCheckError):
    """What may be spent on chat models is spent; what is done until then stands."""

    code = "budget"
