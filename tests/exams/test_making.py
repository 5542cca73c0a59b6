"""Exams from a real store: verified traces only, even kinds, the same seed the same exam."""

import pytest

from tests.court.sitting import begin
from tests.exams.papers import eggs, make, paper, store_eggs
from tests.verify.traces import stored
from tunix_rt.exams import making, query
from tunix_rt.exams.schema import ExamConfig
from tunix_rt.kit.errors import BadInput, Cancelled, Conflict, NotFound
from tunix_rt.runs.reporting import Reporter
from tunix_rt.runs.schema import NewRun
from tunix_rt.store import Store
from tunix_rt.traces.schema import TraceFilter


def test_kinds_come_out_even_and_each_trace_is_used_once(store: Store) -> None:
    store_eggs(store, 40)

    make(store, count=33)

    with store.read() as connection:
        exam = query.get(connection, "e")
        rows, _ = query.items(connection, "e", limit=100)
    assert exam.items == len(rows) == 33
    assert {(one.kind, one.propagated): one.items for one in exam.kinds}.keys() >= {
        ("result", True),
        ("result", False),
        ("operand", True),
        ("rule", False),
        ("unit", False),
        ("dropped_step", False),
    }
    assert max(one.items for one in exam.kinds) - min(one.items for one in exam.kinds) <= 1
    assert len({row.trace_id for row in rows}) == 33
    assert [row.position for row in rows] == list(range(33))


def test_the_same_traces_and_seed_make_the_same_exam(store: Store) -> None:
    store_eggs(store, 12)

    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        make(store, name, count=10, seed=seed)

    with store.read() as connection:
        a, b, c = (query.get(connection, name).digest for name in "abc")
    assert a == b != c


def test_only_verified_traces_are_spoilt(store: Store) -> None:
    false = paper("What?", "1 + 1 = 3.", "3 + 4 = 7.", answer="7")
    wrong = eggs().model_copy(update={"meta": {"expected_answer": "1"}})
    silent = paper("What?", "I know it.", answer="7")
    good = stored(store, eggs())
    stored(store, false, wrong, silent)

    make(store)

    with store.read() as connection:
        rows, _ = query.items(connection, "e", limit=100)
    assert [row.trace_id for row in rows] == good


def test_kinds_and_propagation_can_be_chosen(store: Store) -> None:
    store_eggs(store, 10)

    make(store, kinds=("result",), propagate="always", count=5)

    with store.read() as connection:
        kinds = query.get(connection, "e").kinds
    assert [(one.kind, one.propagated, one.items) for one in kinds] == [("result", True, 5)]


def test_nothing_to_spoil_is_said_and_leaves_no_exam(store: Store) -> None:
    stored(store, paper("What?", "I know it.", answer="7"))

    with pytest.raises(BadInput, match="No trace that matches"):
        make(store)

    with store.read() as connection:
        assert not query.exists(connection, "e")
        with pytest.raises(NotFound):
            query.get(connection, "e")


def test_an_exam_is_never_overwritten(store: Store) -> None:
    store_eggs(store, 3)
    make(store, count=2)

    with pytest.raises(Conflict, match="exists already"):
        make(store, count=3)


class Stops(Reporter):
    """A run that is cancelled as soon as something is stored."""

    def progress(self, done: int, total: int | None, text: str = "") -> None:
        raise Cancelled("stopped")


def test_a_run_that_was_stopped_makes_the_whole_exam_when_it_is_done_again(store: Store) -> None:
    store_eggs(store, 6)
    config = ExamConfig(name="e", count=5, filter=TraceFilter(source="hens"))
    run = begin(store, NewRun(kind="exam", name="e", config=config), Stops)
    with pytest.raises(Cancelled):
        making.make(run, config)
    with store.read() as connection:
        assert query.page(connection, 10) == []

    assert making.make(Reporter(store, run.id, run.attempt, run.folder), config) == 5

    with store.read() as connection:
        assert query.get(connection, "e").items == 5
