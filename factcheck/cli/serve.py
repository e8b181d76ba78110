"""`factcheck serve`: the façade over HTTP, and the proxy in front of a chat model."""

from __future__ import annotations

import argparse
import logging
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from factcheck.cli import session, streams
from factcheck.cli.options import ExitCode, Subparsers, add_screen_options, add_source_options, positive
from factcheck.errors import MissingExtraError, UsageError

if TYPE_CHECKING:
    from factcheck.checker import FactChecker

_MODES = ("annotate", "rewrite", "block")
_EXTRA = frozenset({"starlette", "uvicorn", "httpx2", "prometheus_client"})

_DESCRIPTION = """\
Serve check, revise, ask and score over HTTP; /openapi.json describes them.
With --proxy also an OpenAI-compatible /v1/chat/completions, whose answers are
checked before the client sees them.

On another address than loopback clients must send the key that stands in the
environment variable FACTCHECK_API_KEY, as 'Authorization: Bearer KEY'. The key
that the upstream asks for stands in FACTCHECK_UPSTREAM_API_KEY. SIGTERM ends
the service when everything that was accepted is answered."""

_EPILOG = """\
examples:
  factcheck serve --index my-index
  factcheck serve --proxy http://127.0.0.1:11434/v1 --mode rewrite
  curl -H 'Content-Type: application/json' http://127.0.0.1:8000/v1/check \\
       -d '{"text": "The Danube flows into the Baltic Sea."}'"""


def register(subparsers: Subparsers) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "serve", help="serve over HTTP, or check what a chat model answers", description=_DESCRIPTION, epilog=_EPILOG
    )
    parser.add_argument("--host", metavar="ADDRESS", help="where to listen (127.0.0.1)")
    parser.add_argument("--port", type=_port, metavar="N", help="on which port; 0 takes any that is free (8000)")
    parser.add_argument("--max-requests", type=positive, metavar="N", help="requests in hand; beyond it 503 (128)")
    parser.add_argument("--max-body-bytes", type=positive, metavar="N", help="larger bodies are refused (2,000,000)")
    parser.add_argument(
        "--request-timeout", type=_seconds, metavar="SECONDS", help="for the checking of a request (120)"
    )
    proxying = parser.add_argument_group("proxy")
    proxying.add_argument("--proxy", metavar="UPSTREAM", help="base URL of an OpenAI-compatible endpoint")
    proxying.add_argument(
        "--mode",
        choices=_MODES,
        help="annotate: answers stay, with what was found (the default); rewrite: put right; block: withhold what is "
        "contradicted or could not be checked",
    )
    proxying.add_argument(
        "--stream-by",
        choices=("sentence", "answer"),
        help="clients that stream get each sentence when it is checked (the default), or nothing before the whole "
        "answer is",
    )
    add_screen_options(parser)
    add_source_options(parser)
    parser.set_defaults(handler=serve)


def serve(args: argparse.Namespace) -> int:
    """Run the subcommand."""
    for option, given in (("--mode", args.mode), ("--stream-by", args.stream_by)):
        if given is not None and args.proxy is None:
            raise UsageError(f"{option} says what the proxy does", remedy="add --proxy UPSTREAM")
    try:
        from factcheck.follow import Mode
        from factcheck.service.options import ServiceOptions
        from factcheck.service.run import serve as listen
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in {
            "starlette",
            "uvicorn",
            "httpx2",
            "prometheus_client",
        }:
            raise
        raise MissingExtraError("serving over HTTP", "serve") from error
    settings = session.settings_of(args)
    options = ServiceOptions.from_environment(
        settings.serve, upstream=args.proxy, mode=Mode(args.mode or Mode.ANNOTATE)
    )
    screen = settings.screen
    by_sentence = settings.serve.stream_by == "sentence"
    screens = bool(screen.terms or screen.personal or screen.classifier)
    options = replace(options, screens=screens, by_sentence=by_sentence)
    streams.note("loading models and evidence")
    checker = session.open_checker(args)
    warm_up(checker)
    logging.getLogger("factcheck.serve").setLevel(logging.INFO)
    logging.getLogger("httpx2").setLevel(logging.WARNING)  # it logs whole URLs

    def listening(url: str) -> None:
        streams.clear_note()
        if args.json:
            import orjson

            streams.emit_json(orjson.dumps({"url": url}))
        print(f"factcheck: listening on {url}", file=sys.stderr, flush=True)

    listen(checker, options, on_listening=listening)
    return int(ExitCode.DONE)


def warm_up(checker: FactChecker) -> None:
    """Load every model and open every file before the first request, so that what is broken is told at the start."""
    checker.generate("Which is the largest planet?")


def _port(text: str) -> int:
    if not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"'{text}' is not a port from 0 to 65535")
    return int(text)


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0.0 < value < 86400.0:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number of seconds above 0")
    return value
