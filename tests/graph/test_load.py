import gzip
from pathlib import Path

import pytest

from factcheck.errors import DocumentError, GraphSyntaxError, StorageError, UsageError
from factcheck.graph.load import GraphFormat, SkipLog, format_of, read_quads

S = "<http://example.org/s> <http://example.org/p> "


def write(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def strings(path: Path, **keywords: object) -> list[str]:
    return [str(quad) for quad in read_quads(path, **keywords)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.nt", f'{S}"v" .\n'),
        ("a.nq", f'{S}"v" <http://example.org/g> .\n'),
        ("a.ttl", '@prefix e: <http://example.org/> . e:s e:p "v" .'),
        ("a.trig", '@prefix e: <http://example.org/> . e:g { e:s e:p "v" }'),
        (
            "a.rdf",
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://example.org/">'
            '<rdf:Description rdf:about="http://example.org/s"><e:p>v</e:p></rdf:Description></rdf:RDF>',
        ),
        ("a.jsonld", '{"@context": {"p": "http://example.org/p"}, "@id": "http://example.org/s", "p": "v"}'),
        ("a.tsv", '<http://example.org/s>\t<http://example.org/p>\t"v"\n'),
    ],
)
def test_every_format_gives_the_same_statement(tmp_path: Path, name: str, text: str) -> None:
    for path in (write(tmp_path, name, text), write(tmp_path, name + ".gz", gzip.compress(text.encode()))):
        (quad,) = read_quads(path)
        assert (str(quad.subject), str(quad.predicate)) == ("<http://example.org/s>", "<http://example.org/p>")
        assert str(quad.object) == '"v"'


def test_the_name_announces_the_format() -> None:
    assert format_of(Path("x.NT.GZ")) is GraphFormat.N_TRIPLES
    assert format_of(Path("ontology.owl")) is GraphFormat.RDF_XML
    with pytest.raises(UsageError, match="known suffixes"):
        format_of(Path("x.docx"))


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("a.nt", f'{S}"v" .\n{S}nonsense .\n', ":2:"),
        ("a.ttl", "@prefix e: <http://example.org/> .\ne:s e:p .\n", ":2:"),
        ("a.ttl", f'{S}"never closed', ":1:"),
        ("a.rdf", '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n<a>\n</b>\n</rdf:RDF>', ":2:"),
        ("a.rdf", "<rdf:RDF>\n</rdf:RDF>", ":1:"),
        ("a.jsonld", '{"@id": "http://example.org/s",\n "http://example.org/p": [1,}', ":2:"),
        ("a.tsv", "a\tb\tc\na\tb\n", ":2:1:"),
        ("a.tsv", "a\tb\tc\na\t\tc\n", ":2:3:"),
        ("a.tsv", b"a\tb\t\xff\n", ":1:5:"),
        ("a.tsv", '"text"\tb\tc\n', ":1:1:"),
        ("a.tsv", "_:x\tb\tc\n", ":1:1:"),
    ],
)
def test_bad_input_is_refused_with_its_place(tmp_path: Path, name: str, text: str, place: str) -> None:
    path = write(tmp_path, name, text)
    with pytest.raises(GraphSyntaxError) as refused:
        strings(path)
    assert str(refused.value).startswith(str(path) + place)
    assert refused.value.line is not None and refused.value.column is not None


def test_a_truncated_file_is_refused(tmp_path: Path) -> None:
    whole = gzip.compress(f'{S}"v" .\n'.encode() * 1000)
    with pytest.raises(DocumentError, match="not a whole gzip"):
        strings(write(tmp_path, "a.nt.gz", whole[: len(whole) // 2]))
    with pytest.raises(DocumentError, match="gzip"):
        strings(write(tmp_path, "b.nt.gz", b"plain text"))
    with pytest.raises(StorageError):
        strings(tmp_path / "absent.nt")


def test_remote_contexts_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "a.jsonld", '{"@context": "https://example.org/context", "@id": "http://example.org/s"}')
    with pytest.raises(GraphSyntaxError, match="nothing is fetched"):
        strings(path)


def test_bad_lines_are_skipped_counted_and_listed(tmp_path: Path) -> None:
    lines = [f'{S}"{number}" .' for number in range(10_000)]
    lines[5000] = "rubbish"
    lines[7000] = f'{S}"unfinished .'
    log = SkipLog()
    assert len(strings(write(tmp_path, "a.nt", "\n".join(lines)), skip=log)) == 9_998
    assert (log.count, [line.line for line in log.lines]) == (2, [5001, 7001])
    assert all(line.message and line.column for line in log.lines)


def test_skipping_does_not_reach_formats_whose_lines_hang_together(tmp_path: Path) -> None:
    with pytest.raises(GraphSyntaxError):
        strings(write(tmp_path, "a.ttl", "rubbish"), skip=SkipLog())


def test_blank_nodes_have_the_same_names_at_every_reading(tmp_path: Path) -> None:
    path = write(tmp_path, "a.ttl", "@prefix e: <http://example.org/> . [] e:p [ e:q _:x ] . _:x e:p e:s .")
    assert strings(path) == strings(path)
    assert {name for line in strings(path, blank_prefix="f1b") for name in line.split() if name.startswith("_:")} == {
        "_:f1b0",
        "_:f1b1",
        "_:f1b2",
    }


def test_names_of_a_tsv_become_entities_with_labels(tmp_path: Path) -> None:
    path = write(tmp_path, "a.tsv", "Aarhus_Airport\tcityServed\tAarhus\nAarhus\tfounded\t770\nAarhus\tarea\t91.5\n")
    lines = strings(path, namespace="https://n.example/")
    assert (
        '<https://n.example/entity/Aarhus_Airport> <http://www.w3.org/2000/01/rdf-schema#label> "Aarhus Airport"'
        in lines
    )
    assert '<https://n.example/property/cityServed> <http://www.w3.org/2000/01/rdf-schema#label> "city served"' in lines
    assert sum("#label" in line for line in lines) == 5
    assert any(line.endswith('"770"^^<http://www.w3.org/2001/XMLSchema#integer>') for line in lines)
    assert any(line.endswith('"91.5"^^<http://www.w3.org/2001/XMLSchema#decimal>') for line in lines)


def test_a_tsv_with_a_header_keeps_equal_names_apart_by_their_identifiers(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "a.tsv",
        "split\thead_mid\thead\trelation\trelation_text\ttail_mid\ttail\n"
        "x\t/m/1\tAlien\t/film/director\tfilm director\t/m/9\tScott\n"
        "x\t/m/2\tAlien\t/film/genre\tfilm genre\t/m/8\t1979\n",
    )
    lines = strings(path, namespace="https://n.example/")
    assert (
        "<https://n.example/entity/m/1> <https://n.example/property/film/director> <https://n.example/entity/m/9>"
        in lines
    )
    assert (
        "<https://n.example/entity/m/2> <https://n.example/property/film/genre> <https://n.example/entity/m/8>" in lines
    )
    assert (
        '<https://n.example/property/film/director> <http://www.w3.org/2004/02/skos/core#altLabel> "film director"'
        in lines
    )


def test_a_number_of_400_digits_is_a_literal(tmp_path: Path) -> None:
    (*_, quad) = read_quads(write(tmp_path, "a.tsv", "a\tb\t" + "9" * 400 + "\n"))
    assert "XMLSchema#integer" in str(quad.object)
