"""Answers that are a day or a month."""

import pytest

from tests.verify.judging import outcome
from tunix_rt.verify.checking import kind_of


@pytest.mark.parametrize(
    ("expected", "given", "said"),
    [
        ("2024-03-05", "5.3.2024", "undecided"),
        ("2024-03-05", "the 5th of March 2024", "right"),
        ("2024-03-05", "on Tuesday, Mar. 5, 2024", "right"),
        ("2024-03-05", "2024-03-05T00:00:00Z", "right"),
        ("2024-03-15", "15.3.2024", "right"),
        ("03/04/2024", "03/04/2024", "right"),
        ("03/04/2024", "2024-04-03", "undecided"),
        ("03/04/2024", "2024-05-03", "wrong"),
        ("March 2024", "2024-03", "right"),
        ("March 2024", "2024-03-05", "wrong"),
        ("2024-02-29", "February 29, 2024", "right"),
        ("2023-03-01", "February 29, 2023", "wrong"),
        ("2024-03-05", "2024", "wrong"),
        ("2024-03-05", "March 5", "wrong"),
        ("2024-03-05", "", "wrong"),
        ("2024-03-05", "May 4 or 5, 2024", "wrong"),
    ],
)
def test_compares_days(expected: str, given: str, said: str) -> None:
    assert outcome("date", expected, given) == said


@pytest.mark.parametrize("expected", ["2024-03-05", "July 4, 1776", "25/12/2024", "March 2024"])
def test_is_chosen_for(expected: str) -> None:
    assert kind_of(expected) == "date"


@pytest.mark.parametrize("expected", ["2024", "2024-13-01", "1/2/3", "March", "5 March"])
def test_leaves_to_others(expected: str) -> None:
    assert kind_of(expected) != "date"


def test_an_expected_answer_of_another_kind_is_undecided() -> None:
    assert outcome("date", "Paris", "18") == "undecided"
