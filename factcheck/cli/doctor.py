"""`factcheck doctor`: what is installed, what is missing, and the settings in force."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from factcheck import __version__
from factcheck.cli import session, streams
from factcheck.cli.options import ExitCode, Subparsers, add_source_options
from factcheck.errors import FactCheckError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from factcheck.assemble import Assembly

T = TypeVar("T")

DISTRIBUTION = "factcheck-rag"

_DESCRIPTION = """\
Show versions, optional parts, models with their hashes, the embedded sample and
the settings in force. Ends with 1 if something that is needed is missing."""

_NOTES = (
    "the embedded encoder reads English; Chinese text is retrieved by its characters and by the graph, "
    "until a multilingual encoder is named",
    "hashes prove that files are what was built or shipped, not who made them",
)
_REQUIREMENT = re.compile(r"^\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*([^;]*?)\s*(?:;(.*))?$")
_SHA256 = re.compile("[0-9a-f]{64}")
_EXTRA = re.compile(r"""extra\s*==\s*['"]([^'"]+)['"]""")


def register(subparsers: Subparsers) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "doctor", help="show what is installed and what is missing", description=_DESCRIPTION
    )
    add_source_options(parser)
    parser.set_defaults(handler=doctor)


def doctor(args: argparse.Namespace) -> int:
    """Run the subcommand."""
    findings = examine(args)
    if args.json:
        from factcheck.report import to_json

        streams.emit_json(to_json(findings, indent=True))
    else:
        from factcheck.cli.terminal import terminal_here, to_text

        terminal = terminal_here(unicode=args.unicode)
        streams.emit(to_text(doctor_view(findings), terminal))
    return ExitCode.FAILED if findings["problems"] else ExitCode.DONE


def examine(args: argparse.Namespace) -> dict[str, Any]:
    """Return everything as JSON values; what cannot be found out is a line under `problems`, never an exception."""
    import platform

    problems: list[str] = []
    dependencies, extras = installed()
    for name, versions in dependencies.items():
        if versions["installed"] is None:
            problems.append(f"{name} is not installed; run: pip install {DISTRIBUTION}")
    settings = _tried(lambda: session.settings_of(args), problems)
    return {
        "version": __version__,
        "python": {"version": platform.python_version(), "executable": sys.executable},
        "platform": platform.platform(),
        "processors": processors(),
        "dependencies": dependencies,
        "extras": extras,
        **({} if settings is None else _parts(session.open_parts(args), problems)),
        "settings": None if settings is None else settings.as_dict(),
        "notes": list(_NOTES),
        "problems": problems,
    }


def _parts(parts: Assembly, problems: list[str]) -> dict[str, Any]:
    """Open each model, the index and the graph on its own, so that one that is broken hides no other."""
    encoder = _tried(lambda: parts.encoder, problems)
    entailment = _tried(lambda: parts.entailment, problems)
    from factcheck.assemble.sample import sample_artefacts

    found: dict[str, Any] = {"models": {}, "sample": None, "index": None, "graph": None}
    if encoder is not None:
        found["models"]["encoder"] = {
            "name": encoder.name,
            "sha256": encoder.sha256,
            "dimensions": encoder.dimensions,
        }
    if entailment is not None:
        found["models"]["entailment"] = {
            "name": entailment.name,
            "sha256": entailment.sha256,
            "max_tokens": entailment.max_tokens,
        }
    if parts.sample and encoder is not None:
        place = _tried(lambda: sample_artefacts(encoder.sha256), problems)
        built = place is not None and all((place / kind / "CURRENT").is_file() for kind in ("index", "graph"))
        found["sample"] = {"serves": True, "built": built, "path": None if place is None else str(place)}
        if not built:  # it is made on first use; looking at it should change nothing
            return found
    index = _tried(lambda: parts.index, problems)
    graph = _tried(lambda: parts.reader, problems)
    if index is not None:
        found["index"] = {"generation": index.generation, "sha256": index.sha256}
    if graph is not None:
        found["graph"] = {"source": graph.source, "sha256": graph.sha256}
    return found


def _tried(step: Callable[[], T], problems: list[str]) -> T | None:
    try:
        return step()
    except FactCheckError as error:
        problems.append(str(error))
    except Exception as error:  # a doctor who faints helps nobody
        problems.append(f"{type(error).__name__}: {error}")
    return None


def installed() -> tuple[dict[str, dict[str, str | None]], dict[str, dict[str, Any]]]:
    """Return the base dependencies and the extras, each package with what is required and what is installed."""
    from importlib import metadata

    try:
        requirements = metadata.requires(DISTRIBUTION) or []
    except metadata.PackageNotFoundError:  # run from a folder, without installation
        requirements = []
    base: dict[str, dict[str, str | None]] = {}
    extras: dict[str, dict[str, Any]] = {}
    for requirement in requirements:
        match = _REQUIREMENT.match(requirement)
        if match is None or match[1] == DISTRIBUTION:  # an extra that names others
            continue
        name, required, marker = match[1], match[2], match[3] or ""
        versions = {"required": required, "installed": _version(name)}
        extra = _EXTRA.search(marker)
        if extra is None:
            base[name] = versions
        else:
            extras.setdefault(extra[1], {"complete": True, "packages": {}})["packages"][name] = versions
    for found in extras.values():
        found["complete"] = all(versions["installed"] is not None for versions in found["packages"].values())
    return dict(sorted(base.items())), dict(sorted(extras.items()))


def processors() -> dict[str, int | None]:
    """Return how many processors there are and how many this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return {"present": os.cpu_count(), "usable": len(affinity(0)) if affinity else os.cpu_count()}


