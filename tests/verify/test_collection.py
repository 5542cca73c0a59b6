"""Answers that are sets, lists, tuples and matrices."""

import pytest

from tests.verify.judging import outcome
from tunix_rt.verify.checking import kind_of


@pytest.mark.parametrize(
    ("expected", "given", "said"),
    [
        ("{1, 2}", "{2, 1}", "right"),
        ("{1, 2}", "{1, 2, 2}", "right"),
        ("{1, 2}", "1, 2", "right"),
        ("{1, 2}", "(1, 2)", "wrong"),
        ("{1, 2}", "[1, 2]", "wrong"),
        ("1, 2", "[2, 1]", "right"),
        ("1, 2", "(1, 2)", "wrong"),
        ("(1, 2)", "{1, 2}", "wrong"),
        ("(1, 2)", "1, 2", "wrong"),
        ("(1, 2)", "(2, 1)", "wrong"),
        ("(1, 2)", "y = 2, x = 1", "right"),
        ("(1, 2)", "x = 2, y = 1", "wrong"),
        ("(1, 2)", "1 < x < 2", "right"),
        ("[1, 2]", "1 < x < 2", "wrong"),
        ("5, 6", "x = 5 or x = 6", "right"),
        ("5, 6", "5", "wrong"),
        ("5 or 6", "6 or 5", "right"),
        ("5 or 6", "5", "undecided"),
        ("5 or 6", "7", "wrong"),
        ("12, 3", "1 2, 3", "wrong"),
        ("new york, rome", "Rome, New  York", "right"),
        ("0.5 or 50%", "50%", "undecided"),
        ("5, 6", "5, 6, 7", "wrong"),
        ("5, 5, 6", "5, 6, 6", "right"),
        ("5, 5, 6", "5, 6", "wrong"),
        ("[1, 2, 3]", "1; 2; 3", "right"),
        ("[1, 2, 3]", "3, 2, 1", "wrong"),
        ("x = 2, y = 4", "y = 4 and x = 2", "right"),
        ("x = 2, y = 4", "x = 4, y = 2", "wrong"),
        ("5 km, 3 kg", "3000 g, 5000 m", "right"),
        (r"1 \pm \sqrt{2}", r"1+\sqrt2, 1-\sqrt2", "right"),
        (r"1 \pm \sqrt{2}", r"1 \pm \sqrt{3}", "wrong"),
        (r"\emptyset", "the empty set", "right"),
        ("((1,2),(3,4))", "((1,2),(3,4))", "right"),
        ("{(1,2),(3,4)}", "{(3,4),(1,2)}", "right"),
        ("{(1,2),(3,4)}", "{(2,1),(3,4)}", "wrong"),
        (r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}", "[[1, 2], [3, 4]]", "right"),
        (r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}", "1, 2, 3, 4", "wrong"),
        (r"\begin{pmatrix} 1 & 2 \end{pmatrix}", r"\begin{pmatrix} 1 \\ 2 \end{pmatrix}", "wrong"),
        ("apples, pears", "Pears and apples", "right"),
        ("apples, pears", "pears", "wrong"),
        ("{1, 2}", "", "wrong"),
    ],
)
def test_compares_elements(expected: str, given: str, said: str) -> None:
    assert outcome("collection", expected, given) == said


@pytest.mark.parametrize(
    "expected",
    [
        "{1, 2}",
        "1,-2",
        r"1 \pm \sqrt{19}",
        "(6,31,-1)",
        "[1, 2, 3]",
        r"\emptyset",
        "apples, pears",
        r"\begin{pmatrix} 1 \\ 2 \end{pmatrix}",
    ],
)
def test_is_chosen_for(expected: str) -> None:
    assert kind_of(expected) == "collection"


@pytest.mark.parametrize(
    "expected", ["1,234", "x", "No, it is not so", "(1+2)", "(3,4]", '["a", "b"]']
)
def test_leaves_to_others(expected: str) -> None:
    assert kind_of(expected) != "collection"


def test_an_expected_answer_of_another_kind_is_undecided() -> None:
    assert outcome("collection", "Paris", "18") == "undecided"
