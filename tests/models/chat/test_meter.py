"""The budget, the prices and the response cache."""

import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.errors import BudgetError, FactCheckError, ServiceError, SettingsError, StorageError
from factcheck.models.chat import Meter, Prices, Sampling
from factcheck.models.chat.cache import ResponseCache
from factcheck.models.chat.tokens import estimate_messages, estimate_tokens
from factcheck.types import ChatRequest, Completion, Message, Stage, StageUsage, TokenProbability, Usage
from tests.fakes import FakeChat

PRICES = '["fake:chat"]\ninput = 1000000\noutput = 2000000\n'


def ask(text: str = "Where is it?", **parameters: object) -> ChatRequest:
    return ChatRequest(messages=(Message(role="user", content=text),), **parameters)  # type: ignore[arg-type]


@pytest.fixture
def prices(tmp_path: Path) -> Prices:
    file = tmp_path / "prices.toml"
    file.write_text(PRICES)
    return Prices.read(file)


def test_what_is_spent_is_booked_by_stage(prices: Prices) -> None:
    meter = Meter(prices=prices)
    chat = FakeChat(["It is here."])
    answers = meter.wrap(chat, Stage.REVISE).complete([ask(), ask()])
    meter.wrap(chat, Stage.EXTRACT).complete([ask()])
    assert answers[0].cost == 3 + 2 * 3
    assert meter.stages[Stage.REVISE] == StageUsage(calls=2, prompt_tokens=6, completion_tokens=6, cost=18.0)
    assert meter.stages[Stage.EXTRACT].calls == 1
    assert (meter.tokens, meter.cost) == (18, 27.0)


def test_without_prices_cost_is_unknown_not_nothing() -> None:
    meter = Meter()
    assert meter.wrap(FakeChat(["a"]), Stage.REVISE).complete([ask()])[0].cost is None
    assert meter.stages[Stage.REVISE].cost is None


def test_tokens_run_out() -> None:
    meter = Meter(max_tokens=60)
    chat = FakeChat(["It is here."])
    metered = meter.wrap(chat, Stage.REVISE)
    answers = [metered.attempt([ask()])[0] for _ in range(20)]
    done = sum(isinstance(answer, Completion) for answer in answers)
    assert 2 < done < 20
    assert "60 tokens" in str(answers[-1])
    assert meter.tokens <= 60
    assert len(chat.requests) == done
    assert all(r.max_tokens is not None and r.max_tokens <= 60 for r in chat.requests)


def test_money_runs_out(prices: Prices) -> None:
    meter = Meter(prices=prices, max_cost=40.0)
    metered = meter.wrap(FakeChat(["It is here."]), Stage.REVISE)
    answers = [metered.attempt([ask(max_tokens=8)])[0] for _ in range(20)]
    assert "--max-cost" in str(answers[-1])
    assert 0 < meter.cost <= 40.0


def test_a_limit_on_cost_needs_a_price() -> None:
    with pytest.raises(BudgetError, match="price"):
        Meter(max_cost=1.0).wrap(FakeChat(["a"]), Stage.REVISE).complete([ask()])


def test_of_a_batch_what_fits_is_done() -> None:
    chat = FakeChat(["It is here."])
    answers = Meter(max_tokens=40).wrap(chat, Stage.REVISE).attempt([ask(max_tokens=10) for _ in range(4)])
    assert [isinstance(a, Completion) for a in answers] == [True, True, False, False]
    assert isinstance(answers[2], BudgetError)
    unlimited = Meter(max_tokens=10_000).wrap(chat, Stage.REVISE).attempt([ask() for _ in range(4)])
    assert all(isinstance(a, Completion) for a in unlimited)


def test_a_failed_request_gives_its_reservation_back() -> None:
    class Broken(FakeChat):
        def attempt(self, requests: object) -> list[Completion | FactCheckError]:
            return [ServiceError("down")]

    meter = Meter(max_tokens=50)
    for _ in range(20):
        with pytest.raises(ServiceError):
            meter.wrap(Broken(), Stage.REVISE).complete([ask(max_tokens=30)])
    assert meter.wrap(FakeChat(["a"]), Stage.REVISE).complete([ask(max_tokens=30)])