def doctor_view(findings: Mapping[str, Any]) -> list[RenderableType]:
    """Lay the findings out for a terminal."""
    from rich.table import Table
    from rich.text import Text

    def section(title: str, rows: list[tuple[str, str]]) -> list[RenderableType]:
        table = Table.grid(padding=(0, 2))
        table.add_column(no_wrap=True)
        table.add_column(overflow="fold")
        for name, value in rows:
            table.add_row(Text(f"  {name}", style="dim"), Text(value))
        return [Text(title, style="bold"), table, Text()]

    machine = findings["processors"]
    view = section(
        "factcheck",
        [
            ("version", findings["version"]),
            ("python", f"{findings['python']['version']} at {findings['python']['executable']}"),
            ("platform", findings["platform"]),
            ("processors", f"{machine['usable']} usable of {machine['present']}"),
        ],
    )
    view += section("dependencies", [(name, _shown(v)) for name, v in findings["dependencies"].items()])
    view += section("extras", [(name, _extra(name, extra)) for name, extra in findings["extras"].items()])
    parts = {key: findings[key] for key in ("models", "sample", "index", "graph") if findings.get(key)}
    view += section("models and evidence", flat(parts))
    view += section("settings", flat(findings["settings"] or {}))
    view += section("notes", [("*", note) for note in findings["notes"]])
    if findings["problems"]:
        view += section("problems", [("!", problem) for problem in findings["problems"]])
    else:
        view.append(Text("nothing that is needed is missing", style="green"))
    return view


def flat(values: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    """Return nested values as rows with dotted names."""
    rows: list[tuple[str, str]] = []
    for key, value in values.items():
        if isinstance(value, Mapping):
            rows += flat(value, f"{prefix}{key}.")
        elif isinstance(value, list | tuple):
            rows.append((f"{prefix}{key}", ", ".join(str(item) for item in value) or "none"))
        else:
            rows.append((f"{prefix}{key}", _plain(value)))
    return rows


def _plain(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value)
    return f"{text[:16]}…" if _SHA256.fullmatch(text) else text


def _shown(versions: Mapping[str, str | None]) -> str:
    return f"{versions['installed'] or 'MISSING'} (needs {versions['required'] or 'any version'})"


def _extra(name: str, extra: Mapping[str, Any]) -> str:
    missing = [package for package, versions in extra["packages"].items() if versions["installed"] is None]
    if not missing:
        return "installed"
    return f"not installed ({', '.join(missing)}); pip install '{DISTRIBUTION}[{name}]'"


def _version(name: str) -> str | None:
    from importlib import metadata

    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
