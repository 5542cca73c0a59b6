"""Answers that are expressions."""

import subprocess
import sys

import pytest
from hypothesis import given as property_of
from hypothesis import settings as under
from hypothesis import strategies as st

from tests.extras import needs
from tests.verify.judging import outcome
from tunix_rt.verify.answers.math import terms
from tunix_rt.verify.answers.math.guard import refused
from tunix_rt.verify.answers.math.parsing import value_of
from tunix_rt.verify.checking import check_answer, kind_of


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
        ("23x", "2 3x", "wrong"),
        (r"\infty", "infinity", "right"),
        (r"-\infty", r"\infty", "wrong"),
        (r"\ln(xy)", r"\ln x + \ln y", "right"),
        (r"\ln x^2", r"2 \ln y", "wrong"),
        ("2 x", "2x", "right"),
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


FACTORS = st.lists(st.tuples(st.integers(1, 9), st.integers(-9, 9)), min_size=1, max_size=4)


def expanded(factors: list[tuple[int, int]]) -> list[int]:
    """The coefficients of a product of `ax + b`, the constant first."""
    found = [1]
    for a, b in factors:
        raised, level = [0, *found], [*found, 0]
        found = [a * one + b * other for one, other in zip(raised, level, strict=True)]
    return found


@under(deadline=None)
@property_of(FACTORS, st.integers(1, 5))
def test_a_product_is_its_expansion_and_no_other(factors: list[tuple[int, int]], more: int) -> None:
    product = "".join(f"({a}x{b:+})" for a, b in factors)
    spelled = "".join(f"{c:+}x^{{{n}}}" for n, c in enumerate(expanded(factors)))

    assert outcome("math", product, spelled) == "right"
    assert outcome("math", product, f"{spelled}+{more}") == "wrong"
    assert (
        outcome("math", f"\\sqrt{{2}}({product})", f"\\frac{{2({spelled})}}{{\\sqrt 2}}") == "right"
    )


@under(deadline=None)
@property_of(st.text(alphabet="0123456789x+-*/^(){}[]\\\\sqrtfacnilog.,! πe|_=<", max_size=80))
def test_any_string_of_signs_is_read_or_refused(text: str) -> None:
    try:
        value = value_of(text)
    except (terms.Unreadable, terms.TooMuch):
        return
    assert terms.same(value, value)


@pytest.mark.parametrize(
    "text",
    [
        *("9**9**9", "2^{3^4}", "x^{y^z}", "2^{100000}", "10000!", "(10^7)!", "5!!", "1" * 200),
        *("__import__", "a;b", "(" * 25 + ")" * 25, "x" * 401, r"\sum_{n=1}^9 n", "(x+1)^{99}"),
    ],
)
def test_what_could_be_large_is_not_handed_to_computer_algebra(text: str) -> None:
    assert refused(text)


@pytest.mark.parametrize("text", [r"\sin(2x)", "e^{2x}", "x^2", "(n+1)!", r"\frac{1}{2}^{10}"])
def test_what_is_small_is(text: str) -> None:
    assert refused(text) is None


def test_identities_of_functions_are_asked_of_computer_algebra() -> None:
    needs("math_verify", extra="math")

    right = check_answer(r"\sin(2x)", r"2\sin x\cos x")
    wrong = check_answer(r"\sin(2x)", r"2\sin x")

    assert (right.outcome, wrong.outcome) == ("right", "wrong")
    assert "Computer algebra" in right.reason
    assert "Computer algebra" in wrong.reason


WITHOUT = r"""
import sys
sys.modules["math_verify"] = None
from tunix_rt.verify import check_answer
print(check_answer(r"\sin(2x)", r"2\sin x\cos x").reason)
print(check_answer(r"\sqrt{8}", r"2\sqrt{2}").outcome)
"""


def test_without_the_extra_exact_arithmetic_decides_and_the_rest_is_undecided() -> None:
    said = subprocess.run([sys.executable, "-c", WITHOUT], capture_output=True, text=True)

    undecided, right = said.stdout.splitlines()
    assert "pip install 'tunix-rt[math]'" in undecided
    assert right == "right"
