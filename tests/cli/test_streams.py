"""Notes give way to what comes next, and only a terminal sees them."""

import io

import pytest

from factcheck.cli import streams
from factcheck.errors import StorageError


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_note_gives_way(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    screen = Screen()
    monkeypatch.setattr("sys.stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    streams.note("checking")
    streams.note("still checking")
    streams.emit("result\n")
    streams.emit("more\n")
    assert screen.getvalue() == "\r\x1b[2Kchecking …\r\x1b[2Kstill checking …\r\x1b[2K"
    assert capsys.readouterr().out == "result\nmore\n"


@pytest.mark.parametrize(("screen", "term"), [(io.StringIO(), "xterm"), (Screen(), "dumb")])
def test_no_note_where_nobody_could_wipe_it(screen: io.StringIO, term: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr", screen)
    monkeypatch.setenv("TERM", term)
    streams.note("checking")
    streams.clear_note()
    assert screen.getvalue() == ""


def test_files_appear_whole_or_not_at_all(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    page = tmp_path / "page.html"
    page.write_text("old", encoding="utf-8")

    def full(self: object, text: str, **_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("pathlib.Path.write_text", full)
        with pytest.raises(StorageError, match=r"page\.html: cannot be written \(No space left on device\)"):
            streams.write_text(page, "new")
    assert page.read_text(encoding="utf-8") == "old"
    streams.write_text(page, "a\r\nb\n\ud800")
    assert page.read_bytes() == b"a\r\nb\n?"
