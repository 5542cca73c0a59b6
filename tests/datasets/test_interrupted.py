"""A freezing that is stopped, killed, or runs out of disk leaves nothing, and can begin anew."""

import os
import resource
import signal
from pathlib import Path

import pytest

from tests.datasets.test_freezing import build
from tests.making import stored, trace
from tunix_rt.datasets import freezing, query, reading
from tunix_rt.kit.errors import Broken, Cancelled
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
    left = store.blobs.folder / f".new-{run}"
    left.mkdir(parents=True)
    (left / "0-train-0.rows").write_bytes(b"half of a file")

    first = freezing.freeze(store, build(limit=30), build_id=run)
    again = freezing.freeze(store, build(limit=30), build_id=run)

    assert first == again
    assert first.build_id == run
    assert not left.exists()
    assert reading.manifest(store, "d-1").trace_count == 30


@pytest.mark.skipif(not hasattr(resource, "RLIMIT_FSIZE"), reason="no limit of file sizes here")
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
