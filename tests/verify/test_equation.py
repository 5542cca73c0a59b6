"""Answers that are equations."""

import pytest

from tests.verify.judging import outcome
from tunix_rt.verify.checking import kind_of


@pytest.mark.parametrize(
    ("expected", "given", "said"),
    [
        ("y = 2x + 3", "2x + 3 = y", "right"),
        ("y = 2x + 3", "y - 3 = 2x", "right"),
        ("y = 2x + 3", "2y = 4x + 6", "right"),
        ("y = 2x + 3", "2x + 3", "right"),
        ("y = 2x + 3", "y = 3x + 2", "wrong"),
        ("y = 2x + 3", "z = 2x + 3", "wrong"),
        ("xy = 6", r"y = \frac{6}{x}", "right"),
        ("x = 5", "5", "right"),
        ("x = 5", "5 = x", "right"),
        ("x = 5", "6", "wrong"),
        ("x = 5", "x = 5 or x = 6", "wrong"),
        ("x + y = 5", "5", "wrong"),
        ("x + y = 5", "not x + y = 5", "wrong"),
        ("f(x) = x^2", r"f(x) = x \cdot x", "right"),
        (r"y = \sin(2x)", r"y = 2 \sin x \cos x", "right"),
        ("x + y = 5", "x + y = 5 = z", "wrong"),
        ("x + y = 5", "", "wrong"),
        ("x^2 + y^2 = 1", "(x+y)^2 - 2xy = 1", "right"),
        ("y = 2x", "(x+1)^{150} (y+2)^{150} = 0", "undecided"),
    ],
)
def test_compares_what_equations_say(expected: str, given: str, said: str) -> None:
    assert outcome("equation", expected, given) == said


@pytest.mark.parametrize("expected", ["y = 2x + 3", "x=5", "5x - 7y + 11z + 4 = 0"])
def test_is_chosen_for(expected: str) -> None:
    assert kind_of(expected) == "equation"


@pytest.mark.parametrize(
    "expected", ["2 + 2 = 4", "total = 18", "Paris = France", "x = 2, y = 4", "a = b = c"]
)
def test_leaves_to_others(expected: str) -> None:
    assert kind_of(expected) != "equation"


def test_an_expected_answer_of_another_kind_is_undecided() -> None:
    assert outcome("equation", "Paris", "18") == "undecided"
