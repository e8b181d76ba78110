"""The command's entrance: the parser of the whole, the error boundary, signals and exit codes."""

from __future__ import annotations

import logging
import signal
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from factcheck import __version__
from factcheck.cli import (
    ask,
    audit,
    check,
    demo,
    doctor,
    evaluate,
    index,
    kb,
    replay,
    score,
    serve,
    streams,
    train,
    verify,
)
from factcheck.cli.options import ExitCode, Parser, complete
from factcheck.errors import FactCheckError, UsageError

_DESCRIPTION = """\
Which claims of a text hold, what shows it, and how the text reads once the
false ones are put right. Works offline, on a CPU, with no key."""

_EPILOG = """\
start here:
  factcheck demo
  factcheck check "The Danube flows into the Baltic Sea." --revise
  factcheck index build notes/ --out my-index
  factcheck check draft.txt --index my-index --html report.html

exit codes:
  0  done, whatever the verdicts     1  failed            2  wrong usage
  3  a gate was not met              4  done, but rows were rejected or
  130, 143  interrupted                 claims could not be checked"""


COMMANDS = (
    demo,
    ask,
    check,
    verify,
    replay,
    score,
    index,
    kb,
    train,
    evaluate,
    audit,
    serve,
    doctor,
)
"""In the order in which the help names them."""


class _TerminatedError(BaseException):
    """SIGTERM; no `Exception`, so that no handler on the way takes it for a failure."""


def build_parser() -> Parser:
    """Return the parser of the whole command."""
    parser = Parser(prog="factcheck", description=_DESCRIPTION, epilog=_EPILOG)
    parser.add_argument("--version", action="version", version=f"factcheck {__version__}")
    subparsers = parser.add_subparsers(title="commands", metavar="COMMAND", dest="command")
    for module in COMMANDS:
        module.register(subparsers)
    complete(parser)
    return parser


def run(argv: list[str]) -> int:
    """Run one command.

    Args:
        argv: what stands behind `factcheck` on the command line.

    Returns:
        The exit code. Whatever goes wrong is told in one line on standard error.
    """
    debug = "--debug" in argv
    unicode = streams.speaks_unicode()
    streams.prepare()
    try:
        with _termination_raises():
            return _dispatch(argv, unicode=unicode)
    except SystemExit as stop:  # argparse leaves this way after --help and --version
        return stop.code if isinstance(stop.code, int) else ExitCode.DONE
    except BrokenPipeError:
        streams.abandon_stdout()
        return ExitCode.DONE
    except KeyboardInterrupt:
        return _complain("interrupted", ExitCode.INTERRUPTED, debug=debug)
    except _TerminatedError:
        return _complain("terminated", ExitCode.TERMINATED, debug=debug)
    except UsageError as error:
        return _complain(f"error: {error}", ExitCode.USAGE, debug=debug)
    except FactCheckError as error:
        return _complain(f"error: {error}", ExitCode.FAILED, debug=debug)
    except MemoryError:
        return _complain("error: out of memory; check less at a time", ExitCode.FAILED, debug=debug)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        return _complain(f"error: {where}{error.strerror or error}", ExitCode.FAILED, debug=debug)
    except Exception as error:
        remedy = "this is a bug, please report it with what --debug shows"
        return _complain(f"error: {type(error).__name__}: {error}; {remedy}", ExitCode.FAILED, debug=debug)


def _dispatch(argv: list[str], *, unicode: bool) -> int:
    parser = build_parser()
    args = parser.parse_args(argv)
    handler = getattr(args, "handler", None)
    if handler is None:
        raise UsageError(
            "no command given" if args.command is None else f"'{args.command}' needs a subcommand",
            remedy=f"see '{' '.join(filter(None, ('factcheck', args.command)))} --help'",
        )
    args.unicode = unicode
    args.argv = argv
    logging.basicConfig(
        level=logging.DEBUG if args.debug else logging.WARNING,
        stream=sys.stderr,
        format="factcheck: %(levelname)s: %(name)s: %(message)s",
    )
    if not args.debug:
        logging.getLogger("stamina").setLevel(logging.ERROR)  # who tries again says so itself, and why
    code = handler(args)
    streams.clear_note()
    sys.stdout.flush()
    return int(code)


def _complain(message: str, code: ExitCode, *, debug: bool) -> int:
    """Say what happened in one line, free of control characters, which a file's name may hold."""
    streams.clear_note()
    if debug:
        traceback.print_exc()
    line = " ".join(message.split())
    line = "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in line)
    try:
        print(f"factcheck: {line}", file=sys.stderr, flush=True)
    except OSError:  # nobody listens; the exit code still speaks
        return code
    return code


@contextmanager
def _termination_raises() -> Iterator[None]:
    """Turn SIGTERM into an exception, so that whatever holds locks or half-written files can tidy up."""

    def stop(signum: int, frame: FrameType | None) -> None:
        raise _TerminatedError

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
