"""`factcheck eval`: how good the systems are, on labelled pairs, on retrieval sets and on graphs."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from factcheck.cli import streams
from factcheck.cli.figures import graph_table, pairs_table, retrieval_table
from factcheck.cli.options import ExitCode, Subparsers, positive
from factcheck.errors import UsageError

if TYPE_CHECKING:
    from factcheck.config import Settings
    from factcheck.evaluation.run import PairsRun
    from factcheck.evaluation.systems import System

_PAIRS = """\
Measure systems on labelled pairs of claim and evidence.

FILE is JSON Lines, gzipped if it ends with .gz: {"claim", "evidence", "label"}
with SUPPORTS, REFUTES, NOT_ENOUGH_INFO, or NOT_SUPPORTED where a set does not
say which of the last two. The labels in a file decide what is measured:
  SUPPORTS and REFUTES alone      accuracy between the two
  all three                       macro-F1
  NOT_SUPPORTED, or no REFUTES    balanced accuracy of SUPPORTED

SPEC is one of
  embedded, a folder, hf:NAME     as 'factcheck score --model SPEC' decides
  reader:SPEC                     the model alone, without numbers and decision
  overlap                         share of the claim's words in the evidence
  cosine, cosine:SPEC             likeness of claim and evidence to an encoder
each may be given a name: NAME=SPEC. Without any, 'embedded' and 'overlap' are
measured. Intervals are 95 % bootstrap over claims; the first system is
compared with each other one on the same resamples."""
_PAIRS_EXAMPLE = """\
example:
  factcheck eval pairs dev/*.jsonl.gz --system embedded --system overlap \\
      --out figures.json --html errors.html --plot figures.png"""
_RETRIEVAL = """\
Measure dense, lexical and fused retrieval on folders in BEIR's layout.

FOLDER holds corpus.jsonl.gz ({"_id", "text", "title": optional}),
queries.jsonl.gz ({"_id", "text"}) and qrels.tsv (query, document, gain, after a
line of names). Its corpus is built into a real index in the --work folder,
which later runs use again."""
_RETRIEVAL_EXAMPLE = """\
example:
  factcheck eval retrieval sets/fm2 sets/wice --work /tmp/indexes \\
      --own-documents wice"""
_GRAPH = """\
Measure the graph checker on labelled statements.

SET says what FILE is, and how statements and graph are made from its rows:
  factbench  {truth, negative_type, relation, subject, object, from, ...}
  factbench-wordings   the same rows, in many more wordings
  webnlg     {triples: [[subject, property, object]], texts}
  cities     one JSON array of countries with name.common and capital
  countries  the same with region, languages, currencies, borders, cca3, ...
A statement is REFUTED only if the graph can know it, else NOT_ENOUGH_INFO."""
_GRAPH_EXAMPLE = """\
example:
  factcheck eval graph factbench factbench.jsonl.gz --half odd"""
_NAMED = re.compile(r"([A-Za-z0-9][A-Za-z0-9_. -]*)=(.+)", re.DOTALL)


def register(subparsers: Subparsers) -> None:
    """Add the subcommands."""
    parser = subparsers.add_parser("eval", help="measure systems on labelled data")
    actions = parser.add_subparsers(title="subcommands", metavar="SUBCOMMAND", dest="subcommand")
    added = actions.add_parser("pairs", help="on pairs", description=_PAIRS, epilog=_PAIRS_EXAMPLE)
    added.add_argument("files", metavar="FILE", nargs="+", type=Path, help="rows {claim, evidence, label}")
    added.add_argument("--system", metavar="SPEC", action="append", help="what is measured; may be repeated")
    added.add_argument("--limit", metavar="N", type=positive, help="rows of each half of a file, chosen by SHA-1")
    _add_sampling(added, "claims")
    added.add_argument("--html", metavar="FILE", type=Path, help="also write the worst errors as a page")
    added.add_argument("--errors", metavar="N", type=positive, default=10, help="of a system on a file (default 10)")
    added.add_argument("--plot", metavar="FILE", type=Path, help="also draw the figures (.png, .svg, .pdf)")
    added.set_defaults(handler=pairs)

    added = actions.add_parser("retrieval", help="on retrieval sets", description=_RETRIEVAL, epilog=_RETRIEVAL_EXAMPLE)
    added.add_argument("folders", metavar="FOLDER", nargs="+", type=Path, help="in BEIR's layout")
    added.add_argument("--work", metavar="DIR", type=Path, required=True, help="where indexes are built and kept")
    added.add_argument("--model", metavar="SPEC", help="the encoder: 'embedded', a folder, or hf:NAME")
    added.add_argument(
        "--own-documents", metavar="NAME", action="append", default=[],
        help="folder whose queries are answered only from documents whose id begins with theirs; may be repeated",
    )  # fmt: skip
    _add_sampling(added, "queries")
    added.set_defaults(handler=retrieval)

    added = actions.add_parser("graph", help="on graphs", description=_GRAPH, epilog=_GRAPH_EXAMPLE)
    added.add_argument(
        "set",
        metavar="SET",
        choices=("factbench", "factbench-wordings", "webnlg", "cities", "countries"),
        help="what FILE is",
    )
    added.add_argument("file", metavar="FILE", type=Path, help="its rows, also .gz")
    added.add_argument("--limit", metavar="N", type=positive, help="statements of the half, chosen by SHA-1")
    added.add_argument("--no-derived", action="store_true", help="let nothing be refuted by what only the data show")
    added.add_argument("--no-encoder", action="store_true", help="map words to properties by phrases alone")
    added.add_argument("--errors", metavar="N", type=positive, help="print so many of the wrong statements")
    _add_sampling(added, "statements")
    added.set_defaults(handler=graph)


def _add_sampling(parser: argparse.ArgumentParser, what: str) -> None:
    parser.add_argument("--half", choices=("odd", "even", "all"), default="odd", help=f"of the {what} (default odd)")
    parser.add_argument("--resamples", metavar="N", type=positive, default=1000, help=f"of the {what} (default 1000)")
    parser.add_argument("--seed", metavar="N", type=int, default=7, help="of the resamples (default 7)")
    parser.add_argument("--out", metavar="FILE", type=Path, help="also write the figures as JSON")


def pairs(args: argparse.Namespace) -> int:
    """Run `eval pairs`."""
    from factcheck.cli.session import settings_of
    from factcheck.evaluation.pairs import Half, read_set
    from factcheck.evaluation.plot import plot_pairs, require_plot
    from factcheck.evaluation.run import run_pairs

    if args.plot is not None:
        require_plot(args.plot)
    half = Half(args.half)
    sets = [read_set(path, half, args.limit) for path in args.files]
    if len({s.name for s in sets}) < len(sets):
        raise UsageError("two files have the same name", remedy="rename one of them")
    systems = open_systems(args.system or ["embedded", "overlap"], settings_of(args))
    run = run_pairs(
        sets, systems, half=half, limit=args.limit, resamples=args.resamples, seed=args.seed, progress=streams.note
    )
    record = run.record()
    _keep(args.out, record)
    if args.html is not None:
        from factcheck.cli.errors_page import render_errors

        streams.write_text(args.html, render_errors(run, args.errors))
    if args.plot is not None:
        plot_pairs(record, args.plot)
    if args.json:
        streams.emit_json(orjson.dumps(record))
    else:
        streams.emit(pairs_table(record))
    return _outcome(run)


def retrieval(args: argparse.Namespace) -> int:
    """Run `eval retrieval`."""
    from factcheck.cli.session import settings_of
    from factcheck.evaluation.pairs import Half
    from factcheck.evaluation.retrieval import measure_set, open_set
    from factcheck.models import load_encoder

    asked, args.model = args.model, None  # here it names an encoder, not a model that reads
    settings = settings_of(args)
    encoder = load_encoder(asked or settings.models.encoder, threads=settings.models.threads)
    unknown = sorted(set(args.own_documents) - {folder.name for folder in args.folders})
    if unknown:
        raise UsageError(f"'{unknown[0]}' is none of the folders", where="--own-documents", remedy="name one of them")
    sets = {}
    for folder in args.folders:
        own = folder.name in args.own_documents
        found = open_set(folder, args.work, encoder, half=Half(args.half), own_documents=own, progress=streams.note)
        sets[folder.name] = measure_set(found, settings.retrieve, resamples=args.resamples, seed=args.seed)
    record = {
        "schema": "factcheck.eval_retrieval/1",
        "half": args.half,
        "bootstrap": {"resamples": args.resamples, "seed": args.seed, "unit": "query", "level": 0.95},
        "encoder": {"name": encoder.name, "sha256": encoder.sha256},
        "settings": settings.as_dict()["retrieve"],
        "sets": sets,
    }
    _keep(args.out, record)
    if args.json:
        streams.emit_json(orjson.dumps(record))
    else:
        streams.emit(retrieval_table(record))
    return ExitCode.DONE


def graph(args: argparse.Namespace) -> int:
    """Run `eval graph`."""
    from factcheck.evaluation.graph import measure_graph
    from factcheck.evaluation.pairs import Half
    from factcheck.evaluation.statements import GraphSet
    from factcheck.models import load_encoder

    record = {
        "schema": "factcheck.eval_graph/1",
        **measure_graph(
            GraphSet(args.set),
            args.file,
            half=Half(args.half),
            limit=args.limit,
            trust_derived=not args.no_derived,
            encoder=None if args.no_encoder else load_encoder("embedded"),
            resamples=args.resamples,
            seed=args.seed,
            progress=streams.note,
        ),
    }
    _keep(args.out, record)
    if args.json:
        streams.emit_json(orjson.dumps(record))
    else:
        streams.emit(graph_table(record, args.errors or 0))
    return ExitCode.DONE


def _keep(path: Path | None, record: dict[str, Any]) -> None:
    if path is not None:
        streams.write_text(path, orjson.dumps(record, option=orjson.OPT_INDENT_2).decode() + "\n")


def _outcome(run: PairsRun) -> ExitCode:
    if not run.failed:
        return ExitCode.DONE
    import sys

    print(f"factcheck: {run.failed:,} pairs could not be judged and count as wrong", file=sys.stderr)
    return ExitCode.INCOMPLETE


def open_systems(specs: list[str], settings: Settings) -> list[System]:
    """Load what the specifications name, each under its own name.

    Raises:
        UsageError: two systems would have one name.
    """
    systems = [_system(spec, settings) for spec in specs]
    names = [system.name for system in systems]
    for name in names:
        if names.count(name) > 1:
            raise UsageError(f"two systems are called '{name}'", where="--system", remedy="write NAME=SPEC")
    return systems


def _system(text: str, settings: Settings) -> System:
    from factcheck.evaluation.systems import CosineSystem, OverlapSystem, ReadingSystem
    from factcheck.models import load_encoder, load_entailment

    match = None if Path(text).exists() else _NAMED.fullmatch(text)
    spec = text if match is None else match[2].strip()
    name = text if match is None else match[1].strip()
    threads = settings.models.threads
    kind, _, rest = spec.partition(":")
    if spec == "overlap":
        return OverlapSystem(name=name, identity={"spec": spec})
    if kind == "cosine":
        encoder = load_encoder(rest or settings.models.encoder, threads=threads)
        identity = {"spec": spec, "model": encoder.name, "sha256": encoder.sha256}
        return CosineSystem(name=name, encoder=encoder, identity=identity)
    if kind == "reader":
        model = load_entailment(rest or settings.models.entailment, threads=threads)
        identity = {"spec": spec, "model": model.name, "sha256": model.sha256}
        return ReadingSystem(name=name, model=model, identity=identity)
    return _deciding(name, spec, settings)


def _deciding(name: str, spec: str, settings: Settings) -> System:
    from factcheck.assemble import Assembly
    from factcheck.checker import FactChecker
    from factcheck.evaluation.systems import Answer, DecidingSystem
    from factcheck.types import FailedClaim

    parts = Assembly(settings.changed({"models.entailment": spec}), index=None, graph=None)
    checker = FactChecker(parts)

    def score(given: Sequence[tuple[str, str | Sequence[str]]]) -> list[Answer]:
        return [
            Answer(probabilities=None, reason=one.message)
            if isinstance(one, FailedClaim)
            else Answer(probabilities=one.probabilities, reason=one.reason, evidence=one.evidence, span=one.span)
            for one in checker.score(given)
        ]

    model = parts.entailment
    identity: dict[str, object] = {
        "spec": spec,
        "model": model.name,
        "sha256": model.sha256,
        "decision": parts.decision_sha256,
    }
    return DecidingSystem(name=name, score=score, identity=identity)
