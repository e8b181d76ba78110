"""Arguments to a `FactChecker`: the one place of the command that opens one."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from factcheck.assemble import Assembly
    from factcheck.assemble.sample import SampleDraft
    from factcheck.batch.engine import Engine
    from factcheck.batch.road import Road
    from factcheck.checker import FactChecker
    from factcheck.config import Settings

_OVERRIDES = {
    "model": "models.entailment",
    "max_characters": "extract.max_characters",
    "min_confidence": "verify.min_confidence",
    "host": "serve.host",
    "port": "serve.port",
    "max_requests": "serve.max_requests",
    "max_body_bytes": "serve.max_body_bytes",
    "request_timeout": "serve.request_timeout_seconds",
    "on_refuted": "revise.on_refuted",
    "on_unsupported": "revise.on_unsupported",
}


def settings_of(args: argparse.Namespace) -> Settings:
    """Return the settings in force: defaults, `--config`, the environment, then the options of this call."""
    from factcheck.config import load_settings

    overrides = {key: getattr(args, option, None) for option, key in _OVERRIDES.items()}
    return load_settings(args.config, overrides=overrides)


def open_checker(args: argparse.Namespace) -> FactChecker:
    """Open what the arguments name; without `--index` and `--kb` the embedded sample serves."""
    from factcheck.checker import FactChecker

    return FactChecker.open(index=args.index, graph=args.kb, settings=settings_of(args), base_url=args.base_url)


def open_parts(args: argparse.Namespace) -> Assembly:
    """Wire what the arguments name, without opening any of it; for looking at the parts one by one."""
    from factcheck.assemble import Assembly

    return Assembly(settings_of(args), index=args.index, graph=args.kb)


def open_road(args: argparse.Namespace) -> tuple[Road, Engine]:
    """Return the road of a batch and who verifies on it."""
    from factcheck.batch.engine import LocalEngine
    from factcheck.batch.road import Road

    road = Road(open_parts(args), add_index=args.add_index)
    return road, LocalEngine(road)


def sample_drafts() -> list[SampleDraft]:
    """Return the drafts of the embedded sample."""
    from factcheck.assemble.sample import sample_drafts

    return sample_drafts()
