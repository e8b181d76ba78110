"""Arguments to a `FactChecker`: the one place of the command that opens one."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from factcheck.errors import UsageError

if TYPE_CHECKING:
    from factcheck.assemble import Assembly
    from factcheck.assemble.sample import SampleDraft
    from factcheck.batch.engine import Engine
    from factcheck.batch.road import Road
    from factcheck.checker import FactChecker
    from factcheck.config import Settings

_OVERRIDES = {
    "base_url": "chat.base_url",
    "extract_by": "extract.by",
    "revise_by": "revise.by",
    "verification_questions": "revise.verification_questions",
    "critique": "revise.critique",
    "temperature": "chat.temperature",
    "top_p": "chat.top_p",
    "top_k": "chat.top_k",
    "min_p": "chat.min_p",
    "seed": "chat.seed",
    "max_tokens": "chat.max_tokens",
    "cache": "chat.cache",
    "prices": "chat.prices",
    "max_cost": "chat.max_cost",
    "max_tokens_total": "chat.max_tokens_total",
    "active": "generate.active",
    "max_characters": "extract.max_characters",
    "min_confidence": "verify.min_confidence",
    "host": "serve.host",
    "port": "serve.port",
    "max_requests": "serve.max_requests",
    "max_body_bytes": "serve.max_body_bytes",
    "request_timeout": "serve.request_timeout_seconds",
    "stream_by": "serve.stream_by",
    "screen": "screen.action",
    "on_refuted": "revise.on_refuted",
    "on_unsupported": "revise.on_unsupported",
}


def settings_of(args: argparse.Namespace) -> Settings:
    """Return the settings in force: defaults, `--config`, the environment, then the options of this call."""
    from factcheck.config import load_settings

    overrides = {key: getattr(args, option, None) for option, key in _OVERRIDES.items()}
    overrides |= {**_models(args), **_writing(args)}
    terms = getattr(args, "screen_terms", None)
    if terms is not None:
        overrides["screen.terms"] = tuple(str(path) for path in terms)
    settings = load_settings(args.config, overrides=overrides)
    screen = settings.screen
    if getattr(args, "screen", None) and not (screen.terms or screen.personal or screen.classifier):
        # Asked to screen without being told for what: personal data is what everybody means.
        settings = load_settings(args.config, overrides={**overrides, "screen.personal": ("all",)})
    return settings


def _models(args: argparse.Namespace) -> dict[str, object]:
    """Return who reads and who writes.

    `--reader` and `--writer` say it; `--model` is what it can only be, else what the command needs one for.
    """
    reader, writer = getattr(args, "reader", None), getattr(args, "writer", None)
    model: str | None = getattr(args, "model", None)
    if model is not None:
        from factcheck.models.chat.load import is_writer

        writes = is_writer(model) or (getattr(args, "asks", False) and model.startswith("hf:"))
        reader, writer = (reader, writer or model) if writes else (reader or model, writer)
    return {"models.entailment": reader, "models.chat": writer}


def refuse_idle_writer(args: argparse.Namespace) -> None:
    """Refuse a writer where the command would never ask it: what was named on the command line is meant.

    Raises:
        UsageError: a model that writes was named, and claims are found by rule.
    """
    from factcheck.errors import UsageError
    from factcheck.types import ExtractBy

    named = _models(args)["models.chat"]
    if (named is not None or getattr(args, "base_url", None)) and settings_of(args).extract.by is ExtractBy.RULE:
        remedy = 'name a model that reads, or let it find the claims (by = "model" below [extract] in --config)'
        raise UsageError("this command asks no model that writes", where=str(named or args.base_url), remedy=remedy)


def _writing(args: argparse.Namespace) -> dict[str, object]:
    """Return what needs another form than it has on the command line."""
    found: dict[str, object] = {}
    stop: list[str] | None = getattr(args, "stop", None)
    if stop:
        found["chat.stop"] = stop
    examples: str | None = getattr(args, "examples", None)
    if examples is not None:
        found |= {"extract.few_shot": False} if examples == "none" else {"extract.examples": examples}
    also: list[str] | None = getattr(args, "also", None)
    if also:
        found["generate.also"] = also
    return found


def open_checker(args: argparse.Namespace) -> FactChecker:
    """Open what the arguments name; without `--index` and `--kb` the embedded sample serves."""
    from factcheck.checker import FactChecker

    return FactChecker.open(index=args.index, graph=args.kb, settings=settings_of(args))


def open_parts(args: argparse.Namespace) -> Assembly:
    """Wire what the arguments name, without opening any of it; for looking at the parts one by one."""
    from factcheck.assemble import Assembly

    return Assembly(settings_of(args), index=args.index, graph=args.kb)


def road_over(parts: Assembly, args: argparse.Namespace) -> Road:
    """Return the road of a batch; `args` are those of `verify`."""
    from factcheck.batch.road import Road

    if args.engine == "ray" and parts.guard is not None:
        raise UsageError("--engine ray does not screen", where="--screen", remedy="use --engine local")
    named = "" if parts.guard is None else parts.screened_for
    return Road(parts, add_index=args.add_index, screen=parts.guard, screened_for=named)


def open_road(args: argparse.Namespace) -> tuple[Road, Engine]:
    """Return the road of a batch and who verifies on it; `args` are those of `verify`."""
    from factcheck.batch.engine import LocalEngine

    road = road_over(open_parts(args), args)
    if args.engine == "local":
        return road, LocalEngine(road)
    from functools import partial
    from pathlib import Path

    from factcheck.assemble import Assembly
    from factcheck.batch.ray_engine import RayEngine

    settings = settings_of(args).changed({"models.threads": 1})
    # Workers stand in other folders; an address is the same everywhere.
    places = {"index": args.index, "graph": args.kb}
    resolved = {name: place.resolve() if isinstance(place, Path) else place for name, place in places.items()}
    wire = partial(Assembly, settings, **resolved)
    return road, RayEngine.start(road, wire, add_index=args.add_index, workers=args.workers)


def sample_drafts() -> list[SampleDraft]:
    """Return the drafts of the embedded sample."""
    from factcheck.assemble.sample import sample_drafts

    return sample_drafts()
