"""The façade on the embedded sample: real encoder, real index, real graph, real verdicts."""

import asyncio
import hashlib
import json

import orjson
import pytest

from factcheck import FactChecker, Label, Report, Settings
from factcheck.calibrate import read_calibration
from factcheck.config import ExtractSettings, ReviseSettings
from factcheck.errors import IntegrityError, TextError, UsageError
from factcheck.models.load import embedded_folder
from factcheck.report import to_json
from factcheck.scoring import Score
from factcheck.types import CheckedClaim, Document, FailedClaim, OnRefuted, StopReason


@pytest.fixture(scope="module")
def checker() -> FactChecker:
    return FactChecker.open()


def labels(report: Report) -> list[Label]:
    assert not [c for c in report.claims if isinstance(c, FailedClaim)]
    return [c.verdict.label for c in report.claims if isinstance(c, CheckedClaim)]


def test_a_true_and_a_false_claim(checker: FactChecker) -> None:
    report = checker.check("Canberra is the capital of Australia. Sydney is the capital of Australia.")
    assert labels(report) == [Label.SUPPORTED, Label.REFUTED]
    assert checker.sample
    assert any("sample" in warning for warning in report.warnings)


def test_what_several_facts_say_together_is_supported(checker: FactChecker) -> None:
    assert labels(checker.check("Turkey lies partly in Europe and partly in Asia.")) == [Label.SUPPORTED]
    assert labels(checker.check("Turkey lies partly in Europe and partly in Africa.")) == [Label.NOT_ENOUGH_INFO]


def test_what_nothing_covers_is_not_enough_information(checker: FactChecker) -> None:
    report = checker.check("The bakery on Elm Street sells rye bread on Tuesdays.")
    assert labels(report) == [Label.NOT_ENOUGH_INFO]


def test_every_citation_can_be_checked_again(checker: FactChecker) -> None:
    report = checker.check("Canberra is the capital of Australia. Neptune was discovered in 1846.")
    cited = [e for c in report.claims if isinstance(c, CheckedClaim) for e in c.evidence]
    assert any(e.passage for e in cited)
    assert any(e.triples for e in cited)
    for found in cited:
        if found.passage is not None:
            assert len(found.passage.document_sha256) == 64
            assert found.text == found.passage.text
        else:
            assert found.graph_sha256 is not None
            assert len(found.graph_sha256) == 64


@pytest.mark.parametrize(
    ("draft", "after"),
    [
        ("Sydney is the capital of Australia.", "Canberra is the capital of Australia."),
        ("The Nile is about 66,500 kilometres long.", "The Nile is about 6,650 kilometres long."),
        ("Neptune was discovered in 1864.", "Neptune was discovered in 1846."),
        ("Ankara is not the capital of Turkey.", "Ankara is the capital of Turkey."),
        ("The telephone was invented by Thomas Edison.", "The telephone was invented by Alexander Graham Bell."),
    ],
)
def test_mistakes_are_put_right(checker: FactChecker, draft: str, after: str) -> None:
    report = checker.revise(draft)
    assert report.text == after
    assert report.revision is not None
    assert report.revision.stop_reason is StopReason.VERIFIED
    assert labels(report) == [Label.SUPPORTED]


def test_a_rewrite_leaves_the_rest_to_the_byte(checker: FactChecker) -> None:
    before, after = "Mind  the\tgap – ", " The bakery on Elm Street sells rye bread."
    report = checker.revise(f"{before}Sydney is the capital of Australia.{after}")
    assert report.text == f"{before}Canberra is the capital of Australia.{after}"


def test_flagging_leaves_the_text_alone() -> None:
    settings = Settings(revise=ReviseSettings(on_refuted=OnRefuted.FLAG))
    report = FactChecker.open(settings=settings).revise("Sydney is the capital of Australia.")
    assert report.text == "Sydney is the capital of Australia."
    assert labels(report) == [Label.REFUTED]
    assert report.revision is not None
    assert report.revision.stop_reason is StopReason.UNCHANGED


def test_given_texts_are_the_only_evidence(checker: FactChecker) -> None:
    context = "The capital of Freedonia is Marxville. It was founded in 1933."
    report = checker.check("Marxville was founded in 1933.", context=context)
    found = [e for c in report.claims if isinstance(c, CheckedClaim) for e in c.evidence]
    assert {e.source for e in found} == {"context 1"}
    sha256 = hashlib.sha256(context.encode()).hexdigest()
    assert all(e.passage is not None and e.passage.document_sha256 == sha256 for e in found)
    assert not report.warnings


def test_given_documents_keep_their_names(checker: FactChecker) -> None:
    document = Document(id="d1", text="The mill was built in 1850.", title="The old mill", source="Town archive")
    report = checker.check("The old mill was built in 1905.", context=[document])
    found = [e for c in report.claims if isinstance(c, CheckedClaim) for e in c.evidence]
    assert {e.source for e in found} == {"Town archive"}


def test_many_texts_give_what_each_gives_alone(checker: FactChecker) -> None:
    texts = ["Canberra is the capital of Australia.", "", "Neptune was discovered in 1864.", "Hello!"]
    together = checker.check_many(texts)
    assert together == [checker.check(text) for text in texts]
    assert checker.check_many([]) == []


def test_the_calibration_that_ships_is_of_the_decision_that_ships(checker: FactChecker) -> None:
    found = read_calibration(embedded_folder("verifier") / "calibration.json")
    assert found.model_sha256 == checker.decision_sha256
    assert set(found.settings) == {"sentence", "passage", "retrieved"}


