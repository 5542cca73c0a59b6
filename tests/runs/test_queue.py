"""The order of the queue: priorities, runs that wait for runs, and a device for one at a time."""

import threading
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.runs.slow_jobs import Config
from tests.runs.test_working import row
from tunix_rt.kit.errors import Conflict, NotFound
from tunix_rt.kit.ids import new_id
from tunix_rt.kit.settings import Settings
from tunix_rt.runs import query, query_device, query_read
from tunix_rt.runs.accelerators import accelerator
from tunix_rt.runs.foreground import go_on, let_go
from tunix_rt.runs.reporting import LEASE
from tunix_rt.runs.schema import NewRun, Status
from tunix_rt.runs.schema_device import overlap
from tunix_rt.runs.spawning import environment
from tunix_rt.store import Store
from tunix_rt.store.session import Session


def queued(store: Store, **told: Any) -> str:
    with store.write() as connection:
        return query.enqueue(connection, NewRun(kind="count", name="n", config=Config(), **told))


def claimed(
    store: Store,
    host: str = "here",
    lease: timedelta = LEASE,
    accelerator: str | None = None,
) -> str | None:
    with store.write() as connection:
        found = query.claim(
            connection, worker=f"{host}:1:abcd", lease=lease, accelerator=accelerator
        )
    return None if found is None else found.id


def end(store: Store, run_id: str, status: Status) -> None:
    with store.write() as connection:
        assert query.finish(connection, run_id, row(store, run_id).attempt, status=status)


def test_a_higher_priority_goes_first_and_equals_in_their_order(store: Store) -> None:
    late, first, second = queued(store, priority=-1), queued(store), queued(store)
    urgent = queued(store, priority=5)

    assert [claimed(store) for _ in range(4)] == [urgent, first, second, late]


def test_a_run_waits_until_all_it_comes_after_are_completed(store: Store) -> None:
    one, two = queued(store), queued(store)
    last = queued(store, after=(one, two), priority=9)

    assert [claimed(store) for _ in range(3)] == [one, two, None]
    end(store, one, "completed")
    assert claimed(store) is None
    end(store, two, "completed")
    assert claimed(store) == last


@pytest.mark.parametrize(
    ("status", "said"),
    [("failed", "failed"), ("cancelled", "was cancelled"), ("timeout", "took too long")],
)
def test_what_waits_for_a_run_that_ends_early_is_cancelled_to_the_last(
    store: Store, status: Status, said: str
) -> None:
    first = queued(store)
    second = queued(store, after=(first,))
    third = queued(store, after=(second,))
    claimed(store)

    end(store, first, status)

    assert row(store, second).error == f"The run {first} that it waited for {said}."
    assert row(store, third).error == f"The run {second} that it waited for was cancelled."
    assert {row(store, one).status for one in (second, third)} == {"cancelled"}
    assert claimed(store) is None


def test_nothing_waits_for_a_run_that_is_not_there_or_ended_early(store: Store) -> None:
    first = queued(store)
    follower = queued(store, after=(first,))
    with store.write() as connection:
        query.cancel(connection, first)

    with pytest.raises(NotFound, match="no run"):
        queued(store, after=(new_id(),))
    with pytest.raises(Conflict, match="was cancelled, so nothing can wait") as refused:
        queued(store, after=(first,))
    assert first in str(refused.value.hint)
    with pytest.raises(Conflict, match="was cancelled"), store.write() as connection:
        query.requeue(connection, follower)
    assert row(store, follower).status == "cancelled"

    with store.write() as connection:
        query.requeue(connection, first)
        query.requeue(connection, follower)
    assert claimed(store) == first
    end(store, first, "completed")
    assert claimed(store) == follower


