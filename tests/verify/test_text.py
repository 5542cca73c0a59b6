"""Answers that are words."""

import pytest

from tests.verify.judging import outcome
from tunix_rt.verify.checking import kind_of


@pytest.mark.parametrize(
    ("expected", "given", "said"),
    [
        ("Paris", "PARIS", "right"),
        ("Paris", "Paris.", "right"),
        ("Paris", "**Paris**", "right"),
        ("Paris", "“Paris”", "right"),
        ("The Nile", "nile", "right"),
        (r"\text{east}", "East", "right"),
        ("To be or not to be", "to be or not to be", "right"),
        ("Paris", "Paris or Rome", "wrong"),
        ("Paris", "not Paris", "wrong"),
        ("Paris", "Paris Texas", "wrong"),
        ("Paris", "", "wrong"),
        ("A", "the", "wrong"),
        ("Zoë", "Zoë", "right"),
        ("Zoë", "Zoe", "wrong"),
    ],
)
def test_compares_words(expected: str, given: str, said: str) -> None:
    assert outcome("text", expected, given) == said


@pytest.mark.parametrize("expected", ["Paris", "To be or not to be", r"\text{east}", "so-so"])
def test_is_chosen_for(expected: str) -> None:
    assert kind_of(expected) == "text"


@pytest.mark.parametrize("expected", ["x+1", "18", "True"])
def test_leaves_to_others(expected: str) -> None:
    assert kind_of(expected) != "text"


def test_an_expected_answer_of_another_kind_is_undecided() -> None:
    assert outcome("text", "nan", "18") == "undecided"