def test_scores(checker: FactChecker) -> None:
    pairs: list[tuple[str, str | list[str]]] = [
        ("Algeria has a total area of 2,381,740 square kilometres.", "Algeria: total area 2,381,740 sq km"),
        ("Algeria has a total area of 381,740 square kilometres.", "Algeria: total area 2,381,740 sq km"),
        ("The moon is made of cheese.", []),
        ("The moon is made of cheese.", ["", "   "]),
    ]
    scores = checker.score(pairs)
    assert all(isinstance(score, Score) for score in scores)
    found = [score for score in scores if isinstance(score, Score)]
    assert [score.label for score in found[1:]] == [Label.REFUTED, Label.NOT_ENOUGH_INFO, Label.NOT_ENOUGH_INFO]
    assert found[0].label is Label.SUPPORTED
    assert found[2].probabilities.not_enough_info == 1.0
    assert all(score.label is score.probabilities.label for score in found)


def test_odd_characters_are_replaced_one_for_one_with_a_warning(checker: FactChecker) -> None:
    text = "Canberra is\x00 the capital of Australia\ud800."
    report = checker.check(text)
    assert len(report.text) == len(text)
    assert report.text.count("\ufffd") == 2
    assert report.warnings


@pytest.mark.parametrize("character", ["\0", "\ud800", "\u00ad", "\u200b", "\u202e"])
def test_a_character_that_shows_nothing_changes_no_verdict(checker: FactChecker, character: str) -> None:
    report = checker.check(f"Syd{character}ney{character} is the capital{character} of Australia.")
    assert labels(report) == [Label.REFUTED]


@pytest.mark.parametrize(
    "text",
    [
        "إذ هنا؟ الستار وتنصيب كان. وهي لغة القرآن.",
        "עברית היא שפה שמית. \u202eThe text is reversed.\u202c",
        "Canberra, \u2067קנברה\u2069, is a city. العربية هي لغة سامية.",
    ],
)
def test_right_to_left_text(checker: FactChecker, text: str) -> None:
    report = checker.check(text)
    assert report.text == text
    assert report.claims
    for claim in report.claims:
        assert claim.claim.span.of(text).strip()
        assert isinstance(claim, CheckedClaim)
        assert claim.verdict.label is not Label.REFUTED
    assert json.loads(to_json(report))["text"] == text


@pytest.mark.parametrize("text", ["إذ هنا؟ الستار وتنصيب كان.", "𠜎𠜱𠝹𠱓𠱸𠲖𠳏。", "ด้้้้้็็็็็้้้้้็็็็็้้้้้้้้.", "夕霧落在無人的月臺上。"])
def test_what_the_verifier_does_not_read_is_no_guess(checker: FactChecker, text: str) -> None:
    assert set(labels(checker.check(text))) <= {Label.NOT_ENOUGH_INFO}
    (score,) = checker.score([(text, "坎培拉是澳洲的首都，不是雪梨。")])
    assert isinstance(score, Score)
    assert score.label is Label.NOT_ENOUGH_INFO


def test_a_sentence_of_50_000_characters_gets_a_verdict(checker: FactChecker) -> None:
    text = "Canberra holds " + "a very long item, " * 2_800 + "and ends."
    report = checker.check(text)
    assert len(text) > 50_000
    assert labels(report) == [Label.NOT_ENOUGH_INFO]
    assert any("longer than 160 words" in warning for warning in report.warnings)


def test_a_text_that_is_too_long_is_refused() -> None:
    small = FactChecker.open(settings=Settings(extract=ExtractSettings(max_characters=10)))
    with pytest.raises(TextError, match="10"):
        small.check("More than ten characters.")


def test_an_endpoint_is_refused_as_long_as_there_is_none() -> None:
    with pytest.raises(UsageError):
        FactChecker.open(base_url="http://127.0.0.1:1/")


def test_an_index_that_is_not_there_is_refused(tmp_path: object) -> None:
    with pytest.raises(IntegrityError):
        FactChecker.open(index=str(tmp_path))
    with pytest.raises(IntegrityError):
        FactChecker.open(graph=str(tmp_path))


@pytest.mark.parametrize("text", [None, b"bytes", 5])
def test_what_is_no_text_is_refused(checker: FactChecker, text: object) -> None:
    with pytest.raises(UsageError, match="must be a str"):
        checker.check(text)  # type: ignore[arg-type]


def test_async_twins(checker: FactChecker) -> None:
    async def both() -> tuple[Report, list[Report]]:
        return await checker.acheck("Neptune was discovered in 1846."), await checker.acheck_many(["Hello."])

    report, many = asyncio.run(both())
    assert labels(report) == [Label.SUPPORTED]
    assert len(many) == 1

    async def others() -> tuple[Report, Report, list[Score | FailedClaim]]:
        return (
            await checker.arevise("Bern is in Norway.", context="Bern is in Switzerland."),
            await checker.agenerate("Where is Bern?", context="Bern is in Switzerland.", revise=False),
            await checker.ascore([("Bern is in Norway.", "Bern is in Switzerland.")]),
        )

    revised, answered, scores = asyncio.run(others())
    assert revised.revision is not None and revised.claims[0].claim.text.startswith("Bern")
    assert "Switzerland" in answered.text and answered.revision is None
    assert scores == checker.score([("Bern is in Norway.", "Bern is in Switzerland.")])


def test_reports_say_what_they_rest_on(checker: FactChecker) -> None:
    provenance = checker.check("Neptune was discovered in 1846.").provenance
    assert orjson.dumps(dict(provenance))
    for name in ("encoder", "entailment", "index", "graph", "settings"):
        part = provenance[name]
        assert isinstance(part, dict)
        assert len(part["sha256"]) == 64


def test_a_word_that_turns_a_sentence_round_is_put_right(checker: FactChecker) -> None:
    report = checker.revise("The mill of Gorse lies south of Calder.", ["The mill of Gorse lies north of Calder."])
    assert report.text == "The mill of Gorse lies north of Calder."