def test_a_device_is_one_runs_at_a_time_on_each_host(store: Store) -> None:
    one, two = queued(store, device="gpu:0"), queued(store, device="gpu:0")
    other, third = queued(store, device="gpu:1"), queued(store, device="gpu:0")

    assert [claimed(store) for _ in range(3)] == [one, other, None]
    assert claimed(store, host="there") == two
    assert claimed(store, host="there") is None
    end(store, one, "completed")
    assert claimed(store) == third


def test_a_run_on_several_devices_has_all_of_them_for_itself(store: Store) -> None:
    four, second = queued(store, device="gpu:0-3"), queued(store, device="gpu:1")
    beside, across = queued(store, device="gpu:4"), queued(store, device="gpu:3-4")
    other = queued(store, device="tpu:0-3")

    assert [claimed(store) for _ in range(4)] == [four, beside, other, None]
    assert claimed(store, host="there") == second
    end(store, four, "completed")
    assert claimed(store) is None
    end(store, beside, "completed")
    assert claimed(store) == across


def test_whichever_device_there_is_is_one_runs_at_a_time_where_there_is_one(store: Store) -> None:
    one, two = queued(store, device="auto"), queued(store, device="auto")
    four, named = queued(store, device="auto:0-3"), queued(store, device="gpu:0")
    beside, tpu = queued(store, device="gpu:3"), queued(store, device="tpu:0")

    on = partial(claimed, store, accelerator="gpu")
    assert [on() for _ in range(4)] == [one, beside, tpu, None]
    end(store, one, "completed")
    assert [on(), on()] == [two, None]
    for run_id in (two, beside):
        end(store, run_id, "completed")
    assert [on(), on()] == [four, None]
    assert claimed(store, host="there", accelerator="tpu") == named


def test_where_there_is_no_accelerator_runs_that_would_take_any_go_side_by_side(
    store: Store,
) -> None:
    runs = [queued(store, device=word) for word in ("auto", "auto", "auto:0-3", "gpu:0")]

    assert [claimed(store) for _ in range(5)] == [*runs, None]


@pytest.mark.parametrize(
    ("device", "accelerator", "taken"),
    [
        ("gpu:0", None, True),
        ("gpu:4", None, False),
        ("tpu:0", None, False),
        ("auto:3", "gpu", True),
        ("auto", "tpu", False),
        ("auto", None, False),
    ],
)
def test_who_has_the_devices_that_a_run_waits_for_is_said(
    store: Store, device: str, accelerator: str | None, taken: bool
) -> None:
    first = queued(store, device="gpu:0-3")
    assert claimed(store, host="there") == first
    queued(store, device=device)

    with store.read() as connection:
        found = query_device.holders(connection, device, accelerator)

    assert found == ([first] if taken else [])


def test_a_run_that_waits_for_a_device_says_which_run_has_it(store: Store) -> None:
    first, second = queued(store, device="gpu:0"), queued(store, device="gpu:0")

    def held_by(run_id: str) -> list[str]:
        with store.read() as connection:
            return query_read.detail(
                connection, query_read.get(connection, run_id), "", None
            ).held_by

    assert held_by(second) == []
    assert claimed(store) == first
    assert (held_by(first), held_by(second)) == ([], [first])
    end(store, first, "completed")
    assert held_by(second) == []


@pytest.mark.parametrize(
    ("files", "hidden", "kind"),
    [
        ((), None, None),
        (("nvidiactl", "nvidia-uvm"), None, None),
        (("nvidiactl", "nvidia0"), None, "gpu"),
        (("nvidia1",), "1", "gpu"),
        (("nvidia0",), "", None),
        (("nvidia0",), "-1", None),
        (("kfd",), None, "gpu"),
        (("accel0",), "", "tpu"),
        (("vfio/vfio", "vfio/0", "nvidia0"), None, "tpu"),
        (("vfio/vfio",), None, None),
    ],
)
def test_an_accelerator_is_known_by_its_files(
    files: tuple[str, ...], hidden: str | None, kind: str | None, tmp_path: Path
) -> None:
    for name in files:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()

    assert accelerator(tmp_path, hidden) == kind


