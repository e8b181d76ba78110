"""`doctor` tells what is there and what is missing, and never faints."""

from argparse import Namespace
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import orjson
import pytest

from factcheck.cli import doctor, session
from factcheck.cli.main import run
from factcheck.errors import IntegrityError
from tests.fakes import FakeEncoder, FakeEntailment, FakeGraphReader


@dataclass
class FakeParts:
    """Stands for the wired parts: one of them may be broken."""

    sample: bool = False
    broken: str = ""

    def __getattr__(self, name: str) -> Any:
        made = {"encoder": FakeEncoder(), "entailment": FakeEntailment(), "reader": FakeGraphReader(), "index": None}
        if name == self.broken:
            raise IntegrityError("is not the file in the manifest", where=f"{name}.onnx", remedy="install again")
        return made[name]


@pytest.fixture
def parts(monkeypatch: pytest.MonkeyPatch) -> FakeParts:
    fake = FakeParts()
    monkeypatch.setattr(session, "open_parts", lambda args: fake)
    return fake


def test_what_is_there_is_listed(parts: FakeParts, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run(["doctor", "--json"]) == 0
    found = orjson.loads(capfdbinary.readouterr().out)
    assert found["problems"] == []
    assert found["models"]["encoder"] == {
        "name": "fake-encoder",
        "sha256": FakeEncoder().sha256,
        "dimensions": 32,
    }
    assert found["models"]["entailment"]["name"] == "fake-entailment"
    assert found["graph"] == {"source": "fake graph", "sha256": FakeGraphReader().sha256}
    assert found["index"] is None
    assert found["settings"]["revise"]["on_refuted"] == "correct"
    assert found["dependencies"]["numpy"]["installed"] == metadata.version("numpy")
    assert set(found["extras"]["torch"]["packages"]) >= {"torch", "transformers"}
    assert any("reads English" in note for note in found["notes"])
    assert found["processors"]["usable"] >= 1


@pytest.mark.parametrize("broken", ["encoder", "entailment", "index", "reader"])
def test_a_broken_part_hides_no_other(parts: FakeParts, broken: str, capsys: pytest.CaptureFixture[str]) -> None:
    parts.broken = broken
    assert run(["doctor"]) == 1
    out = capsys.readouterr().out
    assert f"{broken}.onnx: is not the file in the manifest; install again" in " ".join(out.split())
    assert ("fake-encoder" in out) is (broken != "encoder")
    assert ("fake-entailment" in out) is (broken != "entailment")
    assert ("fake graph" in out) is (broken != "reader")


def test_a_wrong_setting_is_a_problem(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    config = tmp_path / "factcheck.toml"
    config.write_text("[revise]\non_refuted = 'burn'\n", encoding="utf-8")
    assert run(["doctor", "--json", "--config", str(config)]) == 1
    found = orjson.loads(capfdbinary.readouterr().out)
    assert found["settings"] is None
    assert "burn" in found["problems"][0]


def test_a_missing_dependency_is_named(parts: FakeParts, monkeypatch: pytest.MonkeyPatch) -> None:
    requirements = [
        "numpy<3,>=2",
        "no-such-thing>=1",
        'absent[fast]>=2; extra == "gpu"',
        'factcheck-rag[gpu]; extra == "all"',
    ]
    monkeypatch.setattr(metadata, "requires", lambda name: requirements)
    found = doctor.examine(Namespace(config=None))
    assert found["problems"] == ["no-such-thing is not installed; run: pip install factcheck-rag"]
    assert found["extras"] == {
        "gpu": {"complete": False, "packages": {"absent": {"required": ">=2", "installed": None}}}
    }


def test_without_an_installation_nothing_is_required(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "requires", missing)
    assert doctor.installed() == ({}, {})


def test_looking_at_the_sample_builds_nothing(
    parts: FakeParts, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    from factcheck.assemble import sample

    parts.sample = True
    parts.broken = "index"  # would be a problem if it were touched
    monkeypatch.setattr(sample, "sample_artefacts", lambda sha256: tmp_path / "sample")
    assert run(["doctor", "--json"]) == 0
    found = orjson.loads(capfdbinary.readouterr().out)
    assert found["sample"] == {"serves": True, "built": False, "path": str(tmp_path / "sample")}


def test_values_are_plain() -> None:
    rows = doctor.flat({"a": {"b": True, "c": 1.0, "d": None, "e": [1, 2], "f": "0" * 64, "g": 0}})
    assert rows == [
        ("a.b", "yes"),
        ("a.c", "1.0"),
        ("a.d", "none"),
        ("a.e", "1, 2"),
        ("a.f", "0" * 16 + "…"),
        ("a.g", "0"),
    ]
