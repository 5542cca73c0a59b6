"""Answers that are one letter of several."""

import pytest

from tests.verify.judging import outcome
from tunix_rt.verify.checking import kind_of


@pytest.mark.parametrize(
    ("expected", "given", "said"),
    [
        ("B", "(B)", "right"),
        ("(b)", "B", "right"),
        ("B", "I think it is (B).", "right"),
        ("B", "B, because A is too small", "right"),
        ("B", "B: forty-two", "right"),
        ("C", "a C", "right"),
        ("B", "A or B", "wrong"),
        ("B", "(B) or 7", "wrong"),
        ("B", "B) apples or pears", "right"),
        ("B", "(A) and (B)", "wrong"),
        ("B", "not B", "wrong"),
        ("B", "none of these", "wrong"),
        ("A", "A banana", "wrong"),
        ("A", "I see A banana", "wrong"),
        ("B", "", "wrong"),
        ("B", "Because", "wrong"),
        ("D", "the answer is D", "right"),
        ("D", r"\boxed{\text{(D)}}", "right"),
    ],
)
def test_compares_the_letter(expected: str, given: str, said: str) -> None:
    assert outcome("choice", expected, given) == said


@pytest.mark.parametrize("expected", ["B", "(c)", r"\text{(D)}", "E)"])
def test_is_chosen_for(expected: str) -> None:
    assert kind_of(expected) == "choice"


@pytest.mark.parametrize("expected", ["x", "b", "AB", "K", "Paris", "(1)"])
def test_leaves_to_others(expected: str) -> None:
    assert kind_of(expected) != "choice"


def test_an_expected_answer_of_another_kind_is_undecided() -> None:
    assert outcome("choice", "Paris", "18") == "undecided"
