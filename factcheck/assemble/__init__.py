"""Settings to wired objects: the one place that knows every concrete class.

Everything is opened when it is first needed, so that a call pays for what it uses: judging on given texts opens no
index, looking at an index opens no verifier.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from factcheck.assemble.sample import WARNING
from factcheck.config import Settings
from factcheck.pipeline import Pipeline
from factcheck.protocols import (
    Checker,
    ClaimExtractor,
    Encoder,
    EntailmentModel,
    Generator,
    GraphReader,
    Retriever,
    Reviser,
)
from factcheck.reflect import ReflectPolicy
from factcheck.types import Document, ExtractBy, ReviseBy, Stage

if TYPE_CHECKING:
    from factcheck.assemble.writers import Writers
    from factcheck.index import Index
    from factcheck.retrieve.milvus import MilvusRetriever
    from factcheck.screen import Guard


class Assembly:
    """The parts of one checker, opened on demand and kept."""

    def __init__(self, settings: Settings, *, index: Path | str | None, graph: Path | str | None) -> None:
        """Keep what was asked for.

        Args:
            settings: all of them.
            index: a corpus index, or `milvus:URI` of a collection; with neither index nor graph the embedded sample
                serves as both.
            graph: a knowledge graph: a folder, or the address of a SPARQL endpoint.
        """
        self.settings = settings
        self._index_path = index
        self._graph_path = graph

    @property
    def sample(self) -> bool:
        """Whether the embedded sample serves, because nothing else was named."""
        return self._index_path is None and self._graph_path is None

    # ------------------------------------------------------------------------------------------------------- models

    @cached_property
    def encoder(self) -> Encoder:
        """The model behind dense retrieval."""
        from factcheck.models import load_encoder

        return load_encoder(self.settings.models.encoder, threads=self.settings.models.threads)

    @cached_property
    def entailment(self) -> EntailmentModel:
        """The model that reads evidence."""
        from factcheck.models import load_entailment
        from factcheck.models.memory import RememberingEntailment

        models = self.settings.models
        return RememberingEntailment(load_entailment(models.entailment, threads=models.threads))

    @cached_property
    def writers(self) -> Writers:
        """The models that write, if any were named."""
        from factcheck.assemble.evidence import generation_of
        from factcheck.assemble.writers import Writers

        generation = " ".join(generation_of(place) for place in (self._index_path, self._graph_path))
        return Writers(self.settings, generation=generation)

    @property
    def decision_sha256(self) -> str:
        """Of the model that reads evidence and the weights of the decision: what gives probabilities of pairs."""
        from importlib import resources

        from factcheck.provenance import sha256_bytes

        weights = resources.files("factcheck.decide").joinpath("weights.json").read_bytes()
        return sha256_bytes(self.entailment.sha256.encode("ascii") + weights)

    # ----------------------------------------------------------------------------------------------------- evidence

    @cached_property
    def index(self) -> Index | None:
        """The corpus, if there is one on this machine."""
        from factcheck.assemble.evidence import open_index, sample_index

        if isinstance(self._index_path, str):
            return None
        if self._index_path is not None:
            return open_index(self._index_path, self.encoder, self.settings.models.threads)
        return sample_index(self.encoder) if self.sample else None

    @cached_property
    def collection(self) -> MilvusRetriever | None:
        """The corpus, if a Milvus collection serves it."""
        from factcheck.retrieve.milvus import MilvusRetriever

        if not isinstance(self._index_path, str):
            return None
        return MilvusRetriever.named(self._index_path, self.encoder, settings=self.settings.retrieve)

    @cached_property
    def reader(self) -> GraphReader | None:
        """The graph, if there is one."""
        from factcheck.assemble.evidence import open_graph, sample_graph

        if self._graph_path is not None:
            return open_graph(self._graph_path, lambda: self.encoder, self.settings.sparql)
        return sample_graph(lambda: self.encoder, self.encoder.sha256) if self.sample else None

    @cached_property
    def retriever(self) -> Retriever:
        """Passages and facts, fused by rank."""
        from factcheck.retrieve.facts import FactRetriever
        from factcheck.retrieve.fusion import CombinedRetriever
        from factcheck.retrieve.passages import PassageRetriever

        parts: list[tuple[Retriever, int]] = []
        if self.index is not None:
            parts.append((PassageRetriever(self.index, self.settings.retrieve), self.settings.retrieve.passages))
        if self.collection is not None:
            parts.append((self.collection, self.settings.retrieve.passages))
        if self.reader is not None:
            parts.append((FactRetriever(self.reader), self.settings.retrieve.facts))
        return CombinedRetriever(parts, named_only=True)

    # -------------------------------------------------------------------------------------------------------- steps

    @cached_property
    def extractor(self) -> ClaimExtractor:
        """Text to claims, by rule unless the settings ask for the writing model."""
        from factcheck.extract.rules import RuleExtractor

        settings = self.settings.extract
        if settings.by is ExtractBy.RULE:
            return RuleExtractor()
        from factcheck.extract.model import ModelExtractor
        from factcheck.extract.prompt import ExtractionPrompt

        examples = Path(settings.examples) if settings.examples else None
        prompt = ExtractionPrompt.load(examples, few_shot=settings.few_shot)
        return ModelExtractor(self.writers.chat(Stage.EXTRACT), self.entailment, RuleExtractor(), prompt)

    @cached_property
    def reading_checkers(self) -> tuple[Checker, ...]:
        """Checkers that need nothing but the evidence they are given."""
        from factcheck.verify.logic import LogicChecker
        from factcheck.verify.quantities import QuantityChecker

        return (*self._readers, LogicChecker((QuantityChecker(),)))

    @cached_property
    def _readers(self) -> tuple[Checker, ...]:
        from factcheck.verify.coverage import CoverageChecker
        from factcheck.verify.entailment import EntailmentChecker
        from factcheck.verify.polarity import PolarityChecker
        from factcheck.verify.quantities import QuantityChecker

        reader = EntailmentChecker(self.entailment, early_stop=self.settings.verify.early_stop)
        return (reader, QuantityChecker(), PolarityChecker(), CoverageChecker())

    @cached_property
    def checkers(self) -> tuple[Checker, ...]:
        """All checkers, the graph's among them if there is one."""
        if self.reader is None:
            return self.reading_checkers
        from factcheck.verify.facts import GraphChecker
        from factcheck.verify.logic import LogicChecker
        from factcheck.verify.passages import PassageChecker
        from factcheck.verify.quantities import QuantityChecker

        graph = GraphChecker(self.reader, trust_derived=self.settings.verify.trust_derived)
        logic = LogicChecker((graph, QuantityChecker()), self.reader)
        return (*(PassageChecker(checker) for checker in self._readers), graph, logic)

    def pipeline(self, context: Sequence[Document] | None = None) -> Pipeline:
        """Wire the road.

        Args:
            context: judge on these texts alone; None asks index and graph.
        """
        if context is not None:
            pipeline = self.context_pipeline(name_encoder=False)
            return replace(pipeline, retriever=self.context_retriever(context))
        retrieve = self.settings.retrieve
        return Pipeline(
            extractor=self.extractor,
            retriever=self.retriever,
            checkers=self.checkers,
            k=retrieve.passages + retrieve.facts,
            min_confidence=self.settings.verify.min_confidence,
            provenance=self.provenance(),
            warnings=self._warnings(),
        )

    def following_pipeline(self, context: Sequence[Document] | None = None) -> Pipeline:
        """Wire the road for a text that grows: a model that finds claims is asked about each sentence once."""
        road = self.pipeline(context)
        if self.settings.extract.by is ExtractBy.RULE:
            return road
        from factcheck.extract.model import ModelExtractor

        extractor = road.extractor
        return replace(road, extractor=extractor.by_sentence()) if isinstance(extractor, ModelExtractor) else road

    def context_pipeline(self, *, add_index: bool = False, name_encoder: bool = True) -> Pipeline:
        """Wire the road for texts that bring their own evidence; hand it a `context_retriever` for each.

        Args:
            add_index: index and graph are asked too.
            name_encoder: load the encoder, which only long contexts need, to name it in the provenance.
        """
        from factcheck.retrieve.context import ContextRetriever

        retrieve = self.settings.retrieve
        return Pipeline(
            extractor=self.extractor,
            retriever=ContextRetriever((), lambda: self.encoder),
            checkers=self.checkers if add_index else self.reading_checkers,
            k=2 * retrieve.passages + retrieve.facts if add_index else retrieve.passages,
            min_confidence=self.settings.verify.min_confidence,
            provenance=self.provenance() if add_index else self.provenance(context=True, encoder=name_encoder),
            warnings=self._warnings() if add_index else (),
        )

    def context_retriever(self, context: Sequence[Document], *, add_index: bool = False) -> Retriever:
        """Find evidence in the given texts, and with `add_index` in index and graph too."""
        from factcheck.index.documents import SourceDocument
        from factcheck.index.passages import PassageSettings, cut
        from factcheck.retrieve.context import ContextRetriever
        from factcheck.retrieve.fusion import CombinedRetriever

        passages = [p for document in context for p in cut(SourceDocument(document=document), PassageSettings())]
        given = ContextRetriever(passages, lambda: self.encoder)
        if not add_index:
            return given
        retrieve = self.settings.retrieve
        return CombinedRetriever([(given, retrieve.passages), (self.retriever, retrieve.passages + retrieve.facts)])

    def generator(self, context: Sequence[Document] | None = None) -> Generator:
        """Questions to drafts: by the writers that were named, else from the evidence alone.

        Args:
            context: answer from these texts alone; None asks index and graph.
        """
        from factcheck.generate import ExtractiveGenerator

        if self.writers.specs:
            return self._chat_generator(context)
        retrieve = self.settings.retrieve
        if context is not None:
            return ExtractiveGenerator(
                self.context_retriever(context), self.entailment, encoder=self.encoder, k=retrieve.passages
            )
        # Without an index there is nothing to compare by meaning but facts, and their words say what they are.
        encoder = None if self.index is None and self.collection is None else self.encoder
        k = retrieve.passages + retrieve.facts
        return ExtractiveGenerator(self.retriever, self.entailment, encoder=encoder, reader=self.reader, k=k)

    def _chat_generator(self, context: Sequence[Document] | None) -> Generator:
        from factcheck.generate.chat import ActivePolicy, ChatGenerator, SeveralGenerator

        settings, retrieve = self.settings.generate, self.settings.retrieve
        retriever: Retriever | None = None
        if settings.evidence:
            retriever = self.retriever if context is None else self.context_retriever(context)
        active = None
        if settings.active:
            active = ActivePolicy(uncertain_below=settings.uncertain_below, max_lookups=settings.max_lookups)
        k = retrieve.passages + (retrieve.facts if context is None else 0)
        generators = [
            ChatGenerator(self.writers.chat(Stage.GENERATE, spec), retriever, k=k, active=active)
            for spec in self.writers.specs
        ]
        return generators[0] if len(generators) == 1 else SeveralGenerator(generators)

    @cached_property
    def reviser(self) -> Reviser:
        """A draft and its report to a better draft: by the writing model where there is one, else by edit."""
        from factcheck.revise import EditReviser

        policy = self.settings.revise
        edit = EditReviser(
            on_refuted=policy.on_refuted, on_unsupported=policy.on_unsupported, entailment=self.entailment
        )
        if policy.by is ReviseBy.EDIT or (policy.by is ReviseBy.AUTO and self.writers.spec is None):
            return self._guarded(edit)
        from factcheck.revise.model import ModelReviser

        model = ModelReviser(
            chat=self.writers.chat(Stage.REVISE),
            fallback=edit,
            on_refuted=policy.on_refuted,
            on_unsupported=policy.on_unsupported,
            verify=policy.verification_questions,
            critique=policy.critique,
        )
        return self._guarded(model)

    def _guarded(self, reviser: Reviser) -> Reviser:
        return reviser if self.guard is None else self.guard.reviser(reviser)

    @cached_property
    def guard(self) -> Guard | None:
        """The screen around checking, if the settings name anything to screen for."""
        from factcheck.assemble.screen import open_guard

        return open_guard(self.settings)

    @property
    def screened_for(self) -> str:
        """The SHA-256 of what the screen looks for, the lists' words included."""
        from factcheck.assemble.screen import sha256_of_search

        return sha256_of_search(self.settings)

    @property
    def policy(self) -> ReflectPolicy:
        """When rewriting stops."""
        return ReflectPolicy(
            max_rounds=self.settings.reflect.max_rounds,
            min_preservation=self.settings.reflect.min_preservation,
            on_unsupported=self.settings.revise.on_unsupported,
        )

    # --------------------------------------------------------------------------------------------------- provenance

    def provenance(self, *, context: bool = False, encoder: bool = False) -> dict[str, object]:
        """Name what a verdict rests on: generations, models and settings, with their hashes; JSON values only.

        Args:
            context: evidence came with the text.
            encoder: name it even then.
        """
        import hashlib

        import orjson

        from factcheck import __version__

        # How a service listens decides no verdict.
        settings = {table: values for table, values in self.settings.as_dict().items() if table != "serve"}
        digest = hashlib.sha256(orjson.dumps(settings, option=orjson.OPT_SORT_KEYS)).hexdigest()
        found: dict[str, object] = {
            "version": __version__,
            "sample": self.sample and not context,
            "entailment": {"name": self.entailment.name, "sha256": self.entailment.sha256},
            "settings": {"sha256": digest, "values": settings},
        }
        writer = self.writers.provenance()
        if writer is not None:
            found["writer"] = writer
        if context:
            named = {"name": self.encoder.name, "sha256": self.encoder.sha256} if encoder else None
            return {**found, "index": None, "graph": None, "encoder": named}
        index, reader = self.index, self.reader
        searched: dict[str, object] | None = None
        if index is not None:
            searched = {"generation": index.generation, "sha256": index.sha256}
        elif self.collection is not None:
            searched = self.collection.provenance
        return {
            **found,
            "encoder": None if searched is None else {"name": self.encoder.name, "sha256": self.encoder.sha256},
            "index": searched,
            "graph": None if reader is None else {"source": reader.source, "sha256": reader.sha256},
        }

    def _warnings(self) -> tuple[str, ...]:
        return (WARNING,) if self.sample else ()


__all__ = ["Assembly"]
