import threading
import time

import pytest
from fastapi.testclient import TestClient

from tests.runs.test_working import queued
from tunix_rt.kit.ids import new_id
from tunix_rt.runs import query
from tunix_rt.store import Store


def events(text: str) -> list[tuple[str, str]]:
    found = []
    for block in text.strip().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\n"))
        found.append((fields["event"], fields["data"]))
    return found


def test_a_log_is_followed_to_its_end_and_from_any_line_on(api: TestClient, store: Store) -> None:
    run_id = queued(store)
    with store.write() as connection:
        query.add_log(connection, run_id, [("stdout", "one"), ("stderr", "two"), ("stdout", "3")])
        query.cancel(connection, run_id)

    for path in (f"/api/runs/{run_id}/logs", f"/api/tunix/runs/{run_id}/logs"):
        whole = events(api.get(path).text)
        rest = events(api.get(path, headers={"Last-Event-ID": "2"}).text)
        since = events(api.get(f"{path}?since_seq=1").text)

        assert [name for name, _ in whole] == ["log", "log", "log", "status"]
        assert '"stream":"stderr","chunk":"two"' in whole[1][1]
        assert whole[-1][1] == '{"status":"cancelled"}'
        assert [name for name, _ in rest] == ["log", "status"]
        assert len(since) == 3


def test_a_run_that_does_not_exist_is_an_error_event(api: TestClient) -> None:
    answer = api.get(f"/api/tunix/runs/{new_id()}/logs")

    assert answer.status_code == 200
    assert events(answer.text)[0][0] == "error"


def test_lines_that_are_stored_after_the_end_come_before_the_status(
    api: TestClient, store: Store
) -> None:
    run_id = queued(store)
    with store.write() as connection:
        query.cancel(connection, run_id)

    def late() -> None:
        time.sleep(0.2)
        with store.write() as connection:
            query.add_log(connection, run_id, [("stdout", "last words")])

    thread = threading.Thread(target=late)
    thread.start()
    said = events(api.get(f"/api/runs/{run_id}/logs").text)
    thread.join()

    assert [name for name, _ in said] == ["log", "status"]


@pytest.mark.parametrize("place", ["params", "headers"])
def test_a_line_no_log_can_have_is_refused(api: TestClient, store: Store, place: str) -> None:
    name = {"params": "since_seq", "headers": "Last-Event-ID"}[place]

    answer = api.get(f"/api/runs/{queued(store)}/logs", **{place: {name: "9" * 20}})  # type: ignore[arg-type]

    assert answer.status_code == 422
