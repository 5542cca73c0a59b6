"""The job: tasks as traces or as a suite, stopped and done again."""

from typing import Any

import pytest
from sqlalchemy import func, select

from tests.tasks.running import begin, made
from tunix_rt.kit.errors import BadInput, Cancelled, Conflict
from tunix_rt.runs import query as runs
from tunix_rt.runs.reporting import Reporter
from tunix_rt.store import Connection, Store
from tunix_rt.tasks import query
from tunix_rt.tasks.jobs import make
from tunix_rt.tasks.schema import MakeTasks
from tunix_rt.tasks.table import task_item
from tunix_rt.traces import query as traces
from tunix_rt.traces.schema import TraceFilter

GCD = {"generator": "reasoning-gym", "config": {"families": ["gcd"]}}
SUMS = {"generator": "arithmetic", "config": {}}


def kept(connection: Connection) -> int:
    return int(connection.scalar(select(func.count()).select_from(task_item)) or 0)


def stored(store: Store) -> list[Any]:
    with store.read() as connection:
        rows = traces.page(connection, TraceFilter(), limit=500).rows
        return [traces.payload(traces.get(connection, row.id)) for row in rows]


def test_tasks_become_traces_with_their_gold_in_meta(store: Store) -> None:
    found = made(store, **GCD, count=7, into="traces", name="divisors")

    assert found == {"tasks": 7, "added": 7, "source": "divisors"}
    for trace in stored(store):
        assert trace.meta is not None
        assert (trace.meta["verifier"], trace.meta["family"]) == ("reasoning-gym", "gcd")
        assert trace.meta["expected_answer"] == trace.final_answer
        data = trace.meta["expected_data"]
        assert isinstance(data, dict)
        assert set(data) == {"dataset", "seed", "index", "size", "config"}
        assert trace.meta["task"].startswith("reasoning-gym@")


def test_a_run_done_again_adds_nothing_and_makes_nothing(store: Store) -> None:
    first = made(store, **GCD, count=5, into="traces", name="d")
    with store.read() as connection:
        known = kept(connection)
    again = made(store, **GCD, count=5, into="traces", name="d")

    with store.read() as connection:
        assert kept(connection) == known >= 5
    assert (first["added"], again["added"]) == (5, 0)


def test_tasks_become_a_suite_that_says_where_it_came_from(store: Store) -> None:
    found = made(store, **GCD, count=6, into="suite", name="gcds", split="test", seed=3)

    assert found == {"tasks": 6, "suite": "gcds"}
    with store.read() as connection:
        suite = query.get(connection, "gcds")
        items = query.items(connection, "gcds")
    assert suite.origin == {**GCD, "seed": 3, "split": "test", "version": "0.1.25-1"}
    assert {item.verifier for item in items} == {"reasoning-gym"}
    assert all(item.data["dataset"] == "gcd" for item in items)


def test_a_suite_that_exists_with_other_items_is_left_alone(store: Store) -> None:
    made(store, **SUMS, count=3, into="suite", name="s")
    made(store, **SUMS, count=3, into="suite", name="s")

    with pytest.raises(Conflict, match="exists with other items"):
        made(store, **SUMS, count=4, into="suite", name="s")


def test_what_is_fast_to_make_is_not_kept(store: Store) -> None:
    made(store, **SUMS, count=3, into="traces", name="s")

    with store.read() as connection:
        assert kept(connection) == 0


def test_a_task_without_steps_is_no_trace(store: Store) -> None:
    config = {"families": ["survo"], "worked": False}

    with pytest.raises(BadInput, match="survo task has no worked steps"):
        made(store, generator="reasoning-gym", config=config, count=1, into="traces", name="s")


def test_a_stranger_s_setting_that_takes_all_memory_is_one_sentence(store: Store) -> None:
    settings = {"count_primes": {"max_n": 2**40}}
    config = {"families": ["count_primes"], "settings": settings, "worked": False}

    with pytest.raises(BadInput, match="could not make task 0: it needs more memory"):
        made(store, generator="reasoning-gym", config=config, count=1, into="suite", name="s")


class Stopping(Reporter):
    """Somebody cancels after the first batch is stored."""

    def result(self, values: dict[str, Any]) -> None:
        """Keep it, and be cancelled."""
        super().result(values)
        with self.store.write() as connection:
            runs.cancel(connection, self.id)
        self.flush()


def test_a_run_that_is_cancelled_leaves_what_was_stored(store: Store) -> None:
    config = MakeTasks(generator="arithmetic", count=3000, into="traces", name="s")
    run = begin(store, config, Stopping)

    with pytest.raises(Cancelled):
        make(run, config)

    assert len(stored(store)) == 500
    assert made(store, **SUMS, count=1000, into="traces", name="s")["added"] == 500
