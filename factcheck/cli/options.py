"""What the subcommands share: the parser class, the common options, the types of values, the exit codes.

A subcommand's module has `register(subparsers)`, which adds its parser and sets `handler`, a function from the parsed
arguments to an exit code:

    parser = subparsers.add_parser("check", help="…")
    parser.set_defaults(handler=check)

`main` gives every parser without them `--config`, `--json` and `--debug`.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from enum import IntEnum
from pathlib import Path
from typing import Any, NoReturn, TypeAlias

from factcheck.errors import UsageError

Handler: TypeAlias = Callable[[argparse.Namespace], int]
Subparsers: TypeAlias = "argparse._SubParsersAction[Parser]"


class ExitCode(IntEnum):
    """How a command ended."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    GATE = 3
    INCOMPLETE = 4
    INTERRUPTED = 130
    TERMINATED = 143


class Parser(argparse.ArgumentParser):
    """Raises instead of leaving the process, and takes no abbreviated options, which would break with every new one."""

    def __init__(self, *args: Any, **keywords: Any) -> None:
        keywords.setdefault("allow_abbrev", False)
        keywords.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        super().__init__(*args, **keywords)

    def error(self, message: str) -> NoReturn:
        """Report wrong usage."""
        raise UsageError(message, remedy=f"see '{self.prog} --help'")


def add_output_options(parser: argparse.ArgumentParser) -> None:
    """Add `--config`, `--json` and `--debug`, save those that the parser has already."""
    group = parser.add_argument_group("everywhere")
    for name, keywords in _OUTPUT.items():
        _add_once(group, name, keywords)


def add_source_options(parser: argparse.ArgumentParser) -> None:
    """Add what names the evidence and the models: `--index`, `--kb`, `--model` and `--base-url`."""
    group = parser.add_argument_group("evidence and models")
    for name, keywords in _SOURCES.items():
        _add_once(group, name, keywords)


def add_writer_options(parser: argparse.ArgumentParser) -> None:
    """Add what names the model that writes, how it samples and what it may spend."""
    group = parser.add_argument_group("writing model")
    for name, keywords in _WRITER.items():
        _add_once(group, name, keywords)


def add_screen_options(parser: argparse.ArgumentParser, *, report_only: bool = False) -> None:
    """Add what names things that should not be in a text; kinds and a classifier are settings."""
    group = parser.add_argument_group("screen")
    group.add_argument(
        "--screen",
        choices=("report",) if report_only else ("report", "redact", "block"),
        metavar="ACTION",
        help="look for listed terms and personal data, and report them (report)"
        if report_only
        else "look for listed terms and personal data, and report, redact or block what holds them",
    )
    group.add_argument(
        "--screen-terms", nargs="+", action="extend", type=Path, metavar="FILE", help="lists of terms to look for"
    )


def complete(parser: argparse.ArgumentParser) -> None:
    """Give the output options to this parser, or to those below it, where a command has subcommands of its own."""
    below = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not below:
        add_output_options(parser)
    for action in below:
        for child in action.choices.values():
            complete(child)


def graph_place(text: str) -> Path | str:
    """Read where a graph is: a folder, or the address of a SPARQL endpoint."""
    return text if text.startswith(("http://", "https://")) else Path(text)


def index_place(text: str) -> Path | str:
    """Read where an index is: a folder, or `milvus:URI` of a collection that was filled from one."""
    return text if text.startswith("milvus:") else Path(text)


def words(text: str) -> str:
    """Read what is to be looked for: an empty query would find whatever stands first."""
    if not text.strip():
        raise argparse.ArgumentTypeError("is empty; write what to look for")
    return text


def share(text: str) -> float:
    """Read a number in [0, 1]."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0.0 <= value <= 1.0:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number from 0 to 1")
    return value


def positive(text: str) -> int:
    """Read a whole number of at least 1."""
    try:
        value = int(text)
    except ValueError:
        value = 0
    if value < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number of at least 1")
    return value


def quantity(text: str) -> float:
    """Read a number of at least 0."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0.0 <= value < float("inf"):
        raise argparse.ArgumentTypeError(f"'{text}' is not a number of at least 0")
    return value


