"""`FactChecker`: the façade. Each method is one call to what `factcheck.assemble` wired."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Self

from factcheck.answer import answer
from factcheck.assemble import Assembly
from factcheck.assemble.estimate import Forecast
from factcheck.batch.stream import check_drafts
from factcheck.config import Settings, load_settings
from factcheck.errors import UsageError
from factcheck.follow import Follower, Mode
from factcheck.pipeline import Pipeline, Watch
from factcheck.reflect import reflect
from factcheck.scoring import Score, case_of, score_of
from factcheck.text.clean import clean_text
from factcheck.types import Document, Draft, FailedClaim, Report, Round

Context = str | Document
"""A text to judge on, or a document that brings its title, section and source."""


class FactChecker:
    """Checks texts, and puts right what is false.

    Example:
        >>> checker = FactChecker.open()                      # the embedded sample
        >>> report = checker.revise("Sydney is the capital of Australia.")
        >>> report.text
        'Canberra is the capital of Australia.'
    """

    def __init__(self, assembly: Assembly) -> None:
        """Use `FactChecker.open` instead; this takes parts that are wired already."""
        self._parts = assembly

    @classmethod
    def open(
        cls,
        index: str | Path | None = None,
        graph: str | Path | None = None,
        model: str | None = None,
        *,
        reader: str | None = None,
        writer: str | None = None,
        settings: Settings | None = None,
        base_url: str | None = None,
    ) -> Self:
        """Open indexes and models.

        Args:
            index: a corpus index, from `factcheck index build`, or `milvus:URI` of a collection filled from one.
            graph: a knowledge graph, from `factcheck kb build`. With neither the embedded sample serves.
            model: `openai:MODEL`, or the folder of a causal model, is a model that writes; anything else (`embedded`, a
                folder, `hf:NAME` of a sequence classifier) is the model that reads the evidence.
            reader: exactly the model that reads.
            writer: exactly the model that writes: `openai:MODEL`, `hf:NAME` of a causal model, or its folder.
            settings: everything else; read from the environment unless given.
            base_url: of the writer's endpoint, up to and with `/v1`. Its key stands in the environment.

        Raises:
            UsageError: the combination makes no sense.
            ArtefactError: an index, graph or model cannot be used.
        """
        chosen = settings if settings is not None else load_settings()
        if model is not None:
            from factcheck.models.chat.load import is_writer

            reader, writer = (reader, writer or model) if is_writer(model) else (reader or model, writer)
        chosen = chosen.changed({"models.entailment": reader, "models.chat": writer, "chat.base_url": base_url})
        if chosen.chat.base_url and not any(
            s.startswith("openai:") for s in (chosen.models.chat, *chosen.generate.also)
        ):
            remedy = "name one as in openai:MODEL, or leave the URL out"
            raise UsageError("no model behind this endpoint is named", where=chosen.chat.base_url, remedy=remedy)
        parts = Assembly(chosen, index=_index(index), graph=_graph(graph))
        if index is not None:
            _ = parts.index or parts.collection  # now, so that what is wrong with it is said here
        if graph is not None:
            _ = parts.reader
        return cls(parts)

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        return self._parts.settings

    @property
    def sample(self) -> bool:
        """Whether the embedded sample serves, because nothing else was named."""
        return self._parts.sample

    @property
    def decision_sha256(self) -> str:
        """Of the model that reads and the weights of the decision: a calibration is good for one of these alone."""
        return self._parts.decision_sha256

    def check(
        self,
        text: str,
        context: Context | Sequence[Context] | None = None,
        *,
        question: str | None = None,
        on_claims: Watch | None = None,
    ) -> Report:
        """Find the claims of a text and judge each.

        Args:
            text: at most `settings.extract.max_characters` long. Lone surrogates and NUL become U+FFFD, one for one,
                with a warning.
            context: judge on these texts alone; neither index nor graph is asked.
            question: what the text answers; it resolves pronouns and is never evidence.
            on_claims: told how many claims have a verdict, and of how many, some claims at a time.

        Raises:
            TextError: the text is too long.
        """
        draft, warnings = self._draft(text, question)
        pipeline = replace(self._parts.pipeline(_documents(context)), watch=on_claims)
        return _warned(self._screened([draft], pipeline.check)[0], warnings)

    def check_many(self, texts: Iterable[str]) -> list[Report]:
        """Check several texts at once; reports are in the order of the texts.

        This is the road of `factcheck verify`: claims of many texts are retrieved and judged together, equal ones once,
        and one batch is prepared while another is judged.
        """
        drafts = [self._draft(text, None) for text in texts]
        if not drafts:
            return []
        pipeline = self._parts.pipeline()
        reports = self._screened([draft for draft, _ in drafts], lambda admitted: check_drafts(pipeline, admitted))
        return [_warned(report, warnings) for report, (_, warnings) in zip(reports, drafts, strict=True)]

    def revise(
        self,
        text: str,
        context: Context | Sequence[Context] | None = None,
        *,
        question: str | None = None,
        on_round: Callable[[Round], None] | None = None,
        on_claims: Watch | None = None,
    ) -> Report:
        """Check a text, put right what is refuted, and check again until there is a reason to stop.

        Args:
            text: as in `check`, like context and question.
            context: judge on these texts alone.
            question: what the text answers.
            on_round: called after each round.
            on_claims: as in `check`; a round counts the claims that are new in it.

        Returns:
            The report on the best text; `report.revision` holds every round and the reason to stop.
        """
        draft, warnings = self._draft(text, question)
        parts = self._parts
        pipeline = replace(parts.pipeline(_documents(context)), watch=on_claims)
        road = self._reflecting(pipeline, on_round)
        return _warned(self._screened([draft], road)[0], warnings)

    def generate(
        self,
        question: str,
        context: Context | Sequence[Context] | None = None,
        *,
        n: int = 1,
        revise: bool = True,
        on_round: Callable[[Round], None] | None = None,
    ) -> Report:
        """Draft an answer, check it as any other text, and put right what is refuted.

        The writing model drafts, if one was named, and is shown the evidence. Without one the answer is the sentence,
        value or fact of the evidence that answers the question, or one sentence that says that the evidence does not;
        that has no claims, and a warning tells it too.

        Args:
            question: at most `settings.extract.max_characters` long.
            context: answer from these texts and judge on them alone.
            n: how many drafts to check; the best is taken, and `report.candidates` says why
                (`factcheck.generate.ranking`).
            revise: rewrite what is refuted; without it the best draft is reported as it is.
            on_round: called after each round.

        Returns:
            The report on the answer; `report.revision` holds the rounds if it was revised.

        Raises:
            UsageError: there is no question, or `n` is less than 1.
            TextError: the question is too long.
        """
        asked, warnings = self._draft(question, None)
        if not asked.text.strip():
            raise UsageError("is empty", where="question", remedy="ask something")
        if n < 1:
            raise UsageError(f"must be at least 1, not {n}", where="n")
        report = answer(asked.text, self._parts, _documents(context), n=n, revise=revise, on_round=on_round)
        return _warned(report, warnings)

    def follow(
        self,
        mode: Mode | str = Mode.REWRITE,
        context: Context | Sequence[Context] | None = None,
        *,
        question: str | None = None,
    ) -> Follower:
        """Check a text while it is being written: hand it over by the sentence, and get back what may be handed on.

        Args:
            mode: `annotate`, `rewrite` or `block` (`factcheck.follow.Mode`).
            context: judge on these texts alone.
            question: what the text answers.

        Returns:
            What takes the sentences (`take`), and gives the report in the end (`report`). It is for one text and one
            thread at a time.
        """
        parts = self._parts
        return Follower(
            Mode(mode),
            pipeline=parts.following_pipeline(_documents(context)),
            reviser=parts.reviser,
            entailment=parts.entailment,
            policy=parts.policy,
            guard=parts.guard,
            question=question,
            max_characters=self.settings.extract.max_characters,
        )

    def estimate(
        self, texts: Iterable[str] = (), *, questions: Iterable[str] = (), n: int = 1, revise: bool = True
    ) -> Forecast:
        """Say what checking texts, or answering questions, would ask of the writing model; nothing is asked.

        Args:
            texts: to check.
            questions: to answer.
            n: drafts for each question.
            revise: with rewriting.

        Raises:
            UsageError: no writing model was named.
        """
        from factcheck.assemble.estimate import forecast

        drafts = [self._draft(text, None)[0] for text in texts]
        return forecast(self._parts, drafts, list(questions), n, revise=revise)

    def close(self) -> None:
        """Close connections to writing models, and the response cache; what is used again opens anew."""
        self._parts.writers.close()

    def __enter__(self) -> Self:
        """Return the checker; leaving the block closes it."""
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def score(self, pairs: Iterable[tuple[str, str | Sequence[str]]]) -> list[Score | FailedClaim]:
        """Judge claims on the evidence that comes with them, by every checker that needs no index.

        Args:
            pairs: `(claim, evidence)`; evidence is one text or several.

        Returns:
            One answer a pair, in the same order. A claim without evidence is NOT_ENOUGH_INFO for certain, and no model
            is asked, unless it can be decided by arithmetic.
        """
        cases = [case_of(number, claim, evidence) for number, (claim, evidence) in enumerate(pairs)]
        checked = self._parts.pipeline(context=()).check_cases(cases)
        return [score_of(case, result) for case, result in zip(cases, checked, strict=True)]

    async def acheck(
        self, text: str, context: Context | Sequence[Context] | None = None, *, question: str | None = None
    ) -> Report:
        """Do as `check` does, in a thread."""
        return await asyncio.to_thread(self.check, text, context, question=question)

    async def acheck_many(self, texts: Iterable[str]) -> list[Report]:
        """Do as `check_many` does, in a thread."""
        return await asyncio.to_thread(self.check_many, texts)

    async def arevise(
        self, text: str, context: Context | Sequence[Context] | None = None, *, question: str | None = None
    ) -> Report:
        """Do as `revise` does, in a thread."""
        return await asyncio.to_thread(self.revise, text, context, question=question)

    async def agenerate(
        self,
        question: str,
        context: Context | Sequence[Context] | None = None,
        *,
        n: int = 1,
        revise: bool = True,
    ) -> Report:
        """Do as `generate` does, in a thread."""
        return await asyncio.to_thread(self.generate, question, context, n=n, revise=revise)

    async def ascore(self, pairs: Iterable[tuple[str, str | Sequence[str]]]) -> list[Score | FailedClaim]:
        """Do as `score` does, in a thread."""
        return await asyncio.to_thread(self.score, pairs)

    def _reflecting(
        self, pipeline: Pipeline, on_round: Callable[[Round], None] | None
    ) -> Callable[[Sequence[Draft]], list[Report]]:
        parts = self._parts

        def road(drafts: Sequence[Draft]) -> list[Report]:
            return [
                reflect(draft, pipeline, parts.reviser, parts.entailment, parts.policy, on_round=on_round)
                for draft in drafts
            ]

        return road

    def _screened(self, drafts: Sequence[Draft], run: Callable[[Sequence[Draft]], Iterable[Report]]) -> list[Report]:
        guard = self._parts.guard
        return list(run(drafts)) if guard is None else guard.around(drafts, run)

    def _draft(self, text: str, question: str | None) -> tuple[Draft, tuple[str, ...]]:
        if not isinstance(text, str):
            raise UsageError(f"must be a str, not {type(text).__name__}", where="text", remedy="decode bytes first")
        cleaned = clean_text(text, max_characters=self.settings.extract.max_characters, where="text")
        return Draft(text=cleaned.text, question=question), cleaned.warnings


def _path(value: str | Path | None) -> Path | None:
    return None if value is None else Path(value)


def _index(value: str | Path | None) -> Path | str | None:
    """Return a folder, or the name of a Milvus collection as it is."""
    return value if isinstance(value, str) and value.startswith("milvus:") else _path(value)


def _graph(value: str | Path | None) -> Path | str | None:
    """Return a folder, or the address of a SPARQL endpoint as it is."""
    return value if isinstance(value, str) and value.startswith(("http://", "https://")) else _path(value)


def _documents(context: Context | Sequence[Context] | None) -> list[Document] | None:
    if context is None:
        return None
    several = [context] if isinstance(context, str | Document) else list(context)
    return [
        Document(id=f"context-{number}", text=clean_text(item).text, source=f"context {number}")
        if isinstance(item, str)
        else item
        for number, item in enumerate(several, 1)
    ]


def _warned(report: Report, warnings: tuple[str, ...]) -> Report:
    return replace(report, warnings=(*warnings, *report.warnings)) if warnings else report
