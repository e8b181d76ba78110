"""Imports point strictly down, and heavy libraries stay behind their doors."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "factcheck"

LAYERS: list[set[str]] = [
    {"types", "errors"},
    {"protocols", "config", "provenance", "text", "decide", "calibrate", "metrics", "report"},
    {"models", "index", "graph"},
    {"generate", "extract", "retrieve", "verify", "revise", "screen"},
    {"pipeline", "scoring"},
    {"reflect", "batch", "train"},
    {"evaluation", "follow"},
    {"assemble"},
    {"answer"},
    {"checker"},
    {"service"},
    {"cli"},
]
LEVEL = {room: level for level, rooms in enumerate(LAYERS) for room in rooms}
MODEL_LIBRARIES = {"onnxruntime", "torch", "transformers", "tokenizers", "sentence_transformers", "openai"}
MODEL_ROOMS = {"models", "train"}
ENTRANCES = {"__init__", "__main__"}  # resolve lazily, import late


def modules() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py") if path.relative_to(PACKAGE).parts[0] != "sample")


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: relative imports hide the layer"
            module = node.module or ""
            if module == "factcheck":
                yield from ((node.lineno, f"factcheck.{alias.name}") for alias in node.names)
            else:
                yield node.lineno, module


def breaches(room: str, source: str) -> list[str]:
    found = []
    for line, name in imports(ast.parse(source)):
        parts = name.split(".")
        if parts[0] in MODEL_LIBRARIES and room not in MODEL_ROOMS:
            found.append(f"line {line}: {name} belongs to models/ and train/")
        if parts[0] != "factcheck":
            continue
        target = parts[1] if len(parts) > 1 else "__init__"
        if target == room or target.startswith("__"):
            continue
        if target not in LEVEL:
            found.append(f"line {line}: {name} is in no layer")
        elif LEVEL[target] >= LEVEL[room]:
            found.append(f"line {line}: {room} may not import {target}")
    return found


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_down(path: Path) -> None:
    room = room_of(path)
    if room in ENTRANCES:
        return
    assert room in LEVEL, f"{room} stands in no layer; place it in LAYERS and in docs/architecture.md"
    assert breaches(room, path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("room", "source"),
    [
        ("types", "import factcheck.errors"),
        ("retrieve", "from factcheck.verify.facts import GraphChecker"),
        ("index", "from factcheck import pipeline"),
        ("verify", "def f():\n    import torch"),
        ("text", "from factcheck.unheard import thing"),
    ],
)
def test_the_test_can_fail(room: str, source: str) -> None:
    assert breaches(room, source)


def test_values_use_the_standard_library_only() -> None:
    import sys

    values = [path for path in modules() if room_of(path) in {"types", "errors"}]
    assert len(values) > 2
    for path in values:
        used = {module for _, module in imports(ast.parse(path.read_text(encoding="utf-8")))}
        outside = {module for module in used if not module.startswith("factcheck.types")}
        assert {module.split(".")[0] for module in outside} <= sys.stdlib_module_names


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_nothing_unsafe_is_called(path: Path) -> None:
    forbidden = {"pickle", "cPickle", "dill", "joblib", "shelve", "marshal"}
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert not {name.split(".")[0] for _, name in imports(tree)} & forbidden
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in {"eval", "exec"}, f"line {node.lineno}"
        if isinstance(node, ast.keyword) and node.arg == "trust_remote_code":
            assert isinstance(node.value, ast.Constant) and node.value.value is False
        if isinstance(node, ast.keyword) and node.arg == "allow_pickle":
            assert isinstance(node.value, ast.Constant) and node.value.value is False
