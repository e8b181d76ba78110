"""The question that a chat model is asked about a draft, and how its answer is read: as data, by a schema."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec
import orjson

from factcheck.errors import InputError
from factcheck.text.delimiters import RULE, wrap
from factcheck.types import ChatRequest, Message

SCHEMA: dict[str, object] = {
    "type": "object",
    "properties": {
        "claims": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "claim": {"type": "string"},
                    "quote": {"type": "string"},
                    "check_worthy": {"type": "boolean"},
                },
                "required": ["claim", "quote", "check_worthy"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["claims"],
    "additionalProperties": False,
}


class FoundClaim(msgspec.Struct, frozen=True, kw_only=True):
    """A claim as the model gives it."""

    claim: str
    quote: str = ""
    check_worthy: bool = True


class _Answer(msgspec.Struct, frozen=True, kw_only=True):
    claims: list[FoundClaim]


class Example(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A draft with the answer that it should get."""

    draft: str
    claims: list[FoundClaim]
    question: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractionPrompt:
    """Instructions and examples; without examples the model is asked zero-shot."""

    instructions: str
    examples: tuple[Example, ...]

    @classmethod
    def load(cls, examples: Path | None = None, *, few_shot: bool = True) -> ExtractionPrompt:
        """Read the instructions of the package, and examples.

        Args:
            examples: JSON Lines `{"draft", "claims": [{"claim", "quote", "check_worthy"}], "question"?}`; those of the
                package unless given.
            few_shot: without it no examples are shown.

        Raises:
            InputError: the file cannot be read, or a line of it is no example.
        """
        folder = resources.files("factcheck.extract").joinpath("prompts")
        instructions = folder.joinpath("claims.txt").read_text(encoding="utf-8").strip()
        if not few_shot:
            return cls(instructions=instructions, examples=())
        if examples is None:
            return cls(instructions=instructions, examples=_examples(folder.joinpath("examples.jsonl").read_bytes()))
        try:
            data = examples.read_bytes()
        except OSError as error:
            raise InputError(f"cannot be read ({error.strerror})", where=examples, remedy="name a file") from error
        return cls(instructions=instructions, examples=_examples(data, where=str(examples)))

    def request(self, text: str, before: str, question: str | None, nonce: str) -> ChatRequest:
        """Return the request for one stretch of a draft.

        Args:
            text: the stretch.
            before: what stands before it, to resolve what it speaks of.
            question: what the draft answers.
            nonce: random, for the marks.
        """
        messages = [Message(role="system", content=f"{self.instructions}\n\n{RULE.format(nonce=nonce)}")]
        for example in self.examples:
            messages.append(Message(role="user", content=_asked(example.draft, "", example.question, nonce)))
            messages.append(Message(role="assistant", content=_answered(example)))
        messages.append(Message(role="user", content=_asked(text, before, question, nonce)))
        return ChatRequest(messages=tuple(messages), json_schema=SCHEMA, nonce=nonce)


def read_claims(answer: str) -> list[FoundClaim]:
    """Return the claims of an answer; a fence of Markdown or words around the JSON are no harm.

    Raises:
        InputError: there is no JSON in it that has the form that was asked for.
    """
    start, end = answer.find("{"), answer.rfind("}")
    if not 0 <= start < end:
        raise InputError("the answer is not the JSON that was asked for (it holds no whole object)")
    try:
        return msgspec.convert(orjson.loads(answer[start : end + 1]), _Answer, strict=True).claims
    except (orjson.JSONDecodeError, msgspec.ValidationError) as error:
        raise InputError(f"the answer is not the JSON that was asked for ({error})") from error


def _asked(text: str, before: str, question: str | None, nonce: str) -> str:
    parts = []
    if question:
        parts.append("The draft answers this question:\n" + wrap("question", nonce, question))
    if before:
        parts.append("Before it stands, to know what it speaks of:\n" + wrap("before", nonce, before))
    parts.append("List the claims of this draft:\n" + wrap("draft", nonce, text))
    return "\n\n".join(parts)


def _answered(example: Example) -> str:
    claims: list[dict[str, Any]] = [msgspec.to_builtins(claim) for claim in example.claims]
    return orjson.dumps({"claims": claims}).decode()


def _examples(data: bytes, where: str | None = None) -> tuple[Example, ...]:
    found = []
    for number, line in enumerate(data.splitlines(), 1):
        if not line.strip():
            continue
        try:
            found.append(msgspec.convert(orjson.loads(line), Example, strict=True))
        except (orjson.JSONDecodeError, msgspec.ValidationError) as error:
            what = f"is not an example ({error})"
            remedy = "write {draft, claims: [{claim, quote, check_worthy}], question?}"
            raise InputError(what, where=f"{where}, line {number}", remedy=remedy) from error
    return tuple(found)