_OUTPUT: dict[str, dict[str, Any]] = {
    "--config": {"type": Path, "metavar": "FILE", "help": "settings in TOML; see docs/settings.md"},
    "--json": {"action": "store_true", "help": "print JSON on standard output"},
    "--debug": {"action": "store_true", "help": "show the trace of an error, and more logs"},
}
_SOURCES: dict[str, dict[str, Any]] = {
    "--index": {
        "type": index_place,
        "metavar": "DIR",
        "help": "corpus index of 'factcheck index build', or milvus:URI",
    },
    "--kb": {"type": graph_place, "metavar": "DIR", "help": "graph made by 'factcheck kb build', or a SPARQL URL"},
    "--model": {
        "metavar": "SPEC",
        "help": "model that reads the evidence ('embedded', a folder, hf:NAME), or one that writes (openai:MODEL)",
    },
    "--base-url": {"metavar": "URL", "help": "endpoint of an openai: model, with /v1; its key is OPENAI_API_KEY"},
}


_WRITER: dict[str, dict[str, Any]] = {
    "--writer": {
        "metavar": "SPEC",
        "help": "model that writes: openai:MODEL, hf:NAME of a causal model, or its folder",
    },
    "--reader": {"metavar": "SPEC", "help": "model that reads the evidence: 'embedded', a folder, or hf:NAME"},
    "--extract-by": {"choices": ["rule", "model"], "help": "who finds the claims (rule)"},
    "--examples": {"metavar": "FILE", "help": "examples for extraction by model; 'none' shows none"},
    "--revise-by": {"choices": ["auto", "edit", "model"], "help": "who rewrites (auto: the writer, if there is one)"},
    "--verification-questions": {
        "action": "store_true",
        "default": None,
        "help": "let the writer ask and answer verification questions before it rewrites",
    },
    "--critique": {"action": "store_true", "default": None, "help": "let the writer review its rewrite once"},
    "--temperature": {"type": quantity, "metavar": "X", "help": "of sampling; not sent unless given, like the next"},
    "--top-p": {"type": share, "metavar": "X", "help": "sample from this share of the probability"},
    "--top-k": {"type": positive, "metavar": "N", "help": "sample from so many tokens"},
    "--min-p": {"type": share, "metavar": "X", "help": "sample tokens of at least this share of the likeliest one"},
    "--seed": {"type": int, "metavar": "N", "help": "of sampling"},
    "--stop": {"action": "append", "metavar": "TEXT", "help": "end an answer here; may be repeated"},
    "--max-tokens": {"type": positive, "metavar": "N", "help": "of one answer"},
    "--cache": {"metavar": "FILE", "help": "keep the writer's answers in this SQLite file, and use those it has"},
    "--prices": {"metavar": "FILE", "help": "price table in TOML, for a million tokens"},
    "--max-cost": {"type": quantity, "metavar": "X", "help": "stop with what is done before more is spent"},
    "--max-tokens-total": {"type": positive, "metavar": "N", "help": "the same in tokens, prompts included"},
    "--estimate": {"action": "store_true", "help": "only say what the writer would be asked; nothing is sent"},
    "--rounds": {"action": "store_true", "help": "also show every round: change, verdicts, prompts, tokens, seconds"},
    "--preferences": {"metavar": "FILE", "type": Path, "help": "append accepted rewrites as rows for DPO training"},
    "--rewards": {"metavar": "FILE", "type": Path, "help": "append every checked answer with its reward"},
}


def _add_once(group: argparse._ArgumentGroup, name: str, keywords: dict[str, Any]) -> None:
    try:
        group.add_argument(name, **keywords)
    except argparse.ArgumentError:  # the parser has an option of this name
        return
