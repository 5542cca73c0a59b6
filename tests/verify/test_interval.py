"""Answers that are intervals, unions and inequalities."""

import pytest

from tests.verify.judging import outcome
from tunix_rt.verify.checking import kind_of


@pytest.mark.parametrize(
    ("expected", "given", "said"),
    [
        ("(3,4]", r"3 < x \le 4", "right"),
        ("(3,4]", "4 >= x > 3", "right"),
        ("(3,4]", "3 < x < 4", "wrong"),
        (r"[2,\infty)", "x ≥ 2", "right"),
        (r"[2,\infty)", "2 <= x", "right"),
        (r"[2,\infty)", "x > 2", "wrong"),
        (r"[2,\infty)", r"(-\infty, 2]", "wrong"),
        ("x > 2", "(2, ∞)", "right"),
        ("x > 2", "y > 2", "wrong"),
        ("x > 2", "2 < x", "right"),
        ("x > 2", r"\{x : x > 2\}", "right"),
        ("x > 2", r"\{x \mid x > 3\}", "wrong"),
        (r"(2,\infty)", "y > 2", "right"),
        (r"(2,\infty)", r"(2,\infty]", "wrong"),
        (r"(-\infty,\infty)", r"\mathbb{R}", "right"),
        (r"(-\infty,3) \cup (3,\infty)", r"x \neq 3", "right"),
        (r"(-\infty,3) \cup (3,\infty)", "x<3 or x>3", "right"),
        (r"(-\infty,3) \cup (3,\infty)", r"(-\infty,\infty)", "wrong"),
        (r"(0,\sqrt{2})\cup(3,4]", r"(3,4] \cup (0,\frac{2}{\sqrt 2})", "right"),
        (r"(0,1)\cup\{5\}", r"\{5\}\cup(0,1)", "right"),
        ("(3,4]", "3.5", "wrong"),
        ("(3,4]", "", "wrong"),
        ("(3,4]", "(3,4] and more", "wrong"),
        (r"(2,\infty)", r"(2,-\infty)", "wrong"),
    ],
)
def test_compares_ends_and_whether_they_belong(expected: str, given: str, said: str) -> None:
    assert outcome("interval", expected, given) == said


@pytest.mark.parametrize(
    "expected",
    ["(3,4]", r"(2,\infty)", "x > 2", "0 <= x < 1", r"x \in [-2,7]", r"(0,9) \cup (9,36)"],
)
def test_is_chosen_for(expected: str) -> None:
    assert kind_of(expected) == "interval"


@pytest.mark.parametrize(
    "expected", ["(1,2)", "[1,2]", "x = 2", "2x + 1 > 3", "a > b > c > d", "Paris"]
)
def test_leaves_to_others(expected: str) -> None:
    assert kind_of(expected) != "interval"


def test_an_expected_answer_of_another_kind_is_undecided() -> None:
    assert outcome("interval", "Paris", "18") == "undecided"
