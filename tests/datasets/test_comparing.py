from pathlib import Path

from tests.datasets.first_schema import freeze_first
from tests.datasets.test_freezing import build
from tests.making import stored, trace
from tunix_rt.datasets import comparing, freezing
from tunix_rt.store import Store
from tunix_rt.traces import query as traces
from tunix_rt.traces.query_marks import mark_verdicts
from tunix_rt.traces.schema import TraceFilter


def test_rows_are_added_removed_or_held_differently(store: Store, tmp_path: Path) -> None:
    stored(store, tmp_path, [trace(i) for i in range(10)])
    freezing.freeze(store, build("1", limit=10))
    with store.read() as connection:
        newest = traces.select_ids(connection, TraceFilter(), limit=1)[0]
    with store.write() as connection:
        mark_verdicts(connection, [(newest, "wrong", 0)])
    stored(store, tmp_path, [trace(i) for i in range(10, 13)], "more")
    freezing.freeze(store, build("2", limit=8))

    found = comparing.diff(store, "d-1", "d-2")

    assert (found.added, found.removed, found.changed, found.same) == (3, 5, 1, 4)
    [changed] = [row for row in found.rows if row.kind == "changed"]
    assert changed.changes == {"verdict": (None, "wrong"), "first_error": (None, "0")}
    assert {row.prompt for row in found.rows if row.kind == "added"} == {
        f"What is {i} + 1?" for i in (10, 11, 12)
    }


def test_versions_of_different_hashes_are_not_the_same(store: Store, tmp_path: Path) -> None:
    stored(store, tmp_path, [trace(i) for i in range(2)], "one")
    stored(store, tmp_path, [trace(i) for i in range(2, 4)], "two")
    parts = [{"name": "a", "query": "source:one", "share": 1}, {"name": "b", "share": 1}]
    freezing.freeze(store, build("1"))
    freezing.freeze(store, build("2", mixture=parts))

    found = comparing.diff(store, "d-1", "d-2")

    assert (found.same, found.changed) == (0, 4)
    assert {row.changes["part"][1] for row in found.rows} == {"a", "b"}


def test_the_same_traces_under_other_ids_are_the_same_rows(store: Store, tmp_path: Path) -> None:
    stored(store, tmp_path, [trace(i) for i in range(5)])
    freezing.freeze(store, build("1"))
    freezing.freeze(store, build("2"))

    found = comparing.diff(store, "d-1", "d-2")

    assert (found.same, found.rows) == (5, [])


def test_a_version_of_the_first_schema_is_compared(store: Store, tmp_path: Path) -> None:
    freeze_first(store, "old", "1", 3)
    stored(store, tmp_path, [trace(1)])
    freezing.freeze(store, build("1"))

    found = comparing.diff(store, "old-1", "d-1", limit=1)

    assert (found.added, found.removed, found.same) == (1, 3, 0)
    assert [row.kind for row in found.rows] == ["added", "removed"]
