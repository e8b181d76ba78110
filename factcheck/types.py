"""The values that travel the road of a claim.

Everything here is frozen, slotted and keyword-only, and knows nothing of models, files or networks; only the standard
library is imported. Character offsets are half-open and count Unicode code points.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

# --------------------------------------------------------------------------------------------------------- vocabularies


class Label(StrEnum):
    """What the evidence says of a claim.

    CONFLICTING: independent sources (different document hash and different source) stand against each other.
    """

    SUPPORTED = "SUPPORTED"
    REFUTED = "REFUTED"
    NOT_ENOUGH_INFO = "NOT_ENOUGH_INFO"
    CONFLICTING = "CONFLICTING"


class Stance(StrEnum):
    """What one piece of evidence says of a claim."""

    SUPPORTS = "SUPPORTS"
    REFUTES = "REFUTES"
    NEUTRAL = "NEUTRAL"


class TextKind(StrEnum):
    """Which side of retrieval a text stands on; encoders may use another prompt for each."""

    QUERY = "query"
    PASSAGE = "passage"


class Stage(StrEnum):
    """A step of the road, as named in failures."""

    GENERATE = "generate"
    EXTRACT = "extract"
    RETRIEVE = "retrieve"
    VERIFY = "verify"
    DECIDE = "decide"
    REVISE = "revise"


class Rule(StrEnum):
    """By which rule a checker judged. `factcheck.decide` says which rules are exact and which come first."""

    ENTAILMENT = "entailment"
    FACT_MATCH = "fact_match"
    FUNCTIONAL_DIFFERS = "functional_differs"
    INVERSE_FUNCTIONAL_DIFFERS = "inverse_functional_differs"
    DERIVED_DIFFERS = "derived_differs"
    NEGATED_FACT = "negated_fact"
    DISJOINT_CLASSES = "disjoint_classes"
    CLOSED_WORLD = "closed_world"
    PATH_MATCH = "path_match"
    PATH_DIFFERS = "path_differs"
    LITERAL_MATCH = "literal_match"
    LITERAL_DIFFERS = "literal_differs"
    QUANTITY_EQUAL = "quantity_equal"
    QUANTITY_WITHIN = "quantity_within"
    QUANTITY_DIFFERS = "quantity_differs"
    DATE_EQUAL = "date_equal"
    DATE_WITHIN = "date_within"
    DATE_DIFFERS = "date_differs"
    VALUE_MISSING = "value_missing"
    VALUES_STAND = "values_stand"
    WORDS_COVERED = "words_covered"
    ARITHMETIC = "arithmetic"
    NEGATION = "negation"


class StopReason(StrEnum):
    """Why reflection ended."""

    VERIFIED = "verified"
    UNCHANGED = "unchanged"
    NO_IMPROVEMENT = "no_improvement"
    OSCILLATION = "oscillation"
    MAX_ROUNDS = "max_rounds"
    BUDGET = "budget"


class OnRefuted(StrEnum):
    """What a reviser does with a refuted claim; `correct` falls back to `remove` where no correction is known."""

    CORRECT = "correct"
    REMOVE = "remove"
    FLAG = "flag"


class OnUnsupported(StrEnum):
    """What a reviser does with a claim that the evidence does not settle."""

    KEEP = "keep"
    HEDGE = "hedge"
    FLAG = "flag"
    REMOVE = "remove"


class ExtractBy(StrEnum):
    """Who finds the claims of a text."""

    RULE = "rule"
    MODEL = "model"


class ReviseBy(StrEnum):
    """Who rewrites a text; `auto` is the writing model where there is one, else edits."""

    AUTO = "auto"
    EDIT = "edit"
    MODEL = "model"


# ------------------------------------------------------------------------------------------------------ text and claims


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A half-open range of Unicode code points, `0 <= start <= end`."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"a span needs 0 <= start <= end, not [{self.start}, {self.end})")

    def __len__(self) -> int:
        return self.end - self.start

    def of(self, text: str) -> str:
        """Return the part of `text` that the span names."""
        return text[self.start : self.end]

    def overlaps(self, other: Span) -> bool:
        """Say whether the two spans share at least one code point."""
        return self.start < other.end and other.start < self.end

    def contains(self, other: Span) -> bool:
        """Say whether `other` lies within this span."""
        return self.start <= other.start and other.end <= self.end

    def shifted(self, offset: int) -> Span:
        """Return the span moved by `offset` code points."""
        return Span(start=self.start + offset, end=self.end + offset)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A text to be checked.

    Attributes:
        text: the text itself; spans of claims point into it.
        question: what was asked, if known. It resolves pronouns; it is never evidence.
        model: who wrote it, for the record.
        exchanges: what was asked of a chat model to get it.
        warnings: what its reader must know of how it came to be.
        answer: the part of the text that answers the question, where its author can tell; no part of what makes two
            drafts equal.
    """

    text: str
    question: str | None = None
    model: str | None = None
    exchanges: tuple[Exchange, ...] = ()
    warnings: tuple[str, ...] = ()
    answer: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One checkable statement of a draft.

    Attributes:
        id: unique within the draft.
        text: decontextualised, so that it can be judged on its own.
        span: the part of the draft that states it.
    """

    id: str
    text: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """What an extractor found in one draft, claims in the order of the text; `exchanges` with a chat model, if any."""

    claims: tuple[Claim, ...]
    failed: tuple[FailedClaim, ...] = ()
    warnings: tuple[str, ...] = ()
    exchanges: tuple[Exchange, ...] = ()


# ------------------------------------------------------------------------------------------------------------- evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A text as it came into a corpus, before it is cut into passages.

    Attributes:
        id: unique within a corpus.
        text: what spans and `sha256` refer to.
        title: may be empty, like section and source.
        date: as the corpus states it, ISO 8601 where it can.
    """

    id: str
    text: str
    title: str = ""
    section: str = ""
    source: str = ""
    date: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Some whole sentences of a document.

    Attributes:
        document_sha256: of the document's text, in UTF-8, as lower-case hex.
        span: where `text` stands in the document's text.
    """

    id: str
    document_id: str
    document_sha256: str
    title: str
    section: str
    text: str
    span: Span
    source: str
    date: str | None = None

    @property
    def premise(self) -> str:
        """Title, section and text on lines of their own: what is embedded, indexed and shown to a checker."""
        return "\n".join(part for part in (self.title, self.section, self.text) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Triple:
    """A statement of a graph; each term in N-Triples syntax (`<iri>`, `_:b`, `"text"@en`)."""

    subject: str
    predicate: str
    object: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Something that may settle a claim; it always has text.

    Attributes:
        id: unique within a case.
        text: the passage's text, or the facts in words. Document spans and `Judgement.span` refer to it.
        source: who says so; two pieces of evidence are independent only if their sources differ.
        score: of retrieval; comparable within one case only.
        passage: the passage that it is, unless it comes from a graph.
        triples: the facts that it is, unless it comes from a corpus.
        graph_sha256: which graph generation the triples come from.
    """

    id: str
    text: str
    source: str
    score: float = 0.0
    passage: Passage | None = None
    triples: tuple[Triple, ...] = ()
    graph_sha256: str | None = None

    @property
    def premise(self) -> str:
        """What a checker reads: the text under its title and section."""
        return self.text if self.passage is None else self.passage.premise

    @property
    def origin(self) -> str:
        """The document's or the graph's hash (else the id): equal origins are never independent."""
        if self.passage is not None:
            return self.passage.document_sha256
        return self.graph_sha256 or self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A claim with its evidence, best first; there may be none."""

    claim: Claim
    evidence: tuple[Evidence, ...] = ()


# ---------------------------------------------------------------------------------------------------------------- graph


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A node of a graph.

    Attributes:
        term: in N-Triples syntax.
        label: the best one.
        types: terms of the classes that it is stated to belong to.
        above: terms of the classes above these, where somebody looked.
    """

    term: str
    label: str
    types: tuple[str, ...] = ()
    above: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A name in a claim and the entities that it may mean.

    Attributes:
        span: into the claim's text.
        entities: best first. More than one means that the name is ambiguous; nobody may pick one of them silently.
        exact: whether label or alias matched as written (case and width aside), not as a misspelling.
    """

    span: Span
    entities: tuple[Entity, ...]
    exact: bool = True

    @property
    def ambiguous(self) -> bool:
        """Whether more than one entity bears the name."""
        return len(self.entities) > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A property as the ontology, or the data where it is silent, describes it.

    Attributes:
        unit: of numeric values, in pint's spelling; None where none is declared.
        inverse: term of the inverse property.
        derived: the characteristics were read off the data, not declared; trust them less.
    """

    term: str
    label: str
    functional: bool = False
    inverse_functional: bool = False
    symmetric: bool = False
    transitive: bool = False
    closed: bool = False
    unit: str | None = None
    inverse: str | None = None
    derived: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationMatch:
    """Words of a claim that speak of a property.

    Attributes:
        span: into the claim's text; None where the property was inferred from the whole.
        inverted: the words express the inverse (the property's object is the claim's subject).
        score: in [0, 1].
    """

    relation: Relation
    span: Span | None
    inverted: bool
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """When a fact holds, by its qualifiers.

    Attributes:
        start: first date, in the lexical form of the graph (ISO 8601); None where it is open.
        end: last date; equal to `start` for a point in time.
        triples: the statements that say so.
    """

    start: str | None
    end: str | None
    triples: tuple[Triple, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A triple with everything that is needed to speak of it.

    Attributes:
        value: the object's entity; None for a literal.
        value_text: the object's label, or the literal's lexical form with its unit.
        text: the fact as a sentence.
        periods: when it holds, where the graph says so; more than one where it held again.
    """

    triple: Triple
    subject: Entity
    relation: Relation
    value: Entity | None
    value_text: str
    text: str
    periods: tuple[Period, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedFact:
    """A fact whose subject and value both stand in the claim; whether the claim states it is for a checker to say.

    Attributes:
        subject: where the fact's subject is named.
        value: where its value is said.
        fit: how well the claim's other words speak of the property, in standard deviations above any property; None
            where nobody compared them.
    """

    fact: Fact
    subject: Span
    value: Span
    fit: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """Where a description in the claim leads: "the capital of the country where Marie Curie was born".

    Attributes:
        facts: the way, from the name that the description ends in.
        name: that name's place in the claim.
        value: what the claim says of the thing described.
        phrases: the words of the properties, in the order of the facts.
        end: the thing described.
        certain: every property on the way has one value only, so that nothing else can be meant.
    """

    facts: tuple[Fact, ...]
    name: Span
    value: Span
    phrases: tuple[Span, ...]
    end: Entity
    certain: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphAnswer:
    """What a graph knows of one claim: names found, properties spoken of, facts about them.

    Attributes:
        facts: candidate facts, the most relevant first, each about at least one mentioned entity.
        stated: facts whose two ends the claim names.
        paths: chains of facts that join mentioned entities, for claims that need more than one.
        descriptions: chains of facts that a description in the claim asks for.
        graph_sha256: the generation that was asked.
    """

    mentions: tuple[Mention, ...] = ()
    relations: tuple[RelationMatch, ...] = ()
    facts: tuple[Fact, ...] = ()
    stated: tuple[StatedFact, ...] = ()
    paths: tuple[tuple[Fact, ...], ...] = ()
    descriptions: tuple[Description, ...] = ()
    graph_sha256: str | None = None


# ------------------------------------------------------------------------------------------------ judgement and verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Probabilities:
    """A distribution over the three labels that a single source can give; sums to 1 within 1e-6."""

    supported: float
    refuted: float
    not_enough_info: float

    def __post_init__(self) -> None:
        values = (self.supported, self.refuted, self.not_enough_info)
        if not all(math.isfinite(v) and -1e-9 <= v <= 1 + 1e-6 for v in values) or abs(sum(values) - 1) > 1e-6:
            raise ValueError(f"probabilities must lie in [0, 1] and sum to 1, not {values}")

    @property
    def label(self) -> Label:
        """The largest; ties go to the more cautious label."""
        best = max(self.not_enough_info, self.refuted, self.supported)
        if self.not_enough_info == best:
            return Label.NOT_ENOUGH_INFO
        return Label.REFUTED if self.refuted == best else Label.SUPPORTED

    def of(self, label: Label) -> float:
        """Return the probability of a label; of CONFLICTING the smaller of the two sides."""
        if label is Label.SUPPORTED:
            return self.supported
        if label is Label.REFUTED:
            return self.refuted
        return self.not_enough_info if label is Label.NOT_ENOUGH_INFO else min(self.supported, self.refuted)

    def as_dict(self) -> dict[str, float]:
        """Return the probabilities by label name."""
        return {
            Label.SUPPORTED.value: self.supported,
            Label.REFUTED.value: self.refuted,
            Label.NOT_ENOUGH_INFO.value: self.not_enough_info,
        }


NO_EVIDENCE = Probabilities(supported=0.0, refuted=0.0, not_enough_info=1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What to write instead: `span` is into the claim's text."""

    span: Span
    replacement: str

    def apply(self, text: str) -> str:
        """Return `text` with the span replaced."""
        return text[: self.span.start] + self.replacement + text[self.span.end :]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What one checker says of a claim, seen from one or more pieces of evidence.

    Attributes:
        evidence_ids: what it rests on, the deciding one first; empty for what needs no evidence (arithmetic).
        checker: the checker's name.
        reason: one sentence with both values and both sources.
        span: what decided, within the text of the first evidence.
        correction: what would make the claim true.
        part: which part of the claim's text was judged; None means the whole claim.
    """

    evidence_ids: tuple[str, ...]
    stance: Stance
    probabilities: Probabilities
    checker: str
    rule: Rule
    reason: str
    span: Span | None = None
    correction: Correction | None = None
    part: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """A checker's answer to one case; no judgement means that it does not apply.

    Attributes:
        evidence: evidence that the checker itself brought, such as a path in the graph.
    """

    judgements: tuple[Judgement, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The decision on a claim; `confidence` is the probability of `label`."""

    label: Label
    confidence: float
    probabilities: Probabilities
    judgements: tuple[Judgement, ...]
    correction: Correction | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedClaim:
    """A claim with its verdict and everything that it was judged on."""

    claim: Claim
    verdict: Verdict
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedClaim:
    """A claim that could not be checked: neither a pass nor a gap."""

    claim: Claim
    stage: Stage
    code: str
    message: str


# --------------------------------------------------------------------------------------------------------------- report


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Counts over a report's claims."""

    claims: int
    supported: int
    refuted: int
    not_enough_info: int
    conflicting: int
    failed: int

    @property
    def supported_share(self) -> float:
        """Supported over all claims; 1.0 without claims."""
        return self.supported / self.claims if self.claims else 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A text, its claims and their verdicts; `text` and `claims` describe the final text.

    Attributes:
        provenance: index generation, graph, models, settings and their hashes; JSON values only.
        revision: how the text came to be, if it was rewritten.
        candidates: the drafts that were compared before one was chosen, best first.
        exchanges: with chat models, those that belong to no round of the revision.
    """

    text: str
    claims: tuple[CheckedClaim | FailedClaim, ...]
    warnings: tuple[str, ...] = ()
    provenance: Mapping[str, object] = field(default_factory=dict)
    revision: Reflection | None = None
    candidates: tuple[Candidate, ...] = ()
    exchanges: tuple[Exchange, ...] = ()

    @property
    def summary(self) -> Summary:
        """Count the verdicts."""
        labels = [c.verdict.label for c in self.claims if isinstance(c, CheckedClaim)]
        return Summary(
            claims=len(self.claims),
            supported=labels.count(Label.SUPPORTED),
            refuted=labels.count(Label.REFUTED),
            not_enough_info=labels.count(Label.NOT_ENOUGH_INFO),
            conflicting=labels.count(Label.CONFLICTING),
            failed=len(self.claims) - len(labels),
        )

    @property
    def all_exchanges(self) -> tuple[Exchange, ...]:
        """Everything that was asked of chat models for this report, in the order of the stages and rounds."""
        rounds = () if self.revision is None else self.revision.rounds
        of_rounds = (e for r in rounds for e in (*r.exchanges, *r.report.exchanges))
        return (*self.exchanges, *of_rounds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One change of a text: `span` is into the text before the revision."""

    span: Span
    replacement: str
    claim_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """What a reviser made of a draft; `tokens` counts what a model used, 0 without one."""

    draft: Draft
    edits: tuple[Edit, ...] = ()
    tokens: int = 0
    exchanges: tuple[Exchange, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A rewrite that was not accepted, as the reviser of the next one learns of it.

    Attributes:
        text: the rewrite.
        reason: why it was not accepted.
        claim_ids: whose edits are to blame, as far as that can be told; ids of the draft that was to be revised.
        forgo: these claims are better left as they are than edited in another way.
    """

    text: str
    reason: str
    claim_ids: frozenset[str] = frozenset()
    forgo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One text that reflection looked at; round 0 is the untouched draft and always accepted.

    Attributes:
        tokens: what chat models used to write and read it.
        reason: why it was not accepted.
        exchanges: how it was written: prompts, answers, tokens, seconds; those of reading it are in the report.
        seconds: writing and checking; no part of what makes two rounds equal.
    """

    draft: Draft
    report: Report
    accepted: bool
    edits: tuple[Edit, ...] = ()
    tokens: int = 0
    reason: str = ""
    exchanges: tuple[Exchange, ...] = ()
    seconds: float = field(default=0.0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reflection:
    """All rounds, why they ended, and which is the best (its index)."""

    rounds: tuple[Round, ...]
    stop_reason: StopReason
    best: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One of several drafts of an answer, with what it was ranked by.

    Attributes:
        draft: the draft as it was written.
        summary: of its own check.
        score: what the ranking orders by, larger is better.
        parts: the weighted terms that `score` is the sum of, by name.
        reason: one sentence on what decided.
    """

    draft: Draft
    summary: Summary
    score: float
    parts: Mapping[str, float]
    reason: str


# ----------------------------------------------------------------------------------------------------------------- chat


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One turn of a conversation; role is `system`, `user` or `assistant`."""

    role: str
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatRequest:
    """What to ask a chat model; a parameter that is None is not sent.

    Attributes:
        top_k: no parameter of OpenAI's, like `min_p`; servers that know them take them beside the others.
        json_schema: what the answer has to look like; servers that can, enforce it.
        probabilities: ask for the probability of each token of the answer.
        sample: which of several answers to the same question; never sent, but other samples are other cache entries.
        nonce: a random string inside the messages that marks off data; it does not make a request another one.
    """

    messages: tuple[Message, ...]
    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    min_p: float | None = None
    max_tokens: int | None = None
    seed: int | None = None
    stop: tuple[str, ...] = ()
    json_schema: Mapping[str, object] | None = None
    probabilities: bool = False
    sample: int = 0
    nonce: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Tokens that a completion cost."""

    prompt_tokens: int
    completion_tokens: int

    @property
    def total(self) -> int:
        """Both together."""
        return self.prompt_tokens + self.completion_tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenProbability:
    """A token of an answer and how sure the model was of it, in [0, 1]."""

    text: str
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """A chat model's answer.

    Attributes:
        usage: what it cost to produce; an answer from the cache costs nothing now.
        finish_reason: `stop`, or `length` where it was cut.
        tokens: with their probabilities, where they were asked for and the model gives them.
        cached: it was answered before, and comes from the cache.
        cost: in the currency of the price table; None without one.
    """

    text: str
    usage: Usage
    finish_reason: str
    model: str
    seconds: float
    tokens: tuple[TokenProbability, ...] = ()
    cached: bool = False
    cost: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One question to a chat model and its answer, for the record."""

    stage: Stage
    messages: tuple[Message, ...]
    text: str
    usage: Usage
    model: str
    seconds: float = field(default=0.0, compare=False)
    cached: bool = False
    cost: float | None = None

    @classmethod
    def of(cls, stage: Stage, request: ChatRequest, completion: Completion) -> Exchange:
        """Return the record of an answered request."""
        return cls(
            stage=stage,
            messages=request.messages,
            text=completion.text,
            usage=completion.usage,
            model=completion.model,
            seconds=completion.seconds,
            cached=completion.cached,
            cost=completion.cost,
        )

    @property
    def tokens(self) -> int:
        """What it used; nothing where the answer came from the cache."""
        return 0 if self.cached else self.usage.total


@dataclass(frozen=True, slots=True, kw_only=True)
class StageUsage:
    """What one stage asked of chat models; tokens and cost count what was really asked, not what the cache had."""

    calls: int = 0
    cached: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost: float | None = None


def usage_by_stage(exchanges: Iterable[Exchange]) -> dict[Stage, StageUsage]:
    """Add up exchanges stage by stage; a cost is given where every answer of the stage has one."""
    grouped: dict[Stage, list[Exchange]] = {}
    for exchange in exchanges:
        grouped.setdefault(exchange.stage, []).append(exchange)
    return {stage: _added_up(grouped[stage]) for stage in Stage if stage in grouped}


def _added_up(exchanges: Sequence[Exchange]) -> StageUsage:
    asked = [e for e in exchanges if not e.cached]
    costs = [e.cost for e in asked if e.cost is not None]
    return StageUsage(
        calls=len(asked),
        cached=len(exchanges) - len(asked),
        prompt_tokens=sum(e.usage.prompt_tokens for e in asked),
        completion_tokens=sum(e.usage.completion_tokens for e in asked),
        cost=sum(costs) if costs and len(costs) == len(asked) else None,
    )
