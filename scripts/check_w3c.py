"""Run the W3C RDF 1.1 syntax tests against the loader: what must parse parses, what must be refused is refused.

Needs a local copy of the suite (https://github.com/w3c/rdf-tests, folder rdf/rdf11):

    python scripts/check_w3c.py PATH/TO/SUITE
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from factcheck.errors import FactCheckError
from factcheck.graph.load import GraphFormat, read_quads

VOCABULARY = "http://www.w3.org/ns/rdftest#"
MANIFEST = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
FORMATS = {
    "rdf-n-triples": GraphFormat.N_TRIPLES,
    "rdf-n-quads": GraphFormat.N_QUADS,
    "rdf-turtle": GraphFormat.TURTLE,
    "rdf-trig": GraphFormat.TRIG,
    "rdf-xml": GraphFormat.RDF_XML,
}


def tests(folder: Path) -> Iterator[tuple[str, bool, Path, str]]:
    """Yield name, whether it must parse, file and base IRI of every approved test of a folder."""
    import pyoxigraph

    base = "https://w3c.github.io/rdf-tests/rdf/rdf11/" + folder.name + "/"
    store = pyoxigraph.Store()
    store.load(path=str(folder / "manifest.ttl"), format=pyoxigraph.RdfFormat.TURTLE, base_iri=base + "manifest.ttl")
    action = pyoxigraph.NamedNode(MANIFEST + "action")
    kind = pyoxigraph.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    for quad in store.quads_for_pattern(None, action, None):
        kinds = [str(q.object) for q in store.quads_for_pattern(quad.subject, kind, None)]
        names = {text[1:-1].removeprefix(VOCABULARY) for text in kinds if text.startswith("<" + VOCABULARY + "Test")}
        for name in names:
            relative = str(quad.object)[1:-1].removeprefix(base)
            yield str(quad.subject)[1:-1].rpartition("#")[2], "Negative" not in name, folder / relative, base + relative


def main() -> int:
    """Run all folders and print one line each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suite", type=Path)
    arguments = parser.parse_args()
    wrong = 0
    for name, form in FORMATS.items():
        counts: Counter[str] = Counter()
        for test, positive, file, base in tests(arguments.suite / name):
            try:
                for _ in read_quads(file, form=form, base=base):
                    pass
                parsed = True
            except FactCheckError as error:
                parsed, message = False, str(error)
            side = "positive" if positive else "negative"
            counts[side] += 1
            if parsed == positive:
                counts[side + " right"] += 1
            else:
                wrong += 1
                print(f"  {name} {test}: " + ("accepted, must be refused" if parsed else f"refused ({message})"))
        print(
            f"{name}: {counts['positive right']} of {counts['positive']} positive parsed, "
            f"{counts['negative right']} of {counts['negative']} negative refused"
        )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
