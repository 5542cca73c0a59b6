"""Tasks made here and elsewhere, kept and not made again."""

from itertools import islice
from typing import Any

import pytest
from sqlalchemy import select

from tunix_rt.kit.errors import BadInput, NotFound
from tunix_rt.store import Store
from tunix_rt.tasks import making
from tunix_rt.tasks.schema import Draw, Task
from tunix_rt.tasks.table import task_item

GCD = Draw(generator="reasoning-gym", config={"families": ["gcd"]})


def counting(made: list[int]) -> making.Make:
    """Makes tasks, and notes the places it was asked for."""
    make = making.here(GCD)

    def noted(start: int, most: int) -> list[Task]:
        made.append(start)
        return make(start, min(most, 10))

    return noted


def test_what_was_kept_is_not_made_again_and_is_the_same(store: Store) -> None:
    made: list[int] = []
    first = list(islice(making.kept(store, GCD, counting(made)), 25))
    again = list(islice(making.kept(store, GCD, counting(made)), 30))
    more = list(islice(making.kept(store, GCD, counting(made)), 31))

    assert made == [0, 10, 20, 30]
    assert first == again[:25]
    assert again == more[:30] == list(islice(making.stream(making.here(GCD)), 30))


def test_another_seed_split_config_or_version_is_another_stream(store: Store) -> None:
    other: dict[str, Any] = {"families": ["gcd"], "settings": {"gcd": {"max_value": 50}}}
    draws = [
        GCD,
        GCD.model_copy(update={"seed": 1}),
        GCD.model_copy(update={"split": "test"}),
        GCD.model_copy(update={"config": other}),
    ]
    for draw in draws:
        next(making.kept(store, draw, making.here(draw)))

    with store.read() as connection:
        rows = connection.execute(select(task_item.c.stream, task_item.c.version)).all()
    assert len({row.stream for row in rows}) == 4
    assert {row.version for row in rows} == {"0.1.25-1"}


def test_a_gap_in_what_was_kept_is_filled(store: Store) -> None:
    whole = list(islice(making.kept(store, GCD, counting([])), 30))
    with store.write() as connection:
        connection.execute(task_item.delete().where(task_item.c.position.between(5, 14)))

    assert list(islice(making.kept(store, GCD, counting([])), 30)) == whole


def test_a_process_of_its_own_makes_the_same_tasks() -> None:
    elsewhere = making.Elsewhere()
    try:
        assert elsewhere.of(GCD)(3, 2) == making.here(GCD)(3, 2)
    finally:
        elsewhere.close()


def test_what_takes_too_long_is_ended_and_the_next_call_works() -> None:
    elsewhere = making.Elsewhere(0.001)
    try:
        with pytest.raises(BadInput, match="could not make task 0: it took longer"):
            elsewhere.of(GCD)(0, 1)
        with pytest.raises(BadInput, match="could not make task 7"):
            elsewhere.of(GCD)(7, 1)
    finally:
        elsewhere.close()


def test_a_refusal_of_the_other_process_is_the_same_refusal() -> None:
    config: dict[str, Any] = {"families": ["gcd"], "settings": {"gcd": {"max_value": -5}}}
    elsewhere = making.Elsewhere()
    try:
        with pytest.raises(BadInput, match="config of the family 'gcd' is not valid"):
            elsewhere.of(Draw(generator="reasoning-gym", config=config))(0, 1)
        with pytest.raises(NotFound, match="astrology"):
            elsewhere.of(Draw(generator="astrology"))
    finally:
        elsewhere.close()
