"""Answers that are a time of day."""

import pytest

from tests.verify.judging import outcome
from tunix_rt.verify.checking import kind_of


@pytest.mark.parametrize(
    ("expected", "given", "said"),
    [
        ("14:30", "2:30 pm", "right"),
        ("14:30", "02:30:00 PM", "right"),
        ("2:30 PM", "2:30", "right"),
        ("14:30", "2:30", "wrong"),
        ("2:30 AM", "14:30", "wrong"),
        ("00:00", "midnight", "right"),
        ("24:00", "0:00", "right"),
        ("12:30 AM", "00:30", "right"),
        ("12:30 PM", "00:30", "wrong"),
        ("9 am", "9:00", "right"),
        ("9 am", "at 9 o'clock", "wrong"),
        ("14:30", "14:30:01", "wrong"),
        ("14:30", "13:30 pm", "wrong"),
        ("14:30", "14:70", "wrong"),
        ("14:30", "2:30 PM or 3 PM", "wrong"),
        ("14:30", "", "wrong"),
        ("noon", "12:00", "right"),
    ],
)
def test_compares_times(expected: str, given: str, said: str) -> None:
    assert outcome("time", expected, given) == said


@pytest.mark.parametrize("expected", ["14:30", "9 am", "noon", "2:30 p.m."])
def test_is_chosen_for(expected: str) -> None:
    assert kind_of(expected) == "time"


@pytest.mark.parametrize("expected", ["9", "3:4", "25:00", "14.30", "1430"])
def test_leaves_to_others(expected: str) -> None:
    assert kind_of(expected) != "time"


def test_an_expected_answer_of_another_kind_is_undecided() -> None:
    assert outcome("time", "Paris", "18") == "undecided"
