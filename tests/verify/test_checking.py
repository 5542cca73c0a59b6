"""The functions everybody else calls."""

import json
import random
import re
from pathlib import Path

import pytest
from hypothesis import given as property_of
from hypothesis import settings as under
from hypothesis import strategies as st

import tunix_rt.verify
from tests.verify.reading import lines_of
from tunix_rt.kit.errors import NotFound
from tunix_rt.verify.checking import KINDS, answers, check_answer, check_steps, kind_of, steps
from tunix_rt.verify.schema import StepInput


def test_the_kind_follows_from_the_expected_answer() -> None:
    assert check_answer("18", "$18.00").method == "number"
    assert check_answer("reveal", "Reveal").method == "text"
    assert kind_of("1,000 eggs") == "number"
    assert kind_of("") == "text"


@pytest.mark.parametrize(
    ("expected", "given", "outcome"),
    [
        ("Paris", "The capital of France is Paris.", "right"),
        ("Paris", "The capital of France is not Paris.", "wrong"),
        ("Paris", "It is Paris or Rome.", "wrong"),
        ("Paris", "Rome is Paris no more", "wrong"),
        ("{1, 2}", "The set is {2, 1}.", "right"),
        ("2024-03-05", "It was on March 5, 2024.", "right"),
        ("3:4", "The ratio of boys to girls is 6:8.", "right"),
        (r"12\pi", r"Hence the area is $12\pi$ square units.", "right"),
        (r"12\pi", r"Hence the area isn't $12\pi$.", "wrong"),
        ("(3,4]", r"So the solution set is \((3, 4]\).", "right"),
    ],
)
def test_the_end_of_a_sentence_is_its_answer(expected: str, given: str, outcome: str) -> None:
    assert check_answer(expected, given).outcome == outcome


def test_a_named_kind_wins() -> None:
    assert check_answer("18", "18.0", "exact").outcome == "wrong"
    assert check_answer("18", "18.0", kind="number").outcome == "right"


def test_an_unusable_expected_answer_is_undecided() -> None:
    assert check_answer("", "18").outcome == "undecided"
    assert check_answer("Paris", "18", "number").outcome == "undecided"


@under(deadline=None, max_examples=200)
@property_of(st.text(max_size=200), st.text(max_size=200), st.sampled_from([*KINDS, "exact"]))
def test_no_text_crashes_any_kind(expected: str, given: str, kind: str) -> None:
    for one, other in ((expected, given), (given, expected), (expected, expected)):
        verdict = check_answer(one, other, kind)
        assert "crashed" not in verdict.reason, verdict.reason
    assert kind_of(expected) in KINDS


def test_an_unknown_verifier_is_named_with_those_that_exist() -> None:
    with pytest.raises(NotFound, match="'psychic'"):
        check_answer("18", "18", "psychic")


def test_a_crash_inside_a_verifier_is_undecided_with_its_reason() -> None:
    not_text: str = 18  # type: ignore[assignment]

    verdict = check_answer("18", not_text)
    judged = check_steps([not_text])  # type: ignore[list-item]

    assert verdict.outcome == judged.outcome == "undecided"
    assert "crashed" in verdict.reason
    assert "crashed" in judged.reason


def test_steps_go_to_the_verifier_of_claims() -> None:
    verdict = check_steps([StepInput(index=3, type="step", content="2 + 2 = 5")])

    assert verdict.method == "claims"
    assert verdict.first_error is not None
    assert verdict.first_error.step == 3


def test_published_solutions_give_their_published_answers(data: Path) -> None:
    lines = lines_of(data / "math500" / "test.jsonl")
    problems = [json.loads(line) for line in lines]

    missed = [p["answer"] for p in problems if not is_right(p["answer"], p["solution"])]

    assert not missed
    assert len(problems) == 500


def test_the_answer_of_another_problem_is_wrong(data: Path) -> None:
    chance = random.Random(0)
    lines = lines_of(data / "math500" / "test.jsonl")
    known = [json.loads(line)["answer"] for line in lines]
    pairs = [(chance.choice(known), chance.choice(known)) for _ in range(10_000)]

    equal = {(a, b) for a, b in pairs if is_right(a, b) and a != b}

    # a number with and without its unit, and one fraction in two spellings
    assert all(digits(a)[:2] == digits(b)[:2] for a, b in equal), equal
    assert len(equal) < 10


def is_right(expected: str, given: str) -> bool:
    return check_answer(expected, given).outcome == "right"


def digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def test_the_package_itself_offers_check_answer() -> None:
    assert tunix_rt.verify.check_answer("18", "the answer is 18").outcome == "right"


def test_both_catalogs_list_their_plugins() -> None:
    assert set(answers.names()) == {*KINDS, "exact", "reasoning-gym"}
    assert steps.names() == ["claims"]
