"""Answers that are a ratio."""

import pytest

from tests.verify.judging import outcome
from tunix_rt.verify.checking import kind_of


@pytest.mark.parametrize(
    ("expected", "given", "said"),
    [
        ("3:4", "6 : 8", "right"),
        ("3:4", "3 to 4", "right"),
        ("3:4", "3/4", "right"),
        ("3:4", r"\frac{3}{4}", "right"),
        ("3:4", "0.75", "right"),
        ("3:4", "4:3", "wrong"),
        ("3:4", "3:4:1", "wrong"),
        ("3:4", "3:0", "wrong"),
        ("2:3:4", "1:1.5:2", "right"),
        ("2:3:4", "2:3", "wrong"),
        ("3:4", "the ratio is 3:4", "right"),
        ("3:4", "3:4 or 4:3", "wrong"),
        ("3:4", "", "wrong"),
        (r"\frac{1}{2}:3", "1:6", "right"),
    ],
)
def test_compares_ratios(expected: str, given: str, said: str) -> None:
    assert outcome("ratio", expected, given) == said


@pytest.mark.parametrize("expected", ["3:4", "3 to 4", "1:2:3", "0.5:2"])
def test_is_chosen_for(expected: str) -> None:
    assert kind_of(expected) == "ratio"


@pytest.mark.parametrize("expected", ["12:30", "a:b", "3:0", "1:", "from 3 to 4"])
def test_leaves_to_others(expected: str) -> None:
    assert kind_of(expected) != "ratio"


def test_an_expected_answer_of_another_kind_is_undecided() -> None:
    assert outcome("ratio", "Paris", "18") == "undecided"
