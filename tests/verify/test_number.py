"""Answers that are numbers: hand-made cases of many kinds, published labels, hostile text."""

import json
from pathlib import Path

import pytest
from hypothesis import given as property_of
from hypothesis import settings as under
from hypothesis import strategies as st

from tests.verify.reading import lines_of
from tunix_rt.verify.answers.number import VERSION, accepts, check
from tunix_rt.verify.schema import Expected

CASES = json.loads((Path(__file__).parents[1] / "cases" / "number_cases.json").read_text("utf-8"))
MODELS = ("6b_finetuning", "6b_verification", "175b_finetuning", "175b_verification")


@pytest.mark.parametrize("case", CASES, ids=[f"{n}-{case['kind']}" for n, case in enumerate(CASES)])
def test_judges_every_hand_made_case(case: dict[str, str]) -> None:
    verdict = check(case["given"], Expected(answer=case["expected"]))

    assert verdict.outcome == case["outcome"], verdict.reason


def test_the_cases_are_many_and_of_many_kinds() -> None:
    assert len(CASES) >= 250
    assert len({case["kind"] for case in CASES}) >= 15


@pytest.mark.parametrize("whole", [False, True], ids=["final answer", "whole solution"])
def test_agrees_with_every_published_label(data: Path, whole: bool) -> None:
    different = []
    judged = 0
    for line in lines_of(data / "gsm8k" / "example_model_solutions.jsonl"):
        problem = json.loads(line)
        expected = Expected(answer="A:" + problem["ground_truth"].rsplit("A:", 1)[1])
        for model in MODELS:
            said = problem[model]["solution"]
            answer = said if whole else said.rsplit("\nA:", 1)[-1]
            right = check(answer, expected).outcome == "right"
            judged += 1
            if right is not problem[model]["is_correct"]:
                different.append((answer[-60:], expected.answer))

    assert not different
    assert judged == 5276


@under(deadline=None)
@property_of(st.fractions(max_denominator=1000), st.integers(0, 6))
def test_a_number_equals_itself_and_no_other(value: object, places: int) -> None:
    text = str(value)

    assert check(text, Expected(answer=text)).outcome == "right"
    assert check(f"\\boxed{{{text}}}", Expected(answer=text)).outcome == "right"
    assert check(f"{text}1", Expected(answer=text)).outcome == "wrong"


@under(deadline=None)
@property_of(st.text(max_size=300), st.sampled_from(["18", "$1,000", "3/4", "60%"]))
def test_arbitrary_text_is_judged_and_never_crashes(text: str, expected: str) -> None:
    assert check(text, Expected(answer=expected)).outcome in {"right", "wrong", "undecided"}


HOSTILE = {
    "spaces": " " * 19_990 + "x",
    "spaces inside": "x" + " " * 19_000 + "y1",
    "commas": "1,22" * 4_900,
    "slash": "1/" + "9" * 19_000 + "/",
    "digits": "9" * 19_999,
    "boxes": "\\boxed{" * 2_800,
    "dollars": "$1" * 9_999,
    "equals": "1=" * 9_999,
    "powers": "10^" * 6_600,
    "words": "one hundred " * 1_660,
    "expanding ligatures": "\ufdfa" * 19_999,
    "superscripts": "¹" * 19_999,
    "exponent": "1e" + "9" * 5_000,
}


@pytest.mark.timeout(30)
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_comes_to_an_end_and_is_not_right(text: str) -> None:
    assert check(text, Expected(answer="18")).outcome != "right"


def test_a_text_that_is_too_long_is_undecided() -> None:
    assert check("1" * 20_001, Expected(answer="18")).outcome == "undecided"


@pytest.mark.parametrize("text", ["18", "$1,000", "3/4", "60%", "5 km", "A: 18", "twelve"])
def test_accepts_what_is_one_number(text: str) -> None:
    assert accepts(Expected(answer=text))


@pytest.mark.parametrize("text", ["", "NaN", "Paris", "x = y", "1, 2", "Seven samurai", "12:30"])
def test_leaves_other_answers_to_others(text: str) -> None:
    assert not accepts(Expected(answer=text))


@pytest.mark.parametrize(
    ("expected", "given", "outcome"),
    [
        ("1/3", "1/3 ≈ 0.333", "right"),
        ("1/3", "0.333 ≈ 1/3", "wrong"),
        ("1/3", "1/3 ≈ 0.5", "wrong"),
        ("2 h 30 min", "150 minutes", "right"),
        ("5 feet, 6 inches", "66 in", "right"),
        ("5 feet, 6 inches", "5 feet, 7 inches", "wrong"),
        (r"\frac9{19}", "9/19", "right"),
    ],
)
def test_reads_what_stands_in_several_parts(expected: str, given: str, outcome: str) -> None:
    assert check(given, Expected(answer=expected)).outcome == outcome


def test_says_why_an_answer_is_wrong() -> None:
    verdict = check("19", Expected(answer="18"))

    assert verdict.reason == "19 was given, 18 is expected."
    assert (verdict.method, verdict.version) == ("number", VERSION)
