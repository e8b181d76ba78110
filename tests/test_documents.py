"""What the pages for users show is what the command takes and the library does."""

import contextlib
import io
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from factcheck.cli.main import build_parser

ROOT = Path(__file__).parent.parent
PAGES = ["README.md", "kb/README.md", *(str(page.relative_to(ROOT)) for page in sorted((ROOT / "docs").rglob("*.md")))]


def blocks(page: str, *languages: str) -> list[str]:
    text = (ROOT / page).read_text(encoding="utf-8")
    found = re.findall(r"^```(\w*)\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)
    return [block for language, block in found if language in languages]


def commands(page: str) -> Iterator[list[str]]:
    text = (ROOT / page).read_text(encoding="utf-8").replace("\\\n", " ")
    indented = re.findall(r"^    (factcheck .*)$", text, flags=re.MULTILINE)
    for line in [*"\n".join(blocks(page, "", "sh")).replace("\\\n", " ").splitlines(), *indented]:
        for part in re.split(r"\s[|>]\s", line):
            if part.startswith("factcheck "):
                yield shlex.split(part, comments=True)[1:]


@pytest.mark.parametrize("page", PAGES)
def test_commands_are_taken(page: str) -> None:
    parser = build_parser()
    for argv in commands(page):
        with contextlib.redirect_stderr(io.StringIO()) as told:
            try:
                parser.parse_args(argv)
            except (SystemExit, Exception) as error:
                pytest.fail(f"{page}: factcheck {shlex.join(argv)}: {error} {told.getvalue()}")


def test_the_readme_has_commands() -> None:
    assert len(list(commands("README.md"))) > 15


def test_the_example_of_the_readme_does_what_it_says() -> None:
    (example,) = blocks("README.md", "python")
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(example, "README.md", "exec"), {})
    (said,) = re.findall(r"print\(report\.text\)  # (.*)", example)
    first, *verdicts = printed.getvalue().splitlines()
    assert first == said
    assert [line.split(" ", 1)[0] for line in verdicts] == ["SUPPORTED"]
