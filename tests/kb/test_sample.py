"""The embedded sample holds together: its graph obeys its own ontology, and its prose agrees with its graph."""

import datetime
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

pyoxigraph = pytest.importorskip("pyoxigraph")

KB = Path(__file__).resolve().parents[2] / "kb"
ENT = "https://factcheck.example/entity/"
PROP = "https://factcheck.example/property/"
CLS = "https://factcheck.example/class/"
FCV = "https://factcheck.example/vocabulary/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
XSD = "http://www.w3.org/2001/XMLSchema#"
SOURCES = {
    "factcheck sample: Chronicle of Inventions",
    "factcheck sample: Elements",
    "factcheck sample: Gazetteer",
    "factcheck sample: History Notes",
    "factcheck sample: Library of Books",
    "factcheck sample: Lives",
    "factcheck sample: Solar System Notes",
}
Fact = tuple[str, str, Any]  # subject, property, object: local names, but a literal stays a term


class Sample:
    """The graph, opened up into the views that the tests ask for."""

    def __init__(self) -> None:
        self.store = pyoxigraph.Store()
        for path in [KB / "ontology.ttl", *sorted((KB / "facts").glob("*.ttl"))]:
            self.store.load(path=str(path), format=pyoxigraph.RdfFormat.TURTLE)
        self.types: dict[str, set[str]] = defaultdict(set)
        self.labels: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        self.aliases: dict[str, list[str]] = defaultdict(list)
        self.facts: list[Fact] = []
        for quad in self.store:
            subject, predicate, value = str(quad.subject.value), quad.predicate.value, quad.object
            if not subject.startswith(ENT):
                continue
            name = subject.removeprefix(ENT)
            if predicate == RDF + "type":
                self.types[name].add(value.value.removeprefix(CLS))
            elif predicate == RDFS + "label":
                self.labels[name][value.language.lower()].append(value.value)
            elif predicate == SKOS + "altLabel":
                self.aliases[name].append(value.value)
            elif predicate.startswith(PROP):
                plain = value.value.removeprefix(ENT) if isinstance(value, pyoxigraph.NamedNode) else value
                self.facts.append((name, predicate.removeprefix(PROP), plain))
        self.values: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
        for subject, name, plain in self.facts:
            self.values[name][subject].append(plain)

    def of(self, subject: str, predicate: str) -> list[Any]:
        """All objects of one predicate of the ontology, by full IRI."""
        found = self.store.quads_for_pattern(pyoxigraph.NamedNode(subject), pyoxigraph.NamedNode(predicate), None, None)
        return [quad.object for quad in found]

    def instances(self, kind: str) -> set[str]:
        """Local names of the classes or properties that carry one OWL type."""
        found = self.store.quads_for_pattern(
            None, pyoxigraph.NamedNode(RDF + "type"), pyoxigraph.NamedNode(OWL + kind), None
        )
        return {quad.subject.value.removeprefix(PROP).removeprefix(CLS) for quad in found}

    def ancestors(self, name: str) -> set[str]:
        """A class with everything above it."""
        above = {name}
        for parent in self.of(CLS + name, RDFS + "subClassOf"):
            above |= self.ancestors(parent.value.removeprefix(CLS))
        return above

    def kinds(self, entity: str) -> set[str]:
        """All classes of an entity, inherited ones included."""
        return set().union(*(self.ancestors(name) for name in self.types[entity]))

    def members(self, head: Any) -> list[str]:
        """The class names in an RDF list."""
        names: list[str] = []
        while getattr(head, "value", "") != RDF + "nil":
            by = {q.predicate.value: q.object for q in self.store.quads_for_pattern(head, None, None, None)}
            names.append(by[RDF + "first"].value.removeprefix(CLS))
            head = by[RDF + "rest"]
        return names

    def one(self, name: str, subject: str) -> str | None:
        """The text of the only value, or None where there is none."""
        found = self.values[name].get(subject)
        return None if not found else found[0] if isinstance(found[0], str) else found[0].value

    def year(self, name: str, subject: str) -> int | None:
        """The only value as a year."""
        text = self.one(name, subject)
        return None if text is None else int(text)


