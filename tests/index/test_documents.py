import gzip
import json
from pathlib import Path

import pytest

from factcheck.errors import DocumentError, InputError, RowError, UsageError
from factcheck.index.documents import SourceDocument, find_files, read_documents, unknown_kinds


def read(*sources: Path) -> tuple[list[SourceDocument], list[InputError]]:
    rejects: list[InputError] = []
    return list(read_documents(find_files(sources), rejects.append)), rejects


def write(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def rows(path: Path, *lines: object) -> Path:
    raw = b"\n".join(line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines)
    if path.suffix == ".zst":
        import pyarrow as pa

        sink = pa.BufferOutputStream()
        with pa.CompressedOutputStream(sink, "zstd") as stream:
            stream.write(raw)
        raw = bytes(sink.getvalue())
    return write(path, gzip.compress(raw) if path.suffix == ".gz" else raw)


@pytest.mark.parametrize("name", ["corpus.jsonl", "corpus.jsonl.gz", "corpus.jsonl.zst", "corpus.ndjson"])
def test_json_lines(tmp_path: Path, name: str) -> None:
    full = {"_id": "a", "id": "b", "title": "T", "section": "S", "text": "Words.", "source": "Us", "date": "2024-01-02"}
    found, rejects = read(rows(tmp_path / name, full, {"id": 7, "text": "More.", "metadata": {}, "title": None}))
    assert not rejects
    first, second = (source.document for source in found)
    assert (first.id, first.title, first.section, first.text, first.source, first.date) == (
        "a", "T", "S", "Words.", "Us", "2024-01-02",
    )  # fmt: skip
    assert (second.id, second.title, second.source, second.date) == ("7", "", name, None)


def test_rejects_name_line_and_offset(tmp_path: Path) -> None:
    lines: list[tuple[bytes, str]] = [
        (b"\xef\xbb\xbf" + b'{"_id": "good", "text": "x"}', ""),
        (b'{"_id": "a", "text": ', "invalid_json"),
        (b'{"_id": "a", "text": "\\ud800"}', "invalid_json"),
        (b'{"_id": "a", "text": "\xff"}', "invalid_json"),
        (b'{"_id": "a", "text": NaN}', "invalid_json"),
        (b"[" * 3000, "invalid_json"),
        (b"", ""),
        (b"   ", ""),
        (b'["a"]', "invalid_row"),
        (b'{"text": "x"}', "missing_field"),
        (b'{"_id": "", "text": "x"}', "missing_field"),
        (b'{"_id": "a"}', "missing_field"),
        (b'{"_id": "a", "text": null}', "missing_field"),
        (b'{"_id": "a", "text": " \\n"}', "empty_text"),
        (b'{"_id": "a", "text": 3}', "invalid_field"),
        (b'{"_id": true, "text": "x"}', "invalid_field"),
        (b'{"_id": 1.5, "text": "x"}', "invalid_field"),
        (b'{"_id": "a", "text": "x", "title": ["t"]}', "invalid_field"),
        (b'{"_id": "a", "text": "x\\u0000"}', "invalid_text"),
        (b'{"_id": "last", "text": "x"}', ""),
    ]
    path = rows(tmp_path / "c.jsonl", *(line for line, _ in lines))
    found, rejects = read(path)
    assert [source.document.id for source in found] == ["good", "last"]
    offset, expected = 0, []
    for number, (line, code) in enumerate(lines, 1):
        if code:
            expected.append((number, offset, code))
        offset += len(line) + 1
    assert [(e.line, e.offset, e.code) for e in rejects if isinstance(e, RowError)] == expected
    assert all(f"c.jsonl, line {e.line}: " in str(e) for e in rejects if isinstance(e, RowError))


def test_a_line_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("factcheck.text.json_lines.MAX_LINE_BYTES", 100)
    path = rows(tmp_path / "c.jsonl", {"_id": "a", "text": "x" * 500}, {"_id": "b", "text": "y"})
    found, rejects = read(path)
    assert [source.document.id for source in found] == ["b"]
    assert [error.code for error in rejects] == ["too_long"]
    assert found[0].line == 2
    assert found[0].offset == path.read_bytes().index(b'{"_id": "b"')


@pytest.mark.parametrize("cut", [3, 30, -5])
def test_a_gzip_file_that_ends_too_early(tmp_path: Path, cut: int) -> None:
    raw = gzip.compress(json.dumps({"_id": "a", "text": "word " * 100}).encode())
    with pytest.raises(DocumentError, match="gzip"):
        read(write(tmp_path / "c.jsonl.gz", raw[:cut]))
    with pytest.raises(DocumentError, match="gzip"):
        read(write(tmp_path / "d.jsonl.gz", b"no gzip at all"))


def test_parquet(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = tmp_path / "c.parquet"
    table = {"id": ["a", "b", None], "text": ["One.", None, "x"], "title": ["T", None, None], "other": [1, 2, 3]}
    pq.write_table(pa.table(table), path)
    found, rejects = read(path)
    assert [(s.document.id, s.document.title, s.document.text) for s in found] == [("a", "T", "One.")]
    assert [(e.line, e.offset, e.code) for e in rejects if isinstance(e, RowError)] == [
        (2, None, "missing_field"),
        (3, None, "missing_field"),
    ]
    pq.write_table(pa.table({"words": ["x"]}), path)
    with pytest.raises(DocumentError, match="needs _id"):
        read(path)
    with pytest.raises(DocumentError, match="Parquet"):
        read(write(path, b"PAR1 and nothing"))


def test_a_text_of_parquet_that_is_not_utf8_costs_its_row_alone(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    texts = pa.array([b"One.", b"\xff\xfe", b"Three."], pa.binary()).view(pa.string())
    pq.write_table(pa.table({"id": ["a", "b", "c"], "text": texts}), tmp_path / "c.parquet")
    found, rejects = read(tmp_path / "c.parquet")
    assert [s.document.id for s in found] == ["a", "c"]
    assert [(e.line, e.code) for e in rejects if isinstance(e, RowError)] == [(2, "invalid_text")]


def test_plain_text_is_kept_as_it_is(tmp_path: Path) -> None:
    text = "\r\n  Curie won.\r\n\r\nTwice.\u3000 "
    (found,), _ = read(write(tmp_path / "Marie_Curie.txt", text))
    assert found.document.text == text
    assert (found.document.id, found.document.title, found.document.source) == (
        "Marie_Curie.txt", "Marie Curie", "Marie_Curie.txt",
    )  # fmt: skip


def test_what_is_no_text_becomes_a_sign_of_its_own(tmp_path: Path) -> None:
    (found,), _ = read(write(tmp_path / "a.txt", "\ufeffone\0two"))
    assert found.document.text == "one\ufffdtwo"


@pytest.mark.parametrize(("raw", "words"), [(b"", "empty"), (b" \n", "empty"), (b"abc\xff", "UTF-8 .at byte 3")])
@pytest.mark.parametrize("suffix", [".txt", ".md"])
def test_text_that_cannot_be_read(tmp_path: Path, raw: bytes, words: str, suffix: str) -> None:
    with pytest.raises(DocumentError, match=words):
        read(write(tmp_path / f"a{suffix}", raw))


def test_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from factcheck.index import files

    monkeypatch.setattr(files, "MAX_FILE_BYTES", 10)
    with pytest.raises(DocumentError, match="more than 10"):
        read(write(tmp_path / "a.txt", "x" * 11))


MARKDOWN = """---
title: "The *Curies*"
---

Before any heading.

# Marie

She was born in [Warsaw](https://w.org).
It was 1867.

- radium
- polonium

## Prizes

```python
print("no prose")
```

<!-- no prose either -->

| year | prize |
|------|-------|
| 1903 | Physics |

Pierre
------

> He found piezoelectricity.
"""


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_markdown_sections_point_into_the_file(tmp_path: Path, ends: str) -> None:
    text = MARKDOWN.replace("\n", ends)
    (found,), _ = read(write(tmp_path / "a.md", text))
    assert found.document.text == text
    assert found.document.title == ("The *Curies*" if ends != "\r" else found.document.title)
    shown = [(section.heading, section.span.of(text)) for section in found.sections]
    assert (
        "Marie",
        f"She was born in [Warsaw](https://w.org).{ends}It was 1867.{ends}{ends}- radium{ends}- polonium",
    ) in shown
    assert ("Marie / Prizes", f"| year | prize |{ends}|------|-------|{ends}| 1903 | Physics |") in shown
    assert ("Marie / Pierre", "> He found piezoelectricity.") in shown
    assert not any("no prose" in words for _, words in shown)


def test_the_first_heading_is_the_title(tmp_path: Path) -> None:
    (found,), _ = read(write(tmp_path / "a.md", "# Radium `Ra`\n\nGlows.\n\n## Use\n\nClocks."))
    assert found.document.title == "Radium Ra"
    assert [section.heading for section in found.sections] == ["", "Use"]


def test_a_rule_is_no_front_matter(tmp_path: Path) -> None:
    (found,), _ = read(write(tmp_path / "a.md", "---\nWords between rules.\n\n---\nMore."))
    assert any("Words between rules." in section.span.of(found.document.text) for section in found.sections)


def test_markdown_of_code_alone(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="no text"):
        read(write(tmp_path / "a.md", "# Title\n\n```\ncode\n```\n"))


def test_html_main_text(tmp_path: Path) -> None:
    words = "Marie Curie was a physicist and chemist who conducted pioneering research on radioactivity. " * 5
    page = (
        "<html><head><title>Marie Curie</title><script>evil()</script></head><body><nav>Home About Contact</nav>"
        f"<article><h1>Marie Curie</h1><p>{words}</p><p>{words.replace('Marie', 'Pierre')}</p></article>"
        "<footer>Imprint</footer></body></html>"
    )
    (found,), _ = read(write(tmp_path / "a.html", page))
    assert found.document.title == "Marie Curie"
    assert "pioneering research" in found.document.text
    assert "evil" not in found.document.text and "Imprint" not in found.document.text


def test_a_page_is_cut_at_its_headings_and_dated_by_its_metadata_alone(tmp_path: Path) -> None:
    words = "The mill ground barley for the villages of the valley until the railway came. " * 4
    body = (
        f"<article><h1>Elde Mill</h1><p>{words}</p><h2>The <i>great</i> wheel</h2><p>{words}</p><h3>Repair</h3>"
        f"<p>{words}</p><h2>Visitors</h2><ul><li>Open in May.</li><li>Closed in winter.</li></ul></article>"
        "<footer>Copyright 2024</footer></body></html>"
    )
    (found,), _ = read(write(tmp_path / "a.html", f"<html><head><title>Elde Mill</title></head><body>{body}"))
    assert [section.heading for section in found.sections] == [
        "", "The great wheel", "The great wheel / Repair", "Visitors",
    ]  # fmt: skip
    texts = [section.span.of(found.document.text) for section in found.sections]
    assert all(text.startswith("The mill ground") and "great" not in text for text in texts[:3])
    assert texts[3] == "- Open in May.\n- Closed in winter."
    assert found.document.date is None
    dated = f'<html><head><meta property="article:published_time" content="2021-03-04"></head><body>{body}'
    (found,), _ = read(write(tmp_path / "b.html", dated))
    assert found.document.date == "2021-03-04"


def test_a_short_page_still_has_its_text(tmp_path: Path) -> None:
    (found,), _ = read(write(tmp_path / "a.htm", "<p>Radium glows.</p>"))
    assert "Radium glows." in found.document.text


@pytest.mark.parametrize("page", [b"<html><body></body></html>", b"\0\0\0", b"<!-- -->"])
def test_a_page_without_text(tmp_path: Path, page: bytes) -> None:
    with pytest.raises(DocumentError):
        read(write(tmp_path / "a.html", page))


def test_a_source_must_be_there_and_known(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(DocumentError, match="no file of a known kind"):
        find_files([tmp_path / "empty"])
    with pytest.raises(UsageError, match="no such file"):
        find_files([tmp_path / "nothing"])
    with pytest.raises(DocumentError, match="unknown kind"):
        find_files([write(tmp_path / "a.docx", b"x")])
    with pytest.raises(DocumentError, match="unknown kind"):
        find_files([write(tmp_path / ".txt", b"x")])


def test_folders_are_walked_in_order(tmp_path: Path) -> None:
    for name in ("b/z.txt", "b/a.md", "a.txt", "c.docx", ".git/d.txt", ".hidden.txt"):
        write(tmp_path / "src" / name, "Words.")
    (tmp_path / "src" / "loop").symlink_to(tmp_path / "src", target_is_directory=True)
    files = find_files([tmp_path / "src"])
    assert [file.path.relative_to(tmp_path / "src").as_posix() for file in files] == ["a.txt", "b/a.md", "b/z.txt"]
    assert [file.name for file in files] == ["a.txt", "a.md", "z.txt"]
    assert unknown_kinds([tmp_path / "src"]) == {".docx": 1}


def test_names_are_as_long_as_they_must_be(tmp_path: Path) -> None:
    one, two = write(tmp_path / "x" / "a.txt", "One."), write(tmp_path / "y" / "a.txt", "Two.")
    other = write(tmp_path / "y" / "b.txt", "Three.")
    assert [file.name for file in find_files([one, two, other])] == ["x/a.txt", "y/a.txt", "b.txt"]
    assert [file.name for file in find_files([tmp_path / "x", tmp_path / "y"])] == ["x/a.txt", "y/a.txt", "b.txt"]
    assert len(find_files([one, one, tmp_path / "x"])) == 1


def test_a_file_below_a_folder_is_rejected_a_named_one_raises(tmp_path: Path) -> None:
    write(tmp_path / "src" / "bad.txt", b"\xff")
    write(tmp_path / "src" / "good.txt", "Words.")
    found, rejects = read(tmp_path / "src")
    assert [source.document.id for source in found] == ["good.txt"]
    assert [type(error) for error in rejects] == [DocumentError] and "bad.txt" in str(rejects[0])
    with pytest.raises(DocumentError):
        read(tmp_path / "src" / "bad.txt")


def test_of_a_beir_folder_only_the_corpus_is_read(tmp_path: Path) -> None:
    rows(tmp_path / "corpus.jsonl.gz", {"_id": "d", "text": "Words."})
    rows(tmp_path / "queries.jsonl.gz", {"_id": "q", "text": "Words?"})
    found, _ = read(tmp_path)
    assert [source.document.id for source in found] == ["d"]
