"""Answers that are what a program prints."""

import pytest

from tests.verify.judging import outcome
from tunix_rt.verify.checking import kind_of


@pytest.mark.parametrize(
    ("expected", "given", "said"),
    [
        ("1\n2", "1\n2\n", "right"),
        ("1\n2", "1\r\n2", "right"),
        ("1\n2", "\n\n1\n2", "right"),
        ("1\n2", "```python\n1\n2\n```", "right"),
        ("1\n2", "It prints:\n```\n1\n2\n```\nDone.", "right"),
        ("1\n2", "```\n1\n```\n```\n2\n```", "wrong"),
        ("1\n2", "1 2", "wrong"),
        ("1\n2", "1\n2\n3", "wrong"),
        ("a\nB", "a\nb", "wrong"),
        ("a\n b", "a\nb", "wrong"),
        ("1\n2", "<answer>1\n2</answer>", "right"),
        ("1\n2", "", "wrong"),
    ],
)
def test_compares_lines(expected: str, given: str, said: str) -> None:
    assert outcome("output", expected, given) == said


@pytest.mark.parametrize("expected", ["1\n2", "x: 1\ny: 2"])
def test_is_chosen_for(expected: str) -> None:
    assert kind_of(expected) == "output"


@pytest.mark.parametrize("expected", ["1", "one line", "[1,\n2]"])
def test_leaves_to_others(expected: str) -> None:
    assert kind_of(expected) != "output"


def test_an_expected_answer_of_another_kind_is_undecided() -> None:
    assert outcome("output", "", "18") == "undecided"
