"""docs/cli.md names every command and every option, and none that does not exist."""

import re
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path

from factcheck.cli.main import build_parser
from factcheck.cli.options import ExitCode

DOCS = (Path(__file__).parent.parent.parent / "docs" / "cli.md").read_text(encoding="utf-8")
COMMON = {"--help", "--config", "--json", "--debug"}


def leaves(parser: ArgumentParser, name: str = "") -> Iterator[tuple[str, ArgumentParser]]:
    below = [action for action in parser._actions if isinstance(action.choices, dict)]
    if not below:
        yield name.strip(), parser
    for action in below:
        for child, child_parser in action.choices.items():  # type: ignore[union-attr]
            yield from leaves(child_parser, f"{name} {child}")


def sections() -> dict[str, str]:
    parts = re.split(r"^## `factcheck ([a-z ]+)`$", DOCS, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def options(text: str) -> set[str]:
    return set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", text))


def test_every_command_is_documented_with_all_of_its_options() -> None:
    documented = sections()
    commands = dict(leaves(build_parser()))
    assert set(documented) == set(commands)
    for name, parser in commands.items():
        real = {option for action in parser._actions for option in action.option_strings if option.startswith("--")}
        table = options("\n".join(line for line in documented[name].splitlines() if line.startswith("| `--")))
        assert table == real - COMMON, f"docs/cli.md, factcheck {name}"
        assert options(documented[name]) <= real, f"docs/cli.md, factcheck {name}"
        assert f"factcheck {name}" in documented[name], f"docs/cli.md has no example for factcheck {name}"


def test_the_common_options_and_exit_codes_are_documented() -> None:
    introduction = DOCS.split("\n## `")[0]
    assert options(introduction) >= COMMON - {"--help"}
    assert {int(code) for code in re.findall(r"^\| (\d+) \|", introduction, flags=re.MULTILINE)} == set(ExitCode)