@given(st.lists(st.tuples(st.text(max_size=80), st.integers(1, 40)), max_size=20), st.integers(1, 200))
def test_the_budget_is_never_exceeded_by_a_model_that_counts_as_we_do(asked: list[tuple[str, int]], limit: int) -> None:
    class Honest(FakeChat):
        def attempt(self, requests: list[ChatRequest]) -> list[Completion | FactCheckError]:  # type: ignore[override]
            return [
                Completion(
                    text="x",
                    usage=Usage(prompt_tokens=estimate_messages(r.messages), completion_tokens=r.max_tokens or 1),
                    finish_reason="stop",
                    model=self.name,
                    seconds=0.0,
                )
                for r in requests
            ]

    meter = Meter(max_tokens=limit)
    meter.wrap(Honest(), Stage.REVISE).attempt([ask(text, max_tokens=n) for text, n in asked])
    assert meter.tokens <= limit


def test_sampling_fills_what_a_request_leaves_open() -> None:
    chat = FakeChat(["a"])
    sampling = Sampling(temperature=0.7, top_k=5, stop=("x",), max_tokens=9)
    Meter().wrap(chat, Stage.REVISE, sampling).complete([ask(temperature=0.0)])
    sent = chat.requests[0]
    assert (sent.temperature, sent.top_k, sent.stop, sent.max_tokens, sent.seed) == (0.0, 5, ("x",), 9, None)


def test_a_stream_is_booked_too() -> None:
    meter = Meter(max_tokens=100)
    assert list(meter.wrap(FakeChat(["one two"]), Stage.GENERATE).stream(ask())) == ["one ", "two"]
    assert meter.tokens > 0


def test_an_estimate_before_the_batch(prices: Prices) -> None:
    estimate = Meter(prices=prices).estimate(FakeChat(), [ask(max_tokens=10), ask(max_tokens=20)])
    assert (estimate.calls, estimate.completion_tokens) == (2, 30)
    assert estimate.cost == estimate.prompt_tokens + 60.0
    assert estimate.tokens == estimate.prompt_tokens + 30


@pytest.mark.parametrize(("text", "tokens"), [("", 0), ("a", 1), ("four" * 10, 10), ("北京是首都。", 6)])
def test_tokens_are_estimated(text: str, tokens: int) -> None:
    assert estimate_tokens(text) == tokens


@pytest.mark.parametrize("table", ["[", '["m"]\ninput = 1', '["m"]\ninput = -1\noutput = 1', "m = 3"])
def test_what_is_no_price_table(tmp_path: Path, table: str) -> None:
    file = tmp_path / "prices.toml"
    file.write_text(table)
    with pytest.raises(SettingsError, match=r"prices\.toml"):
        Prices.read(file)
    with pytest.raises(SettingsError, match="cannot be read"):
        Prices.read(tmp_path / "none.toml")


# ---------------------------------------------------------------------------------------------------------------- cache


def cached(file: Path, chat: FakeChat, generation: str = "g1") -> Meter:
    return Meter(cache=ResponseCache(file, generation=generation), max_tokens=10_000)


def close(meter: Meter) -> None:
    assert meter.cache is not None
    meter.cache.close()


def test_the_same_question_is_asked_once(tmp_path: Path) -> None:
    chat = FakeChat(["It is here.", "Elsewhere."])
    for _ in range(2):  # by another process, later
        meter = cached(tmp_path / "cache.sqlite", chat)
        answers = [meter.wrap(chat, Stage.REVISE).complete([ask()])[0] for _ in range(2)]
        close(meter)
    assert len(chat.requests) == 1
    assert [a.text for a in answers] == ["It is here."] * 2
    assert all(a.cached and a.cost is None and a.seconds == 0.0 for a in answers)
    assert meter.tokens == 0
    assert meter.stages[Stage.REVISE] == StageUsage(cached=2)


@pytest.mark.parametrize(
    "other",
    [
        ask("Where is she?"), ask(temperature=0.1), ask(top_k=1), ask(seed=1), ask(sample=1), ask(stop=("a",)),
        ask(max_tokens=3), ask(json_schema={"type": "object"}), ask(probabilities=True),
    ],
)  # fmt: skip
def test_whatever_decides_the_answer_is_in_the_key(tmp_path: Path, other: ChatRequest) -> None:
    chat = FakeChat(["1", "2"])
    meter = cached(tmp_path / "cache.sqlite", chat)
    metered = meter.wrap(chat, Stage.REVISE)
    assert [metered.complete([r])[0].text for r in (ask(), other, ask(), other)] == ["1", "2", "1", "2"]
    close(meter)


