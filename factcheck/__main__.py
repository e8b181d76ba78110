"""`python -m factcheck` is `factcheck`."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command and return its exit code."""
    from factcheck.cli.main import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