@pytest.fixture(scope="module")
def sample() -> Sample:
    return Sample()


@pytest.fixture(scope="module")
def passages() -> list[dict[str, str]]:
    return [json.loads(line) for line in (KB / "passages.jsonl").read_text(encoding="utf-8").splitlines()]


def literal(fact: Fact) -> bool:
    return not isinstance(fact[2], str)


# The graph ---------------------------------------------------------------------------


def test_counts_are_above_the_floors(sample: Sample, passages: list[dict[str, str]]) -> None:
    chinese = sum(row["_id"].startswith("zh-") for row in passages)
    print(f"\n{len(sample.types)} entities, {len(sample.facts)} facts, {len(passages)} passages, {chinese} in Chinese")  # noqa: T201
    print(f"{len(sample.instances('Class'))} classes, {len(declared(sample))} properties")  # noqa: T201
    assert len(sample.types) >= 130
    assert len(sample.facts) >= 700
    assert len(passages) >= 230
    assert chinese >= 20


def test_readme_states_the_true_counts(sample: Sample, passages: list[dict[str, str]]) -> None:
    text = (KB / "README.md").read_text(encoding="utf-8")
    assert f"{len(sample.types)} entities and {len(sample.facts):,} facts" in text
    assert f"{len(sample.instances('Class'))} classes and {len(declared(sample))} properties" in text
    assert f"{len(passages)} passages of prose, {sum(r['_id'].startswith('zh-') for r in passages)} of them" in text


def test_every_entity_has_one_type_and_both_labels(sample: Sample) -> None:
    everything = {subject for subject, _, _ in sample.facts} | set(sample.labels) | set(sample.types)
    for entity in sorted(everything):
        assert len(sample.types[entity]) == 1, entity
        assert sample.types[entity] <= sample.instances("Class"), entity
        assert len(sample.labels[entity]["en"]) == 1, entity
        assert len(sample.labels[entity]["zh-hant"]) == 1, entity


def test_every_object_is_an_entity_of_the_sample(sample: Sample) -> None:
    missing = [fact for fact in sample.facts if not literal(fact) and fact[2] not in sample.types]
    assert missing == []


def test_aliases_are_worth_having(sample: Sample) -> None:
    for entity, aliases in sample.aliases.items():
        names = [*aliases, *sample.labels[entity]["en"], *sample.labels[entity]["zh-hant"]]
        assert len(names) == len(set(names)), entity
        assert not [alias for alias in aliases if alias.isdigit() or (alias.isascii() and len(alias) < 2)], entity


def declared(sample: Sample) -> set[str]:
    return sample.instances("ObjectProperty") | sample.instances("DatatypeProperty")


def test_every_property_is_declared_and_described(sample: Sample) -> None:
    names = declared(sample)
    assert {name for _, name, _ in sample.facts} <= names
    for name in sorted(names):
        languages = {label.language.lower() for label in sample.of(PROP + name, RDFS + "label")}
        assert languages == {"en", "zh-hant"}, name
        (template,) = sample.of(PROP + name, FCV + "template")
        assert template.value.count("{subject}") == 1, name
        assert template.value.count("{object}") == 1, name
        assert not template.value.endswith("."), name
        assert sample.of(PROP + name, SKOS + "altLabel"), name
        assert len(sample.of(PROP + name, RDFS + "domain")) == 1, name
        assert len(sample.of(PROP + name, RDFS + "range")) == 1, name
        for other in sample.of(PROP + name, OWL + "inverseOf"):
            assert other.value.removeprefix(PROP) in names, name


def test_units_are_units(sample: Sample) -> None:
    pint = pytest.importorskip("pint")
    registry = pint.UnitRegistry()
    for name in declared(sample):
        for unit in sample.of(PROP + name, FCV + "unit"):
            registry.Unit(unit.value)
    decimals = {
        name for _, name, value in (f for f in sample.facts if literal(f)) if value.datatype.value.endswith("decimal")
    }
    assert {name for name in decimals if not sample.of(PROP + name, FCV + "unit")} == set()


