"""One known error: at its span, of its kind, with what follows from it and nothing else."""

from fractions import Fraction
from random import Random

import pytest

from tests.exams.papers import eggs, paper
from tunix_rt.exams.numbers import numbers, rewrite, value, written
from tunix_rt.exams.planting import Clean, plant
from tunix_rt.exams.schema import KINDS, ErrorKind, Planted
from tunix_rt.exams.wording import FAMILIES
from tunix_rt.verify.checking import check_steps
from tunix_rt.verify.schema import Claim, StepInput

SEEDS = range(60)


def planted(kind: ErrorKind, *, propagate: bool = False) -> list[Planted]:
    clean = Clean(eggs())
    found = [plant(clean, kind, Random(seed), propagate=propagate) for seed in SEEDS]
    assert any(found), f"no {kind} could be planted"
    return [one for one in found if one is not None]


def false_claims(one: Planted) -> list[Claim]:
    steps = [
        StepInput(index=i, type=step.type, content=step.content) for i, step in enumerate(one.steps)
    ]
    said = check_steps(steps, prompt=eggs().prompt)
    return [claim for claim in said.claims if claim.outcome == "wrong"]


@pytest.mark.parametrize("kind", ["result", "operand", "sign", "unit", "rule"])
def test_only_the_span_differs_where_nothing_follows(kind: ErrorKind) -> None:
    clean = [step.content for step in eggs().steps]
    for one in planted(kind):
        for place, step in enumerate(one.steps):
            if place != one.step:
                assert step.content == clean[place]
        new = one.steps[one.step].content
        assert new[one.start : one.end] == one.after
        restored = new[: one.start] + one.before + new[one.end :]
        assert restored == clean[one.step]
        assert one.before != one.after
        assert one.final_answer == eggs().final_answer


@pytest.mark.parametrize("propagate", [False, True])
@pytest.mark.parametrize("kind", ["result", "sign"])
def test_a_wrong_result_is_the_only_false_claim(kind: ErrorKind, propagate: bool) -> None:
    for one in planted(kind, propagate=propagate):
        assert {claim.step for claim in false_claims(one)} == {one.step}


@pytest.mark.parametrize("kind", ["operand", "rule"])
def test_a_wrong_operand_or_rule_is_computed_rightly(kind: ErrorKind) -> None:
    for propagate in (False, True):
        for one in planted(kind, propagate=propagate):
            assert false_claims(one) == []


def test_what_follows_is_computed_from_the_wrong_number_to_the_answer() -> None:
    for one in planted("result", propagate=True):
        if one.step != 0:
            continue
        left = int(numbers(one.steps[0].content)[-1].value)
        assert f"{left} * 7 = $<<{left}*7={7 * left}>>{7 * left}" in one.steps[1].content
        assert one.steps[2].content == f"In 3 days that is {7 * left} * 3 = {21 * left} dollars."
        assert one.final_answer == str(21 * left)
        assert "45 minutes" in one.steps[1].content


def test_wrong_numbers_lie_above_as_often_as_below() -> None:
    clean = Clean(eggs(900))
    above = below = 0
    for seed in range(300):
        one = plant(clean, "result", Random(seed), propagate=False)
        assert one is not None
        before, after = (numbers(text)[-1].value for text in (one.before, one.after))
        above += after > before
        below += after < before
    assert 110 < above < 190
    assert above + below == 300


def test_a_unit_becomes_another_of_its_kind() -> None:
    for one in planted("unit"):
        [family] = [units for units in FAMILIES if one.before in units]
        assert one.after in family
        assert one.after != one.before


def test_a_dropped_step_is_one_that_a_later_one_needs() -> None:
    clean = [step.content for step in eggs().steps]
    for one in planted("dropped_step"):
        assert one.step in (0, 1)
        assert [step.content for step in one.steps] == [
            text for place, text in enumerate(clean) if place != one.step
        ]
        assert one.before == clean[one.step]


def test_an_illegal_move_is_not_in_the_list() -> None:
    trace = paper(
        "Kuhn poker. You hold K.",
        "Legal moves: call, fold.",
        "The king is the best card, 1 + 1 = 2.",
        "I choose to call.",
        answer="call",
        types=("legal_moves", "compute", "decision"),
    )
    clean = Clean(trace)

    found = [plant(clean, "illegal_move", Random(seed), propagate=False) for seed in range(20)]

    assert all(found)
    for one in found:
        assert one is not None
        assert (one.step, one.before) == (2, "call")
        assert one.after not in ("call", "fold")


def test_a_trace_without_a_place_for_an_error_gets_none() -> None:
    clean = Clean(paper("What?", "I think it is so.", answer="so"))

    for kind in KINDS:
        assert plant(clean, kind, Random(0), propagate=False) is None


def test_a_result_that_the_problem_gives_too_is_left_alone() -> None:
    clean = Clean(paper("There are 4 and 2 and 2.", "2 + 2 = 4.", answer="4"))

    assert plant(clean, "result", Random(0), propagate=True) is None


def test_the_same_seed_plants_the_same_error() -> None:
    one, two = (plant(Clean(eggs()), "result", Random(5), propagate=True) for _ in range(2))

    assert one == two


@pytest.mark.parametrize(
    ("number", "like", "text"),
    [
        (Fraction(1234), "5,678", "1,234"),
        (Fraction(5, 2), "3", "2.5"),
        (Fraction(5, 2), "3.00", "2.50"),
        (Fraction(3), "3.00", "3.00"),
        (Fraction(-7), "7", "-7"),
        (Fraction(1, 3), "7", None),  # it has no last place
        (Fraction(0), "7", "0"),
    ],
)
def test_a_value_is_written_as_the_old_one_was(
    number: Fraction, like: str, text: str | None
) -> None:
    assert written(number, like) == text


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("1,234 eggs at $2.50", [1234, Fraction(5, 2)]),
        ("x2 and 3rd and 1.2.3", []),  # parts of names and versions
        ("16-3-4=<<16-3-4=9>>9", [16, 3, 4, 16, 3, 4, 9, 9]),
    ],
)
def test_numbers_are_found_with_their_values(text: str, values: list[Fraction]) -> None:
    assert [number.value for number in numbers(text)] == values


def test_an_expression_has_a_value_and_a_sentence_none() -> None:
    assert value("2 * (3 + 4)") == 14
    assert value("9 eggs * 2") == 18
    assert value("2 and 3") is None
    assert value("") is None


def test_spans_are_replaced_wherever_they_stand() -> None:
    assert rewrite("one two three", {(8, 13): "3", (0, 3): "1"}) == "1 two 3"
