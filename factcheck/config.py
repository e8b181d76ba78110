"""Settings: defaults, then a TOML file, then the environment, then what a call says; an unknown key is an error.

In the environment a setting is `FACTCHECK_<TABLE>__<KEY>`, for example `FACTCHECK_RETRIEVE__PASSAGES=8`; values are
read as TOML, else as text.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from factcheck.errors import SettingsError
from factcheck.types import ExtractBy, OnRefuted, OnUnsupported, ReviseBy

Positive = Annotated[int, msgspec.Meta(ge=1)]
Share = Annotated[float, msgspec.Meta(ge=0.0, le=1.0)]
Seconds = Annotated[float, msgspec.Meta(gt=0.0)]
NonNegative = Annotated[float, msgspec.Meta(ge=0.0)]

PREFIX = "FACTCHECK_"


class _Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class ExtractSettings(_Table, frozen=True, kw_only=True):
    """How texts are read.

    `by = "model"` needs a writing model. `examples` is a file of its own examples instead of those of the package, and
    `few_shot = false` shows none.
    """

    max_characters: Positive = 1_000_000
    by: ExtractBy = ExtractBy.RULE
    examples: str = ""
    few_shot: bool = True


class RetrieveSettings(_Table, frozen=True, kw_only=True):
    """How evidence is found.

    The weights and the constant of reciprocal rank fusion were set on development queries; `docs/measurements.md`
    says how. The lexical weight is what a sure lexical ranking gets; it is multiplied by its sharpness, squared.
    """

    passages: Positive = 5
    facts: Positive = 8
    candidates: Positive = 100
    dense_weight: NonNegative = 1.0
    lexical_weight: NonNegative = 6.0
    rank_constant: NonNegative = 0.5


class VerifySettings(_Table, frozen=True, kw_only=True):
    """How claims are judged.

    `early_stop`: above 0, evidence is read best first, and no further once a piece of it supports or refutes the claim
    with this probability and none says the opposite.
    `trust_derived`: where no ontology says which properties have one value, those that have one by the data refute too.
    """

    min_confidence: Share = 0.0
    early_stop: Share = 0.0
    trust_derived: bool = True


class SparqlSettings(_Table, frozen=True, kw_only=True):
    """How a SPARQL endpoint is asked."""

    timeout_seconds: Seconds = 10.0
    page_rows: Positive = 1000
    max_rows: Positive = 20_000
    keep_seconds: NonNegative = 3600.0


class ReviseSettings(_Table, frozen=True, kw_only=True):
    """What happens to claims that fail, and by whom.

    `verification_questions` and `critique` are steps of a writing model before and after its rewrite.
    """

    on_refuted: OnRefuted = OnRefuted.CORRECT
    on_unsupported: OnUnsupported = OnUnsupported.KEEP
    by: ReviseBy = ReviseBy.AUTO
    verification_questions: bool = False
    critique: bool = False


class ReflectSettings(_Table, frozen=True, kw_only=True):
    """When rewriting stops, and what it must keep."""

    max_rounds: Positive = 4
    min_preservation: Share = 0.6


class GenerateSettings(_Table, frozen=True, kw_only=True):
    """How a writing model answers questions.

    With `evidence = false` it answers from memory. `active` looks for more evidence at sentences that it is not sure
    of: those with a token less probable than `uncertain_below`. `also` names other writers that draft too.
    """

    evidence: bool = True
    active: bool = False
    uncertain_below: Share = 0.4
    max_lookups: Positive = 3
    also: tuple[str, ...] = ()


class ModelSettings(_Table, frozen=True, kw_only=True):
    """Which models; `embedded` names the ones inside the package, anything else is a folder or `hf:NAME`.

    `chat` is the model that writes: `openai:MODEL` behind an endpoint, `hf:NAME` or a folder; empty for none.
    """

    encoder: str = "embedded"
    entailment: str = "embedded"
    chat: str = ""
    threads: Annotated[int, msgspec.Meta(ge=0)] = 0


class ScreenSettings(_Table, frozen=True, kw_only=True):
    """What should not be in a text, and what becomes of one that holds it; nothing is screened unless it is named.

    `personal` holds kinds of `factcheck.screen.PersonalKind`, or "all".
    """

    terms: tuple[str, ...] = ()
    personal: tuple[str, ...] = ()
    classifier: str = ""
    labels: tuple[str, ...] = ()
    threshold: Share = 0.5
    action: Literal["report", "redact", "block"] = "report"


class ServeSettings(_Table, frozen=True, kw_only=True):
    """How `factcheck serve` listens, and what it takes on. Keys are not settings: they come from the environment."""

    host: str = "127.0.0.1"
    port: Annotated[int, msgspec.Meta(ge=0, le=65535)] = 8000
    threads: Annotated[int, msgspec.Meta(ge=0)] = 0
    max_requests: Positive = 128
    max_body_bytes: Positive = 2_000_000
    read_timeout_seconds: Seconds = 20.0
    request_timeout_seconds: Seconds = 120.0
    upstream_timeout_seconds: Seconds = 300.0
    drain_seconds: NonNegative = 2.0
    stream_by: Literal["sentence", "answer"] = "sentence"
    retry_after_seconds: Positive = 2


class ChatSettings(_Table, frozen=True, kw_only=True):
    """How the writing model is reached, asked and paid; a parameter that is not set is not sent.

    The key stands in the environment variable that `key_variable` names, never here. `device` and `dtype` are for a
    model in this process.
    """

    base_url: str = ""
    key_variable: str = "OPENAI_API_KEY"
    temperature: NonNegative | None = None
    top_p: Share | None = None
    top_k: Positive | None = None
    min_p: Share | None = None
    seed: int | None = None
    stop: tuple[str, ...] = ()
    max_tokens: Positive | None = None
    timeout_seconds: Seconds = 60.0
    total_seconds: Seconds = 180.0
    attempts: Positive = 4
    concurrency: Positive = 4
    device: str = "auto"
    dtype: str = "auto"
    cache: str = ""
    prices: str = ""
    max_cost: NonNegative | None = None
    max_tokens_total: Positive | None = None


class Settings(_Table, frozen=True, kw_only=True):
    """Everything that can be set; `factcheck doctor` prints the values in force."""

    extract: ExtractSettings = ExtractSettings()
    retrieve: RetrieveSettings = RetrieveSettings()
    verify: VerifySettings = VerifySettings()
    sparql: SparqlSettings = SparqlSettings()
    revise: ReviseSettings = ReviseSettings()
    reflect: ReflectSettings = ReflectSettings()
    generate: GenerateSettings = GenerateSettings()
    models: ModelSettings = ModelSettings()
    screen: ScreenSettings = ScreenSettings()
    serve: ServeSettings = ServeSettings()
    chat: ChatSettings = ChatSettings()

    def as_dict(self) -> dict[str, Any]:
        """Return the settings as JSON values."""
        result = msgspec.to_builtins(self)
        if not isinstance(result, dict):
            raise TypeError("settings are a table of tables")
        return result

    def changed(self, overrides: Mapping[str, object]) -> Settings:
        """Return these settings with some values replaced.

        Args:
            overrides: dotted keys, for example `{"revise.on_refuted": "flag"}`; a value of None is left out.

        Raises:
            SettingsError: a key or value is not allowed.
        """
        if all(value is None for value in overrides.values()):
            return self
        merged = self.as_dict()
        _override(merged, overrides)
        return _convert(merged, where=None)


def load_settings(
    file: Path | None = None,
    *,
    environment: Mapping[str, str] | None = None,
    overrides: Mapping[str, object] | None = None,
) -> Settings:
    """Merge all layers.

    Args:
        file: TOML; tables and keys as in `Settings`.
        environment: `os.environ` unless given.
        overrides: dotted keys, for example `{"revise.on_refuted": "flag"}`; a value of None is left out.

    Raises:
        SettingsError: the file cannot be read, or a key or value is not allowed.
    """
    merged: dict[str, dict[str, object]] = {}
    if file is not None:
        _merge(merged, _read(file), where=str(file))
    for name, text in (os.environ if environment is None else environment).items():
        if name.startswith(PREFIX) and "__" in name:
            table, _, key = name.removeprefix(PREFIX).lower().partition("__")
            _merge(merged, {table: {key: _toml_value(text)}}, where=name)
    _override(merged, overrides or {})
    return _convert(merged, where=None if file is None else str(file))


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"cannot be read ({error.strerror})", where=file) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"is not valid TOML ({error})", where=file) from error


def _override(into: dict[str, dict[str, object]], overrides: Mapping[str, object]) -> None:
    for dotted, value in overrides.items():
        if value is not None:
            table, _, key = dotted.partition(".")
            _merge(into, {table: {key: value}}, where=dotted)


def _merge(into: dict[str, dict[str, object]], new: Mapping[str, object], *, where: str) -> None:
    for table, values in new.items():
        if not isinstance(values, Mapping):
            raise SettingsError(
                f"'{table}' must be a table", where=where, remedy=f"write it as [{table}] with keys below"
            )
        candidate = {table: {**into.get(table, {}), **values}}
        _convert(candidate, where=where)  # at once, so that the message names the layer that is wrong
        into[table] = candidate[table]


def _convert(values: Mapping[str, object], *, where: str | None) -> Settings:
    try:
        return msgspec.convert(values, Settings, strict=True)
    except msgspec.ValidationError as error:
        known = ", ".join(field for field in Settings.__struct_fields__)
        raise SettingsError(str(error), where=where, remedy=f"tables are {known}; see docs/settings.md") from error


def _toml_value(text: str) -> object:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
