"""Measure what a graph costs: build, open, link and look up, beside the same questions to rdflib in memory.

    python scripts/bench_graph.py TRIPLES.tsv.gz [--claims 2000] [--rdflib]
    python scripts/bench_graph.py --made-up 1000000 --rdflib
    python scripts/bench_graph.py --made-up 10000000 --graph DIR   # built there and kept
    python scripts/bench_graph.py --small            # 20,000 made-up triples, rdflib beside them

Claims are made from triples of the file ("A property B") with a fixed seed. The p95 of linking is over claims; for the
misspelling path two letters of one word of each subject's name change places. The rdflib comparison asks for the values
of a property of an entity, in SPARQL through rdflib's own memory store, which takes about half a minute and a gigabyte
to load for 300,000 triples, and 16 GB for ten million. Made-up graphs have four statements an entity and names of two
or three words out of 40,000 made-up ones.
"""

from __future__ import annotations

import argparse
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from factcheck.graph.linker import Linker
from factcheck.graph.load import read_quads
from factcheck.graph.reader import LocalGraphReader
from factcheck.graph.store import GraphStore, build_graph
from factcheck.types import Case, Claim, Span, Triple
from factcheck.verify.facts import GraphChecker


def percentiles(seconds: Sequence[float]) -> str:
    """Return median and p95 in milliseconds."""
    ordered = sorted(seconds)
    p95 = ordered[min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))]
    return f"p50 {1000 * statistics.median(ordered):.3f} ms, p95 {1000 * p95:.3f} ms"


def timed(action: Callable[[], object]) -> float:
    """Return the seconds that a call takes."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def claim(text: str) -> Claim:
    """Return a claim that is its own draft."""
    return Claim(id="1", text=text, span=Span(start=0, end=len(text)))


def sample(store: GraphStore, source: Path, count: int) -> list[Triple]:
    """Return some statements between entities, the same ones at every run."""
    rng = random.Random(20)  # noqa: S311
    kept: list[Triple] = []
    for seen, quad in enumerate(q for q in read_quads(source) if str(q.object).startswith("<")):
        triple = Triple(subject=str(quad.subject), predicate=str(quad.predicate), object=str(quad.object))
        if len(kept) < count:
            kept.append(triple)
        elif (slot := rng.randrange(seen + 1)) < count:
            kept[slot] = triple
    return kept


def main() -> None:
    """Build in a temporary folder, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path, nargs="?")
    parser.add_argument("--made-up", metavar="N", type=int, help="a made-up graph of so many triples")
    parser.add_argument("--small", action="store_true", help="a made-up graph, some hundred claims, and rdflib")
    parser.add_argument("--claims", type=int, default=2000)
    parser.add_argument("--rdflib", action="store_true", help="also ask rdflib")
    parser.add_argument("--graph", type=Path, metavar="DIR", help="where the graph is, or is built and kept")
    arguments = parser.parse_args()
    if sum((arguments.small, arguments.source is not None, arguments.made_up is not None)) != 1:
        parser.error("name a file of triples, or say --small or --made-up N")
    top = Path(tempfile.mkdtemp(prefix="bench-graph-"))
    folder = arguments.graph or top / "graph"
    try:
        if arguments.small:
            arguments.source, arguments.claims, arguments.rdflib = made_up(top / "small.tsv", 20_000), 300, True
        elif arguments.made_up is not None:
            arguments.source = made_up(top / "made-up.tsv", arguments.made_up)
        if folder.exists():
            print(f"built before: {folder}")
        else:
            print(f"build: {timed(lambda: build_graph([arguments.source], folder)):.2f} s")
        print(f"open, all hashes checked: {timed(lambda: GraphStore.open(folder)):.3f} s")
        reader = LocalGraphReader.open(folder)
        store = reader.store
        print(f"{len(store):,} statements, {store.body.entities:,} entities, {store.body.names:,} names")
        triples = sample(store, arguments.source, arguments.claims)
        texts = [
            " ".join(
                (store.entity(t.subject).label, store.schema.relation(t.predicate).label, store.entity(t.object).label)
            )
            for t in triples
        ]
        linker = Linker(store)
        plain = [timed(lambda text=text: linker.link(text, misspelt=False)) for text in texts]  # type: ignore[misc]
        print(f"linking a claim, names as they are: {percentiles(plain)}")
        both = [timed(lambda text=text: linker.link(text)) for text in texts]  # type: ignore[misc]
        print(f"linking a claim, misspellings looked for: {percentiles(both)}")
        wrong = [misspelt(text) for text in texts]
        spelling = [timed(lambda text=text: linker.link(text)) for text in wrong]  # type: ignore[misc]
        found = sum(any(not mention.exact for mention in linker.link(text)) for text in wrong)
        print(f"linking a misspelt claim: {percentiles(spelling)}; {found} of {len(wrong)} with a name put right")
        checker = GraphChecker(reader)
        cases = [Case(claim=claim(text)) for text in texts]
        checking = [timed(lambda case=case: checker.check([case])) for case in cases]  # type: ignore[misc]
        print(f"linking, look-up and rules a claim: {percentiles(checking)}")
        lookups = [timed(lambda t=t: store.triples(t.subject, t.predicate)) for t in triples]  # type: ignore[misc]
        print(f"values of a property of an entity: {percentiles(lookups)}")
        if arguments.rdflib:
            against_rdflib(arguments.source, triples[:200], statistics.median(lookups))
    finally:
        shutil.rmtree(top)


def misspelt(text: str) -> str:
    """Return the claim with two letters of its longest word in each other's places."""
    word = max(text.split(), key=len)
    at = len(word) // 2
    return text.replace(word, word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :], 1)


def made_up(path: Path, triples: int) -> Path:
    """Write a graph of made-up towns, rivers and people with a fixed seed."""
    chance = random.Random(13)  # noqa: S311
    syllables = "bra kel mor tin vas ost lin dor hal wen gar sil pen ruth bo cal fen mir tas ul".split()
    words = ["".join(chance.choices(syllables, k=chance.randint(2, 4))).title() for _ in range(40_000)]
    names = [" ".join(chance.choices(words, k=chance.randint(2, 3))) for _ in range(max(4, triples // 4))]
    properties = ["twin town", "river", "founder", "seat", "bridge over", "named after", "painter", "port of"]
    with path.open("w", encoding="utf-8") as file:
        for _ in range(triples):
            file.write(f"{chance.choice(names)}\t{chance.choice(properties)}\t{chance.choice(names)}\n")
    return path


def against_rdflib(source: Path, triples: Sequence[Triple], ours: float) -> None:
    """Ask the same of rdflib in memory."""
    import rdflib

    graph = rdflib.Graph()
    start = time.perf_counter()
    for quad in read_quads(source):
        value = getattr(quad.object, "value", "")
        node = rdflib.URIRef(value) if str(quad.object).startswith("<") else rdflib.Literal(value)
        graph.add((rdflib.URIRef(str(quad.subject)[1:-1]), rdflib.URIRef(quad.predicate.value), node))
    print(f"rdflib: {time.perf_counter() - start:.1f} s to load {len(graph):,} statements")
    asked = [
        timed(lambda t=t: list(graph.query(f"SELECT ?o WHERE {{ {t.subject} {t.predicate} ?o }}")))  # type: ignore[misc]
        for t in triples
    ]
    print(f"rdflib, the same in SPARQL: {percentiles(asked)}; ratio of medians {statistics.median(asked) / ours:.0f}")


if __name__ == "__main__":
    main()
