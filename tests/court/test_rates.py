"""Agreement and error rates, against numbers worked out by hand."""

import pytest

from tunix_rt.court.rates import agreement, false_negative, false_positive
from tunix_rt.court.schema import Cell, Word
from tunix_rt.kit.proportions import wilson


def cell(first: Word, second: Word, cases: int, ruled: tuple[int, int, int] = (0, 0, 0)) -> Cell:
    right, wrong, undecided = ruled
    return Cell(
        first=first,
        second=second,
        cases=cases,
        ruled_right=right,
        ruled_wrong=wrong,
        ruled_undecided=undecided,
    )


def first_of(one: Cell) -> Word:
    return one.first


def test_kappa_is_what_cohen_computes() -> None:
    cells = [
        cell("right", "right", 20),
        cell("right", "wrong", 5),
        cell("wrong", "right", 10),
        cell("wrong", "wrong", 15),
    ]

    found = agreement(cells)

    assert found.share == 0.7
    assert found.kappa == pytest.approx(0.4)
    assert (found.low, found.high) == wilson(35, 50)


def test_no_case_is_no_agreement_and_one_word_has_no_kappa() -> None:
    assert agreement([]).kappa is None
    assert agreement([cell("right", "right", 9)]).kappa is None
    assert agreement([cell("right", "right", 9)]).share == 1


def test_when_all_is_ruled_the_rates_are_counts() -> None:
    cells = [
        cell("right", "right", 80, (78, 2, 0)),
        cell("right", "wrong", 10, (4, 6, 0)),
        cell("wrong", "wrong", 10, (1, 9, 0)),
    ]

    positive, negative = false_positive(cells, first_of), false_negative(cells, first_of)

    assert positive.estimate == pytest.approx(8 / 17)
    assert (positive.low, positive.high) == pytest.approx(wilson(8, 17))
    assert negative.estimate == pytest.approx(1 / 83)
    assert (positive.rulings, positive.unseen) == (17, 0)


def test_a_sample_of_a_cell_stands_for_the_whole_cell() -> None:
    cells = [cell("right", "right", 900, (9, 1, 0)), cell("wrong", "right", 100, (0, 10, 0))]

    positive = false_positive(cells, first_of)

    assert positive.estimate == pytest.approx(90 / 190)  # 1 of 10 of 900, against all of 100
    assert positive.low is not None
    assert positive.high is not None
    assert positive.low < wilson(1, 11)[1]
    assert positive.high - positive.low > 0.3  # eleven rulings with unlike weights tell little


def test_cells_without_a_ruling_are_counted_as_unseen() -> None:
    cells = [cell("right", "right", 900), cell("right", "wrong", 10, (0, 10, 0))]

    positive, negative = false_positive(cells, first_of), false_negative(cells, first_of)

    assert (positive.estimate, positive.unseen) == (1.0, 900)
    assert (negative.estimate, negative.low, negative.rulings) == (None, None, 0)


def test_an_undecided_ruling_is_on_neither_side_but_was_looked_at() -> None:
    cells = [cell("right", "right", 100, (5, 0, 5)), cell("wrong", "wrong", 50, (50, 0, 0))]

    negative = false_negative(cells, first_of)

    assert negative.estimate == pytest.approx(50 / 100)  # 5 rulings of 10 stand for 50 of 100
    assert negative.rulings == 55
