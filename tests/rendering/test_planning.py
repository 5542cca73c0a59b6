from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from tunix_rt.rendering.packing import pack
from tunix_rt.rendering.planning import Plan
from tunix_rt.rendering.schema_batching import Batching
from tunix_rt.rendering.widths import bucket_widths, width_of

RANDOM = np.random.default_rng(0)
LENGTHS = np.clip(RANDOM.lognormal(np.log(90), 0.6, 500), 5, 400).astype(np.int64)
LAYOUTS = ["padded", "buckets", "packed"]


def plan(layout: str, lengths: object = LENGTHS, **options: object) -> Plan:
    chosen = Batching.model_validate({"layout": layout} | options)
    return Plan(lengths, chosen, size=16, seed=3)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_batch_depends_on_seed_and_step_alone(layout: str) -> None:
    whole = [plan(layout).at(step) for step in range(70)]
    one = plan(layout)

    assert [one.at(step) for step in (69, 3, 41)] == [whole[69], whole[3], whole[41]]
    assert (
        Plan(LENGTHS, Batching.model_validate({"layout": layout}), size=16, seed=4).at(0)
        != (whole[0])
    )


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_row_comes_once_an_epoch_and_equally_often_in_the_end(layout: str) -> None:
    one = plan(layout)
    first = Counter(row for s in range(one.steps(1)) for line in one.at(s).lines for row in line)
    long = Counter(row for s in range(one.steps(9)) for line in one.at(s).lines for row in line)

    assert set(first) == set(range(500))
    assert max(first.values()) <= 2
    assert {n in (9, 10) for n in long.values()} == {True}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("steps", [0, 1, 17, 64, 200])
def test_tokens_are_counted_without_making_batches(layout: str, steps: int) -> None:
    one = plan(layout)

    made = sum(LENGTHS[row] for s in range(steps) for line in one.at(s).lines for row in line)

    assert one.tokens(steps) == made


@pytest.mark.parametrize("layout", LAYOUTS)
def test_lines_fit_and_shapes_are_few(layout: str) -> None:
    one = plan(layout)
    shapes = set()
    for step in range(100):
        width, lines = one.at(step)
        shapes.add((len(lines), width))
        assert max(sum(LENGTHS[row] for row in line) for line in lines) <= width

    assert shapes == set(one.shapes)
    assert len(shapes) <= (6 if layout == "buckets" else 1)


def test_batches_of_buckets_hold_about_as_many_tokens() -> None:
    shapes = plan("buckets", batch_tokens=2048).shapes

    assert len(shapes) > 2
    assert all(2048 - width < lines * width <= 2048 for lines, width in shapes)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_batch_holds_the_tokens_that_are_asked_for(layout: str) -> None:
    for lines, width in plan(layout, batch_tokens=4096).shapes:
        assert 4096 - width < lines * width <= 4096


def test_without_a_number_of_tokens_a_batch_teaches_about_as_many_rows() -> None:
    for layout in ("buckets", "packed"):
        assert 0.5 < plan(layout).steps(1) / plan("padded").steps(1) < 2.1


def test_a_rare_length_does_not_fill_a_batch_with_itself() -> None:
    lengths = np.array([10] * 200 + [300] * 2 + [400])

    one = plan("buckets", lengths, batch_tokens=1600)

    for step in range(one.steps(4)):
        rows = Counter(row for line in one.at(step).lines for row in line)
        assert max(rows.values()) == 1


def test_epochs_may_be_parts() -> None:
    assert plan("padded").steps(0.5) == 16
    assert 0 < plan("buckets").steps(0.5) < plan("buckets").steps(1)


def test_packing_wastes_little_and_loses_nothing() -> None:
    lines = pack(LENGTHS, 400, 0)

    assert sorted(row for line in lines for row in line) == list(range(500))
    assert max(sum(LENGTHS[row] for row in line) for line in lines) <= 400
    assert LENGTHS.sum() / (len(lines) * 400) > 0.97
    assert pack(LENGTHS, 400, 1) != lines


def test_the_widths_are_the_best_there_are() -> None:
    lengths = np.array([8] * 500 + [64] * 100 + [512] * 50)

    assert bucket_widths(lengths, 3, 64) == [8, 64, 512]
    assert bucket_widths(lengths, 2, 64) == [64, 512]
    assert bucket_widths(lengths, 1, 64) == [512]


def test_there_are_no_more_widths_than_help() -> None:
    assert bucket_widths(np.full(100, 37), 6, 64) == [40]


def test_widths_rise_and_the_last_holds_the_longest() -> None:
    widths = bucket_widths(LENGTHS, 6, 2048)

    assert all(low < high for low, high in pairwise(widths))
    assert widths[-1] == width_of(int(LENGTHS.max()))


def test_a_batch_of_more_tokens_than_anybody_has_stays_small() -> None:
    for layout in ("padded", "buckets", "packed"):
        batching = Batching(layout=layout, batch_tokens=2**27)
        plan = Plan([5, 9, 3], batching, size=4, seed=0)
        assert len(plan.at(0).lines) == 65_536
