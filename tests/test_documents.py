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
    assert [told for argv in commands(page) if (told := refused(argv))] == []


def refused(argv: list[str]) -> str:
    """Return why the command does not take some arguments; empty where it does."""
    with contextlib.redirect_stderr(io.StringIO()) as told:
        try:
            build_parser().parse_args(argv)
        except (SystemExit, Exception) as error:
            return f"factcheck {shlex.join(argv)}: {error} {told.getvalue()}"
    return ""


def test_a_command_with_an_option_that_is_not_there_is_refused() -> None:
    assert "--no-such-option" in refused(["check", "--no-such-option"])


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


ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


def test_the_table_of_rooms_names_all_of_them() -> None:
    table = ARCHITECTURE.split("| layer | rooms |")[1].split("\n\n")[0]
    named = set(re.findall(r"`([a-z]+)`", table))
    found = {
        path.stem for path in (ROOT / "factcheck").iterdir() if path.name[0] not in "_." and path.suffix != ".typed"
    }
    assert found <= named


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(?:factcheck[./])?([a-z_]+[./][\w./]+)`", ARCHITECTURE))))
def test_what_the_architecture_names_is_there(name: str) -> None:
    """`decide/weights.json` is a file, `verify.kinds` a module, `graph.reader.ask` something that a module says."""
    if (ROOT / "factcheck" / name).exists() or (ROOT / name).exists():
        return
    place = ROOT / "factcheck"
    parts = name.removeprefix("factcheck.").split(".")
    while parts and (place / parts[0]).is_dir():
        place /= parts.pop(0)
    if parts and (place / f"{parts[0]}.py").is_file():
        place /= f"{parts.pop(0)}.py"
    file = place / "__init__.py" if place.is_dir() else place
    assert all(re.search(rf"\b{part}\b", file.read_text(encoding="utf-8")) for part in parts), name
