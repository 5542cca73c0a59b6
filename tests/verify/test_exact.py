"""Answers that are text."""

import pytest

from tunix_rt.verify.answers.exact import accepts, check
from tunix_rt.verify.schema import Expected


@pytest.mark.parametrize(
    ("given", "expected", "outcome"),
    [
        ("Paris", "Paris", "right"),
        ("  paris ", "Paris", "right"),  # case and outer spaces are forgiven
        ("New   York", "New York", "right"),
        ("Answer: reveal", "reveal", "right"),  # the contract takes the prefix off
        ("It rains.\nAnswer: reveal", "reveal", "right"),
        ("<answer>nosaer</answer>", "nosaer", "right"),
        (r"so \boxed{x^2}", "x^2", "right"),
        ("e\u0301te\u0301", "\u00e9t\u00e9", "right"),  # one Unicode form
        ("Answer: X", "Answer: X", "right"),
        ("Paris.", "Paris", "wrong"),
        ("Paris or Rome", "Paris", "wrong"),
        ("Parisian", "Paris", "wrong"),
        ("", "Paris", "wrong"),
        ("<answer></answer>", "Paris", "wrong"),
        ("<answer>Paris</answer><answer>Rome</answer>", "Paris", "wrong"),
        ("Par\0is", "Paris", "wrong"),
        ("Paris", "", "undecided"),
        ("Paris", " \n", "undecided"),
        ("x" * 20_001, "Paris", "undecided"),
    ],
)
def test_compares_texts(given: str, expected: str, outcome: str) -> None:
    verdict = check(given, Expected(answer=expected))

    assert verdict.outcome == outcome, verdict.reason


def test_accepts_any_text_but_none() -> None:
    assert accepts(Expected(answer="reveal"))
    assert not accepts(Expected(answer="  "))
