"""A real causal model through transformers: template, sampling, seeds, stops, probabilities, and what is refused."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from factcheck.errors import ModelError, ServiceError, TextError, UsageError
from factcheck.generate.chat import ActivePolicy, ChatGenerator
from factcheck.models.chat import Limits, is_writer, load_chat
from factcheck.models.chat.local import LocalChat
from factcheck.protocols import ChatModel
from factcheck.types import ChatRequest, Claim, Completion, Evidence, Message
from tests.fakes import FakeRetriever, evidence
from tests.models.chat.tiny import tiny_causal

pytest.importorskip("transformers")
pytestmark = pytest.mark.torch

ANSWER = "Canberra is the capital of Australia."
OTHER = "Sydney is a city on the coast."


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_causal(tmp_path_factory.mktemp("causal"), [ANSWER, OTHER])


@pytest.fixture(scope="module")
def chat(folder: Path) -> LocalChat:
    model = load_chat(str(folder), device="cpu", threads=1)
    assert isinstance(model, LocalChat)
    return model


def ask(text: str = "Where?", **parameters: object) -> ChatRequest:
    return ChatRequest(messages=(Message(role="user", content=text),), **parameters)  # type: ignore[arg-type]


def test_it_is_one(chat: LocalChat, folder: Path) -> None:
    assert isinstance(chat, ChatModel)
    assert chat.name == str(folder)
    assert len(chat.identity.split()[-1]) == 64
    assert is_writer(str(folder)) and is_writer(f"hf:{folder}")
    assert not is_writer("hf:some/model")  # on the hub it may be either
    assert isinstance(load_chat(f"hf:{folder}", device="cpu", threads=1), LocalChat)
    assert not is_writer("hf:some/model")
    assert not is_writer("embedded")


def test_greedy_answers_are_whole_and_equal(chat: LocalChat) -> None:
    first, second = chat.complete([ask(temperature=0.0), ask(temperature=0.0)])
    assert first.text in (ANSWER, OTHER)
    assert (first.text, first.usage, first.finish_reason) == (second.text, second.usage, "stop")
    assert first.usage.prompt_tokens > 3
    assert first.usage.completion_tokens > 3


def test_sampling_follows_its_seed_and_leaves_the_callers_alone(chat: LocalChat) -> None:
    import torch

    def sample(seed: int, number: int = 0) -> str:
        return chat.complete([ask(temperature=1.5, seed=seed, sample=number, max_tokens=12)])[0].text

    torch.manual_seed(3)
    expected = torch.rand(1)
    torch.manual_seed(3)
    assert sample(1) == sample(1)
    assert len({sample(1, number) for number in range(8)}) > 1
    assert sample(1, 1) == sample(2)
    assert torch.equal(torch.rand(1), expected)


def test_every_parameter_reaches_the_model(chat: LocalChat) -> None:
    one = chat.complete([ask(temperature=2.0, top_k=1)])[0].text
    assert one == chat.complete([ask(temperature=0.0)])[0].text
    assert chat.complete([ask(temperature=2.0, top_p=1e-6)])[0].text == one
    assert chat.complete([ask(temperature=2.0, min_p=1.0)])[0].text == one
    with pytest.raises(UsageError, match="top_k"):
        chat.complete([ask(temperature=1.0, top_k=-3)])


def test_an_answer_that_is_cut_says_so(chat: LocalChat) -> None:
    (answer,) = chat.complete([ask(temperature=0.0, max_tokens=3)])
    assert answer.finish_reason == "length"
    assert answer.usage.completion_tokens == 3


def test_stop_strings_are_left_out(chat: LocalChat) -> None:
    whole = chat.complete([ask(temperature=0.0)])[0].text
    mark = whole.split()[2]
    (answer,) = chat.complete([ask(temperature=0.0, stop=(mark,))])
    assert answer.text == whole[: whole.index(mark)]
    assert answer.finish_reason == "stop"


def test_probabilities(chat: LocalChat) -> None:
    (answer,) = chat.complete([ask(temperature=0.0, probabilities=True)])
    assert len(answer.tokens) == answer.usage.completion_tokens
    assert all(0.0 <= token.probability <= 1.0 for token in answer.tokens)
    assert answer.tokens[-2].probability > 0.5  # trained to


def test_what_it_is_not_sure_of_is_looked_up(chat: LocalChat) -> None:
    """Its first word is as likely this one as that one; so it begins anew, with what was found for the rest."""
    new = evidence("Canberra has been the seat of government since 1927.")

    class Found(FakeRetriever):
        def retrieve(self, claims: Sequence[Claim], k: int) -> list[tuple[Evidence, ...]]:
            return [() if claim.text == "Where?" else (new,) for claim in claims]

    policy = ActivePolicy(uncertain_below=0.9, max_lookups=1)
    ((draft,),) = ChatGenerator(chat, Found(), k=1, active=policy).draft(["Where?"])
    assert len(draft.exchanges) == 2
    first, second = (exchange.messages[-1].content for exchange in draft.exchanges)
    assert new.text in second
    assert new.text not in first


def test_streaming_gives_the_same_text(chat: LocalChat) -> None:
    whole = chat.complete([ask(temperature=0.0)])[0].text
    pieces = list(chat.stream(ask(temperature=0.0)))
    assert "".join(pieces) == whole
    assert len(pieces) > 1
    assert next(iter(chat.stream(ask(temperature=0.0))))  # leaving early ends the writing


def test_a_prompt_that_is_too_long_is_refused_and_costs_nobody_else(chat: LocalChat) -> None:
    answers = chat.attempt([ask("a " * 3000), ask(temperature=0.0)])
    assert isinstance(answers[0], TextError)
    assert isinstance(answers[1], Completion)
    with pytest.raises(TextError, match="tokens"):
        chat.complete([ask("a " * 3000)])


def test_time_runs_out(folder: Path) -> None:
    slow = load_chat(str(folder), device="cpu", limits=Limits(total_seconds=1e-9))
    with pytest.raises(ServiceError, match="did not finish"):
        slow.complete([ask(temperature=0.0)])


def test_device_and_dtype_are_chosen(folder: Path) -> None:
    import torch

    half = load_chat(str(folder), device="cpu", dtype="bfloat16")
    assert isinstance(half, LocalChat)
    assert half._model.dtype is torch.bfloat16
    assert half.complete([ask(temperature=0.0, max_tokens=4)])[0].text
    with pytest.raises(UsageError, match="device"):
        load_chat(str(folder), device="abacus")
    with pytest.raises(UsageError, match="dtype"):
        load_chat(str(folder), dtype="int3")


def test_without_a_template_the_turns_are_joined(tmp_path: Path) -> None:
    chat = load_chat(str(tiny_causal(tmp_path / "plain", [ANSWER], template=False, steps=2)), device="cpu")
    assert chat.complete([ask(max_tokens=2, temperature=0.0)])[0].usage.prompt_tokens > 0


def test_a_template_that_refuses_is_an_error(folder: Path, tmp_path: Path) -> None:
    import shutil

    broken = tmp_path / "broken"
    shutil.copytree(folder, broken)
    for name in ("chat_template.jinja", "tokenizer_config.json"):
        file = broken / name
        if file.exists() and name.endswith("jinja"):
            file.write_text("{{ raise_exception('no user turns') }}")
        elif file.exists():
            config = json.loads(file.read_text())
            config.pop("chat_template", None)
            file.write_text(json.dumps(config))
    with pytest.raises(ModelError, match="no user turns"):
        load_chat(str(broken), device="cpu").complete([ask()])


def test_pickle_and_other_kinds_of_models_are_refused(tmp_path: Path, folder: Path) -> None:
    import shutil

    unsafe = tmp_path / "unsafe"
    shutil.copytree(folder, unsafe)
    (unsafe / "model.safetensors").rename(unsafe / "pytorch_model.bin")
    with pytest.raises(ModelError):
        load_chat(str(unsafe))
    from tests.models.builders import tiny_bert

    with pytest.raises(ModelError):
        load_chat(str(tiny_bert(tmp_path / "bert", None)))