def test_functional_properties_have_one_value_a_subject(sample: Sample) -> None:
    for name in sample.instances("FunctionalProperty"):
        for subject, found in sample.values[name].items():
            assert len(found) == 1, (subject, name, found)


def test_inverse_functional_properties_have_one_subject_a_value(sample: Sample) -> None:
    for name in sample.instances("InverseFunctionalProperty"):
        owners: dict[Any, str] = {}
        for subject, found in sample.values[name].items():
            for value in found:
                assert owners.setdefault(value, subject) == subject, (name, value)


def test_no_entity_is_in_disjoint_classes(sample: Sample) -> None:
    groups = [quad.object for quad in sample.store.quads_for_pattern(None, pyoxigraph.NamedNode(OWL + "members"), None)]
    assert len(groups) >= 5
    for group in map(sample.members, groups):
        assert set(group) <= sample.instances("Class")
        for entity in sample.types:
            assert len(sample.kinds(entity) & set(group)) <= 1, entity


def test_domains_and_ranges_hold(sample: Sample) -> None:
    for subject, name, value in sample.facts:
        (domain,) = sample.of(PROP + name, RDFS + "domain")
        (span,) = sample.of(PROP + name, RDFS + "range")
        assert domain.value.removeprefix(CLS) in sample.kinds(subject), (subject, name)
        if isinstance(value, str):
            assert span.value.removeprefix(CLS) in sample.kinds(value), (subject, name, value)
        else:
            assert span == value.datatype, (subject, name, value)


def test_literals_are_written_as_their_type_wants(sample: Sample) -> None:
    shapes = {"gYear": r"\d{4}", "date": r"\d{4}-\d{2}-\d{2}", "decimal": r"-?\d+(\.\d+)?", "integer": r"-?\d+"}
    for fact in filter(literal, sample.facts):
        kind = fact[2].datatype.value.removeprefix(XSD)
        assert re.fullmatch(shapes.get(kind, r".+"), fact[2].value), fact
        if kind == "date":
            datetime.date.fromisoformat(fact[2].value)


def test_facts_about_one_thing_do_not_contradict_each_other(sample: Sample) -> None:
    for country in sample.values["capital"]:
        (city,) = sample.values["capital"][country]
        assert sample.one("inCountry", city) == country
    for date, year in (("birthDate", "birthYear"), ("deathDate", "deathYear"), ("signedDate", "signedYear")):
        for subject in sample.values[date]:
            assert str(sample.one(date, subject))[:4] == sample.one(year, subject), subject
    for before, after in (("birthYear", "deathYear"), ("startYear", "endYear")):
        for subject in sample.values[before].keys() & sample.values[after].keys():
            first, last = sample.year(before, subject), sample.year(after, subject)
            assert first is not None
            assert last is not None
            assert first <= last, subject
    for edition, (award,) in sample.values["editionOf"].items():
        for person in sample.values["laureate"][edition]:
            assert award in sample.values["wonAward"][person], person
    planets = sorted(sample.values["orderFromSun"], key=lambda planet: int(str(sample.one("orderFromSun", planet))))
    periods = [Decimal(str(sample.one("orbitalPeriod", planet))) for planet in planets]
    assert len(planets) == 8
    assert periods == sorted(periods)


@pytest.mark.parametrize(
    ("maker", "year"),
    [
        ("discoverer", "discoveryYear"),
        ("inventor", "inventionYear"),
        ("author", "publicationYear"),
        ("laureate", "awardYear"),
        ("firstAscender", "firstAscentYear"),
    ],
)
def test_nobody_works_before_the_tenth_birthday(sample: Sample, maker: str, year: str) -> None:
    for thing, people in sample.values[maker].items():
        done = sample.year(year, thing)
        for person in people:
            born = sample.year("birthYear", person)
            if born is not None and done is not None:
                assert born + 10 <= done, (person, thing)
            died = sample.year("deathYear", person)
            if died is not None and done is not None and maker != "author":  # books appear after a death, too
                assert done <= died, (person, thing)