def test_other_models_and_other_evidence_have_answers_of_their_own(tmp_path: Path) -> None:
    file = tmp_path / "cache.sqlite"
    one, two = FakeChat(["1"]), FakeChat(["2"])
    for chat, generation, answer in ((one, "g1", "1"), (two, "g1", "2"), (one, "g2", "1")):
        meter = cached(file, chat, generation)
        answered = meter.wrap(chat, Stage.REVISE).complete([ask()])[0]
        assert (answered.text, answered.cached) == (answer, False)
        close(meter)


def test_random_marks_make_no_other_question(tmp_path: Path) -> None:
    file = tmp_path / "cache.sqlite"
    for nonce, cached_ in (("aaaa1111", False), ("bbbb2222", True)):
        chat = FakeChat([f"<{nonce}>text</{nonce}>"])
        cache = ResponseCache(file, generation="g")
        meter = Meter(cache=cache)
        metered = meter.wrap(_Same(chat), Stage.REVISE)
        (answer,) = metered.complete([ask(f"<{nonce}>draft</{nonce}>", nonce=nonce)])
        assert (answer.text, answer.cached) == (f"<{nonce}>text</{nonce}>", cached_)
        cache.close()


class _Same(FakeChat):
    """Bears one identity whatever it says."""

    def __init__(self, chat: FakeChat) -> None:
        super().__init__(script=chat.script)

    @property
    def identity(self) -> str:
        return "one"


def test_an_answer_that_the_budget_cut_is_not_kept(tmp_path: Path) -> None:
    class Cut(FakeChat):
        def _answer(self, request: ChatRequest) -> Completion:
            self.requests.append(request)
            usage = Usage(prompt_tokens=1, completion_tokens=request.max_tokens or 0)
            return Completion(text="cu", usage=usage, finish_reason="length", model=self.name, seconds=0.0)

    chat = Cut()
    cache = ResponseCache(tmp_path / "cache.sqlite", generation="g")
    metered = Meter(cache=cache, max_tokens=10_000).wrap(chat, Stage.REVISE)
    metered.complete([ask()])
    metered.complete([ask()])
    assert len(chat.requests) == 2
    metered.complete([ask(max_tokens=5)])  # cut by its own limit: that is the answer
    metered.complete([ask(max_tokens=5)])
    assert len(chat.requests) == 3
    cache.close()


def test_everything_comes_back_as_it_was(tmp_path: Path) -> None:
    cache = ResponseCache(tmp_path / "sub" / "cache.sqlite", generation="g")
    kept = Completion(
        text="北京\x00\n",
        usage=Usage(prompt_tokens=1, completion_tokens=2),
        finish_reason="stop",
        model="m",
        seconds=1.5,
        tokens=(TokenProbability(text="北", probability=0.25),),
        cost=3.0,
    )
    cache.put("m", ask(), kept)
    found = cache.get("m", ask())
    assert found is not None
    assert (found.text, found.usage, found.tokens, found.cached) == (kept.text, kept.usage, kept.tokens, True)
    assert cache.get("m", ask("?")) is None
    cache.close()


def test_what_is_no_cache_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "cache.sqlite"
    file.write_bytes(b"not a database, but long enough to be looked at as one" * 10)
    with pytest.raises(StorageError, match="--cache"):
        ResponseCache(file, generation="g")
    newer = tmp_path / "newer.sqlite"
    connection = sqlite3.connect(newer)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StorageError, match="99"):
        ResponseCache(newer, generation="g")
    with pytest.raises(StorageError):
        ResponseCache(tmp_path, generation="g")


def test_the_cache_holds_neither_prompts_nor_keys(tmp_path: Path) -> None:
    cache = ResponseCache(tmp_path / "cache.sqlite", generation="g")
    cache.put("m", ask("a very private question"), FakeChat(["a"]).complete([ask()])[0])
    cache.close()
    data = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"private" not in data
