"""Answers that are expressions."""

import pytest

from tests.verify.judging import outcome
from tunix_rt.verify.checking import kind_of


@pytest.mark.parametrize(
    ("expected", "given", "said"),
    [
        ("2k+2", "2(k+1)", "right"),
        ("x^2-1", "(x-1)(x+1)", "right"),
        ("x^2-1", "(x-1)^2", "wrong"),
        ("(x+1)^3", "x^3+3x^2+3x+1", "right"),
        (r"\frac{x^2-1}{x-1}", "x+1", "right"),
        (r"\frac{1}{x}+\frac{1}{y}", r"\frac{x+y}{xy}", "right"),
        ("x/y", "x/z", "wrong"),
        (r"3\sqrt{13}", r"\sqrt{117}", "right"),
        (r"\sqrt{2}\sqrt{3}", r"\sqrt 6", "right"),
        (r"\frac{1}{1+\sqrt{2}}", r"\sqrt{2}-1", "right"),
        (r"\sqrt[3]{16}", r"2\sqrt[3]{2}", "right"),
        (r"\sqrt[3]{-8} x", "-2x", "right"),
        (r"\sqrt{-3}", r"i\sqrt{3}", "right"),
        ("2^{2/3}", r"\sqrt[3]{4}", "right"),
        (r"\sqrt{51}", "7.14", "wrong"),
        (r"\sqrt{51}", r"\sqrt{51} \approx 7.14", "right"),
        (r"12\pi", r"12 \cdot \pi", "right"),
        (r"12\pi", r"12\pi \text{ cm}", "right"),
        (r"12\pi \text{ cm}", r"12\pi \text{ cm}^2", "wrong"),
        (r"12\pi", "A = 12π", "right"),
        (r"12\pi", "37.699", "wrong"),
        ("e^{2x}", "(e^x)^2", "right"),
        ("2^{n+1}", r"2 \cdot 2^n", "right"),
        ("2^{n+1}", "2^n + 1", "wrong"),
        (r"\ln 8", r"3 \ln 2", "right"),
        (r"\log_2 8", "3", "right"),
        (r"\log 100x", r"\log(100x)", "right"),
        ("6-5i", "-5i+6", "right"),
        ("(1+i)^2", "2i", "right"),
        ("(1+i)^2", "2", "wrong"),
        (r"\sin 30^\circ", r"\frac12", "right"),
        (r"\cos\frac{\pi}{4}", r"\frac{\sqrt2}{2}", "right"),
        (r"\tan x", r"\frac{\sin x}{\cos x}", "right"),
        ("5!x", "120x", "right"),
        (r"\binom{5}{2} x", "10x", "right"),
        ("|x-1|", "|x-1|", "right"),
        ("x_1+x_2", "x_2+x_1", "right"),
        ("52_8", "52_{8}", "right"),
        ("52_8", "52", "wrong"),
        (r"1\frac{1}{2} x", "1.5x", "right"),
        ("x", "x or y", "wrong"),
        (r"\cot x", r"\tan x = \cot x", "wrong"),
        (r"\cot x", r"\cot x, \tan x", "wrong"),
        ("x", "the unknown is x squared", "wrong"),
        ("x", "", "wrong"),
        ("x+1", "2 + 3", "wrong"),
        ("2^{10}", "1024", "right"),
        (r"\alpha+\beta", "β+α", "right"),
        ("2x", "x2", "right"),
    ],
)
def test_compares_expressions(expected: str, given: str, said: str) -> None:
    assert outcome("math", expected, given) == said


@pytest.mark.parametrize(
    "expected",
    [
        "2k+2",
        "p - q",
        r"\frac{3\sqrt{3}}{4}",
        r"\cot x",
        "6 - 5i",
        "52_8",
        "x",
        "2^{10}",
        r"\pi",
        "(a+5)(b+2)",
    ],
)
def test_is_chosen_for(expected: str) -> None:
    assert kind_of(expected) == "math"


@pytest.mark.parametrize(
    "expected", ["18", "so-so", "cat", "H2O", "N or M", "x = 5", "x > 2", "Paris"]
)
def test_leaves_to_others(expected: str) -> None:
    assert kind_of(expected) != "math"


def test_an_expected_answer_of_another_kind_is_undecided() -> None:
    assert outcome("math", "", "18") == "undecided"