def test_a_runs_process_takes_no_gpus_memory_ahead_unless_that_is_asked_for() -> None:
    ahead = "XLA_PYTHON_CLIENT_PREALLOCATE"

    assert environment(Settings(), {})[ahead] == "false"
    assert environment(Settings(), {ahead: "true"})[ahead] == "true"


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ("gpu:0", "gpu:0", True),
        ("gpu:0-3", "gpu:3", True),
        ("gpu:0-3", "gpu:4", False),
        ("gpu:0-3", "gpu:1-2", True),
        ("gpu:1", "tpu:1", False),
        ("gpu:1", "gpu:10-19", False),
    ],
)
def test_devices_are_shared_or_not(one: str, other: str, shared: bool) -> None:
    assert overlap(one, other) is overlap(other, one) is shared


def test_of_two_who_claim_at_once_one_has_the_devices(store: Store) -> None:
    first, second = queued(store, device="gpu:0-3"), queued(store, device="gpu:2")
    found: list[str | None] = []
    late = threading.Thread(target=lambda: found.append(claimed(store)))

    with store.write() as connection:
        taken = query.claim(connection, worker="here:1:abcd", lease=LEASE)
        late.start()
        late.join(0.5)  # it waits, or it sees no device that is free
    late.join()

    assert taken is not None
    assert (taken.id, found) == (first, [None])
    assert row(store, second).status == "pending"


def test_a_run_is_taken_over_where_its_device_is_free(store: Store) -> None:
    gone = queued(store, device="gpu:0-1")
    assert claimed(store, host="there", lease=timedelta(seconds=-1)) == gone
    busy = queued(store, device="gpu:1", priority=1)
    assert claimed(store) == busy

    assert claimed(store) is None
    assert (row(store, gone).status, row(store, gone).deaths) == ("pending", 1)
    end(store, busy, "completed")
    assert claimed(store) == gone


def test_an_abandoned_run_keeps_its_device_until_it_is_taken_over(store: Store) -> None:
    gone = queued(store, device="gpu:0")
    queued(store, device="gpu:0")
    assert claimed(store, lease=timedelta(seconds=-1)) == gone

    assert [claimed(store), claimed(store)] == [gone, None]
    assert row(store, gone).attempt == 2


def test_a_run_that_ended_early_is_queued_again_by_the_api(api: TestClient, store: Store) -> None:
    run_id = queued(store)
    assert api.post(f"/api/runs/{run_id}/retry").status_code == 409
    claimed(store)
    end(store, run_id, "failed")

    assert api.post(f"/api/runs/{run_id}/retry").json() == {"run_id": run_id, "status": "pending"}

    assert api.post(f"/api/runs/{new_id()}/retry").status_code == 404
    shown = api.get(f"/api/runs/{run_id}").json()
    assert (shown["status"], shown["priority"], shown["after"]) == ("pending", 0, [])


def test_an_abandoned_run_goes_on_and_one_at_work_is_left_alone(
    store: Store, settings: Settings
) -> None:
    session = Session(settings)
    dead = queued(store)
    claimed(store, lease=timedelta(seconds=1))
    busy = queued(store)
    claimed(store)

    def beat() -> None:
        with store.write() as connection:
            query.beat(connection, busy, 1, lease=LEASE)

    with pytest.raises(Conflict, match="is running; only one that"), store.write() as connection:
        query.requeue(connection, dead)
    let_go(session, dead)
    with store.write() as connection:
        go_on(connection, dead)
    beating = threading.Timer(0.2, beat)
    beating.start()
    with pytest.raises(Conflict, match="is at work, as here:1:abcd"):
        let_go(session, busy)
    beating.join()
    session.store.close()

    assert (row(store, dead).status, row(store, busy).status) == ("pending", "running")
    assert claimed(store) == dead
    assert row(store, dead).attempt == 2
