import io
import re
from pathlib import Path

import pytest

from factcheck.errors import DocumentError, MissingExtraError
from factcheck.index.documents import find_files, read_documents

pytest.importorskip("pypdf")
canvas = pytest.importorskip("reportlab.pdfgen.canvas")


def read(path: Path):  # type: ignore[no-untyped-def]
    return list(read_documents(find_files([path]), lambda error: None))


def make(path: Path, *pages: str, title: str = "") -> Path:
    buffer = io.BytesIO()
    drawing = canvas.Canvas(buffer, invariant=True)
    if title:
        drawing.setTitle(title)
    for page in pages:
        if page:
            drawing.drawString(72, 720, page)
        drawing.showPage()
    drawing.save()
    path.write_bytes(buffer.getvalue())
    return path


def encrypt(path: Path, password: str) -> Path:
    import pypdf

    writer = pypdf.PdfWriter(clone_from=path)
    writer.encrypt(user_password=password, owner_password="owner", algorithm="RC4-128")
    with path.open("wb") as file:
        writer.write(file)
    return path


def test_a_page_is_a_document(tmp_path: Path) -> None:
    found = read(make(tmp_path / "a.pdf", "Radium glows.", "", "Polonium too.", title="Elements"))
    assert [(s.document.id, s.document.section, s.document.title) for s in found] == [
        ("a.pdf#page=1", "page 1", "Elements"),
        ("a.pdf#page=3", "page 3", "Elements"),
    ]
    assert "Radium glows." in found[0].document.text
    assert {s.document.source for s in found} == {"a.pdf"}


def test_an_encrypted_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="encrypted"):
        read(encrypt(make(tmp_path / "a.pdf", "Secret."), "password"))


def test_an_empty_password_is_none(tmp_path: Path) -> None:
    (found,) = read(encrypt(make(tmp_path / "a.pdf", "Not secret."), ""))
    assert "Not secret." in found.document.text


def test_a_scan_has_no_text(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="holds no text"):
        read(make(tmp_path / "a.pdf", ""))


@pytest.mark.parametrize(
    "raw", [b"", b"%PDF-1.7\n", b"not a PDF at all", b"%PDF-1.4\ntrailer\n<< /Root 1 0 R >>\n%%EOF"]
)
def test_what_is_no_pdf(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "a.pdf").write_bytes(raw)
    with pytest.raises(DocumentError):
        read(tmp_path / "a.pdf")


def outcome(path: Path) -> set[str] | None:
    """Return the words that are read; None where the file is refused, by its name. Any other exception fails."""
    try:
        return {word for one in read(path) for word in re.findall(r"[A-Za-z]{5,}", one.document.text)}
    except DocumentError as error:
        return None if path.name in str(error) else {"the error names no file"}


def test_broken_anywhere_it_never_crashes(tmp_path: Path) -> None:
    whole = make(tmp_path / "a.pdf", "Radium glows.", "Polonium too.").read_bytes()
    refused = 0
    for i in range(0, len(whole), max(1, len(whole) // 60)):
        for broken in (whole[:i], whole[:i] + b"\xff\x00(" + whole[i + 3 :]):
            (tmp_path / "b.pdf").write_bytes(broken)
            words = outcome(tmp_path / "b.pdf")
            refused += words is None
            # Cut off, it says what was written, or part of it, or nothing: never something else.
            assert broken != whole[:i] or words is None or words <= {"Radium", "glows", "Polonium"}
    assert refused >= 20


def test_without_pypdf_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "pypdf", None)
    make(tmp_path / "b.pdf", "Words.")
    (tmp_path / "a.txt").write_text("Words.", encoding="utf-8")
    with pytest.raises(MissingExtraError, match=r"b\.pdf: .*\[pdf\]"):
        next(read_documents(find_files([tmp_path]), lambda error: None))
