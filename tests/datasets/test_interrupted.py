"""A freezing that is stopped, killed, or runs out of disk leaves nothing, and can begin anew."""

import os
import resource
import signal
from pathlib import Path

import msgspec
import pytest

from tests.datasets.test_freezing import build
from tests.making import stored, trace
from tunix_rt.datasets import freezing, query, reading, selecting, slabs
from tunix_rt.kit.errors import Broken, Cancelled, Conflict
from tunix_rt.kit.ids import new_id
from tunix_rt.store import Store
from tunix_rt.traces import query_facets
from tunix_rt.traces.language import parse


def files(store: Store) -> list[Path]:
    """Blobs, and whatever was left half written."""
    return [path for path in store.blobs.folder.rglob("*") if path.is_file()]


def members(store: Store, key: str) -> int:
    with store.read() as connection:
        return query_facets.count(connection, parse(f"dataset:{key}"))


def test_a_freezing_that_is_cancelled_leaves_nothing(store: Store, tmp_path: Path) -> None:
    stored(store, tmp_path, [trace(i) for i in range(50)])
    before = freezing.freeze(store, build("0", limit=5))
    held = files(store)

    def stop(done: int, total: int, text: str) -> None:
        if done >= 20:
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        freezing.freeze(store, build("1", limit=50), report=stop, size=freezing.Size(10, 2))

    assert files(store) == held
    assert (members(store, "d-1"), members(store, "d-0")) == (0, 5)
    assert reading.version(store, "d-0") == before
    assert freezing.freeze(store, build("1", limit=50)).trace_count == members(store, "d-1") == 50


def test_a_run_that_was_killed_begins_anew_over_what_it_left(store: Store, tmp_path: Path) -> None:
    stored(store, tmp_path, [trace(i) for i in range(30)])
    run = new_id()
    left, other, old, file = (
        store.blobs.folder / f".new-{name}" for name in (f"{run}-x", "other", "old", "file")
    )
    for folder in (left, other, old):
        folder.mkdir(parents=True)
        (folder / "0-train-0.rows").write_bytes(b"half of a file")
    file.write_bytes(b"half")
    for one in (old, file):
        os.utime(one, (0, 0))

    first = freezing.freeze(store, build(limit=30), build_id=run)
    again = freezing.freeze(store, build(limit=30), build_id=run)

    assert first == again
    assert first.build_id == run
    assert [one.exists() for one in (left, other, old, file)] == [False, True, False, False]
    assert reading.manifest(store, "d-1").trace_count == 30


def test_of_two_freezings_of_one_key_the_first_keeps_its_traces(
    store: Store, tmp_path: Path
) -> None:
    stored(store, tmp_path, [trace(i) for i in range(30)])
    won: list[str] = []

    def meanwhile(done: int, total: int, text: str) -> None:
        if not won:
            won.append(freezing.freeze(store, build(limit=3)).build_id)

    with pytest.raises(Conflict, match="exists already"):
        freezing.freeze(store, build(limit=30), report=meanwhile, size=freezing.Size(10, 1))

    assert reading.version(store, "d-1").build_id == won[0]
    assert members(store, "d-1") == 3


def test_a_builder_ends_when_nobody_waits_for_it(store: Store, tmp_path: Path) -> None:
    stored(store, tmp_path, [trace(1)])
    chosen = selecting.select(store, build())
    [(ids, parts, weights)] = chosen.slabs(10)
    task = slabs.Task(
        home=str(store.home),
        database=store.engine.url.render_as_string(hide_password=False),
        build=build().model_dump(mode="json"),
        folder=str(tmp_path),
        parent=os.getpid(),
        number=0,
        ids=ids,
        parts=parts,
        names=[None],
        weights=weights,
    )

    answer = slabs.build_apart(msgspec.to_builtins(task))

    assert "is gone" in answer["refused"][1]
    assert not list(tmp_path.glob("0-*"))


def test_a_disk_that_fills_in_the_middle_leaves_no_version(store: Store, tmp_path: Path) -> None:
    long = [trace(i, prompt=os.urandom(20_000).hex()) for i in range(40)]
    stored(store, tmp_path, long)
    freezing.freeze(store, build("0", limit=1))
    held = files(store)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, limits[1]))
    try:
        with pytest.raises(Broken, match="could not be stored") as refused:
            freezing.freeze(store, build("1", limit=40))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, before)

    assert refused.value.hint == "Free space there and repeat."
    assert files(store) == held
    assert next(reading.rows(store, "d-0")).prompt == long[-1]["prompt"]
    with store.read() as connection:
        assert query.build_of(connection, "d-1") is None
