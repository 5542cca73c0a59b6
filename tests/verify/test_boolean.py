"""Answers that are yes or no."""

import pytest

from tests.verify.judging import outcome
from tunix_rt.verify.checking import kind_of


@pytest.mark.parametrize(
    ("expected", "given", "said"),
    [
        ("Yes", "yes!", "right"),
        ("yes", "It is true.", "right"),
        ("no", "False", "right"),
        ("False", "No, it never is.", "right"),
        ("Yes", "not true", "wrong"),
        ("Yes", "it isn't true", "wrong"),
        ("Yes", "I do not know", "wrong"),
        ("Yes", "yes or no", "wrong"),
        ("Yes", "probably yes", "wrong"),
        ("True", "1", "wrong"),
        ("Yes", "", "wrong"),
        (
            "Yes",
            "yes " + "so " * 200,
            "wrong",
        ),
        ("True", "<think>no</think> True", "right"),
    ],
)
def test_compares_what_was_said(expected: str, given: str, said: str) -> None:
    assert outcome("boolean", expected, given) == said


@pytest.mark.parametrize("expected", ["True", "no", r"\text{Yes}", "false."])
def test_is_chosen_for(expected: str) -> None:
    assert kind_of(expected) == "boolean"


@pytest.mark.parametrize("expected", ["1", "maybe", "not true", "truth"])
def test_leaves_to_others(expected: str) -> None:
    assert kind_of(expected) != "boolean"


def test_an_expected_answer_of_another_kind_is_undecided() -> None:
    assert outcome("boolean", "Paris", "18") == "undecided"