def test_a_war_ends_with_its_treaty_or_before(sample: Sample) -> None:
    for treaty, (war,) in sample.values["endedWar"].items():
        over, signed = sample.year("endYear", war), sample.year("signedYear", treaty)
        assert over is not None
        assert signed is not None
        assert over <= signed <= over + 1, treaty


# The prose ---------------------------------------------------------------------------


def sentences(text: str) -> list[str]:
    """Split the sample's own, tame prose; initials and abbreviations end in a single capital."""
    return [part for part in re.split(r"(?<=[a-z0-9)’”][.?!])\s+(?=[A-Z“])|(?<=。)", text) if part]


def test_passages_are_well_formed(passages: list[dict[str, str]]) -> None:
    ids = [row["_id"] for row in passages]
    texts = [row["text"] for row in passages]
    assert len(set(ids)) == len(ids)
    assert len(set(texts)) == len(texts)
    for row in passages:
        assert set(row) == {"_id", "title", "section", "text", "source", "date"}, row["_id"]
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", row["_id"])
        assert row["source"] in SOURCES, row["_id"]
        assert all(value == value.strip() and value for value in row.values()), row["_id"]
        assert 1 <= len(sentences(row["text"])) <= 4, row["_id"]
        assert row["text"].endswith((".", "。")), row["_id"]
        datetime.date.fromisoformat(row["date"])
    assert {row["source"] for row in passages} == SOURCES


YEAR = r"(?<!\d)(?<!\d[,.])(\d{3,4})(?!\d|[,.]\d)"
AMOUNT = r"[−-]?\d[\d,]*(?:\.\d+)?"
# Property → (words that express it, the numbers of a sentence that can be its value). Words are narrow on purpose:
# what is checked must be certain, and test_the_check_is_not_empty counts that enough is checked.
EXPRESSIONS: dict[str, tuple[str, str]] = {
    "birthYear": (r"\bborn\b|出生", YEAR),
    "deathYear": (r"\bdied\b", YEAR),
    "foundedYear": (r"\bfounded\b|inaugurated|建城", YEAR),
    "independenceYear": (r"independence|independent", YEAR),
    "firstAscentYear": (r"climbed it|reached (?:the|its) summit|stood on the top|first on the|登頂", YEAR),
    "publicationYear": (r"\bpublished\b|came out|appeared|出版於|年出版", YEAR),
    "discoveryYear": (r"\bdiscovered\b|\bdiscovers\b|isolated it|identified|發現", YEAR),
    "inventionYear": (r"\bpatent(?:ed)?\b|\bbuilt\b|\bproposed\b|demonstrated|專利|構想", YEAR),
    "signedYear": (r"\bsigned\b|Treaty of \w+ of|簽署", YEAR),
    "startYear": (r"\bbegan\b|broke out|lasted from|from \d{4} to|始於", YEAR),
    "endYear": (r"\bended\b|lasted from|止於", YEAR),
    "area": (r"area|covers|measures|面積", rf"({AMOUNT}) square kilometres|({AMOUNT})平方公里"),
    "elevation": (r"high|rises|given as|海拔|volcano", rf"({AMOUNT}) metres|({AMOUNT})公尺"),
    "length": (r"long\b|length|flows|covers|長", rf"({AMOUNT}) kilometres|({AMOUNT})公里"),
    "diameter": (r"diameter|直徑", rf"({AMOUNT}) kilometres|({AMOUNT})公里"),
    "orbitalPeriod": (r"year|orbits", rf"({AMOUNT}) days"),
    "meanDensity": (r"density|weighs", rf"({AMOUNT}) grams"),
    "meltingPoint": (r"melt|freez|熔點", rf"({AMOUNT}) degrees|攝氏({AMOUNT})度"),
    "atomicNumber": (r"atomic number", r"atomic number (?:of \w+ )?is (\d+)"),
}


def names_of(sample: Sample, entity: str) -> list[str]:
    return [*sample.labels[entity]["en"], *sample.labels[entity]["zh-hant"], *sample.aliases[entity]]


def mentions(name: str, sentence: str) -> bool:
    if not name.isascii() and not re.search(r"[A-Za-z]", name):
        return name in sentence  # Chinese has no word boundaries
    pattern = rf"(?<!\w){re.escape(name)}(?!\w)"
    return re.search(pattern, sentence, re.IGNORECASE if name.islower() else 0) is not None


def near(value: Decimal, written: Decimal) -> bool:
    """Prose may round: to whole units, or to the figures that it prints."""
    return (
        abs(value - written) <= max(Decimal("0.5"), abs(value) * Decimal("0.0005")) if value > 100 else value == written
    )


def disagreements(sample: Sample, title: str, sentence: str) -> Iterator[tuple[str, str, bool]]:
    """Check one sentence; yields property, what was compared, and whether the prose agrees.

    A sentence is about the entities that it names and the one in the passage's title. A value of any of them is
    accepted: prose may compare two of them and call the other one "it".
    """
    for name, (words, numbers) in EXPRESSIONS.items():
        if not re.search(words, sentence):
            continue
        written = [
            next(filter(None, found)) if isinstance(found, tuple) else found for found in re.findall(numbers, sentence)
        ]
        if not written:
            continue
        holders = sample.values[name]
        about = [entity for entity in holders if any(mentions(alias, sentence) for alias in names_of(sample, entity))]
        about += [entity for entity in holders if title.lower() in {n.lower() for n in names_of(sample, entity)}]
        about = list(dict.fromkeys(about))
        if not about:
            continue
        stated = [Decimal(number.replace(",", "").replace("−", "-")) for number in written]
        known = [Decimal(str(sample.one(name, entity))) for entity in about]
        same = (lambda a, b: a == b) if numbers is YEAR else near
        yield name, f"{about} {known} against {stated}: {sentence}", any(same(k, s) for k in known for s in stated)


def test_prose_agrees_with_the_graph(sample: Sample, passages: list[dict[str, str]]) -> None:
    checked: dict[str, int] = defaultdict(int)
    wrong: list[str] = []
    for row in passages:
        for sentence in sentences(row["text"]):
            for name, detail, fits in disagreements(sample, row["title"], sentence):
                checked[name] += 1
                if not fits:
                    wrong.append(f"{row['_id']} {name} {detail}")
    assert wrong == []
    assert sum(checked.values()) >= 150, dict(checked)
    assert set(EXPRESSIONS) == set(checked)


@pytest.mark.parametrize(
    ("title", "sentence", "name"),
    [
        ("Mount Everest", "Mount Everest rises to 8,489 metres.", "elevation"),
        ("Albert Einstein", "He was born in Ulm in 1897.", "birthYear"),
        ("金", "金的熔點約為攝氏1046度。", "meltingPoint"),
        ("Nile", "The Nile is about 66,500 kilometres long.", "length"),
    ],
)
def test_the_check_finds_a_wrong_number(sample: Sample, title: str, sentence: str, name: str) -> None:
    assert (name, False) in {(found, fits) for found, _, fits in disagreements(sample, title, sentence)}


def test_drafts_are_complete(sample: Sample) -> None:
    drafts = [json.loads(line) for line in (KB / "drafts.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len({draft["id"] for draft in drafts}) == len(drafts) == 6
    for draft in drafts:
        assert set(draft) == {"id", "question", "text", "notes"}
        assert 3 <= len(sentences(draft["text"])) <= 6, draft["id"]
        assert draft["notes"]
    planted = [
        (name, fits)
        for draft in drafts
        for sentence in sentences(draft["text"])
        for name, _, fits in disagreements(sample, "", sentence)
    ]
    assert ("length", False) in planted
    assert ("discoveryYear", False) in planted


def test_the_labelled_sentences_are_well_formed_and_of_both_halves() -> None:
    lines = (Path(__file__).parent / "sample_claims.tsv").read_text(encoding="utf-8").splitlines()[1:]
    rows = [line.split("\t") for line in lines]
    labels = {"SUPPORTED", "REFUTED", "NOT_ENOUGH_INFO"}
    assert all(len(row) == 3 and set(row[1].split("|")) <= labels and row[2].endswith(".") for row in rows)
    assert len({claim for _, _, claim in rows}) == len(rows) >= 150
