import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.making import trace
from tests.runs.slow_jobs import Config
from tunix_rt.api.app import create_app
from tunix_rt.kit.settings import Settings
from tunix_rt.runs import query
from tunix_rt.runs.schema import NewRun, Status
from tunix_rt.store import Store


def numbers(api: TestClient) -> dict[str, float]:
    """Every sample of the page, by its name with labels."""
    answer = api.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = [line for line in answer.text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def made(store: Store, kind: str, *, dry_run: bool = False, end: Status | None = None) -> str:
    with store.write() as connection:
        run_id = query.enqueue(
            connection, NewRun(kind=kind, name="t", config=Config(dry_run=dry_run))
        )
        if end is not None:
            query.begin(connection, run_id)
            query.finish(connection, run_id, 0, status=end, exit_code=0)
    return run_id


def test_runs_are_counted_in_the_database_by_status_and_mode(
    api: TestClient, store: Store, settings: Settings
) -> None:
    assert 'tunix_runs_total{mode="local",status="completed"}' not in numbers(api)
    made(store, "train", end="completed")
    made(store, "train", end="completed")
    made(store, "train", dry_run=True, end="failed")
    made(store, "verify", end="completed")
    made(store, "verify")
    with store.write() as connection:
        query.cancel(
            connection,
            made_pending := query.enqueue(
                connection, NewRun(kind="train", name="t", config=Config())
            ),
        )
    assert made_pending

    restarted = TestClient(create_app(store, settings), base_url="http://localhost")
    for client in (api, restarted):
        found = numbers(client)
        assert found['tunix_runs_total{mode="local",status="completed"}'] == 2
        assert found['tunix_runs_total{mode="dry-run",status="failed"}'] == 1
        assert found['tunix_runs_total{mode="local",status="cancelled"}'] == 1
        assert found['tunix_runs_open{kind="verify",status="pending"}'] == 1
        took = 'tunix_runs_duration_seconds_{}{{{}mode="local",status="{}"}}'
        assert found[took.format("count", "", "completed")] == 2
        assert found[took.format("count", "", "cancelled")] == 0
        assert 0 <= found[took.format("sum", "", "completed")] < 60
        assert found[took.format("bucket", 'le="60",', "completed")] == 2
        assert found[took.format("bucket", 'le="+Inf",', "completed")] == 2


def test_writes_are_timed_by_what_they_are_for(api: TestClient, store: Store) -> None:
    api.post("/api/traces", json=trace())
    api.post("/api/traces", json=trace())
    made(store, "verify")

    found = numbers(api)

    assert found['tunix_db_write_latency_ms_count{operation="create_trace"}'] == 2
    assert found['tunix_db_write_latency_ms_count{operation="background"}'] == 1
    assert found['tunix_db_write_latency_ms_sum{operation="create_trace"}'] > 0


def test_requests_are_counted_by_route_and_never_by_what_a_client_chose(api: TestClient) -> None:
    for name in ("a", "b"):
        api.get(f"/api/datasets/{name}")
    api.get("/api/nothing/of/this")
    api.request("BREW", "/api/traces")

    found = numbers(api)

    route = 'route="/api/datasets/{key}"'
    assert found[f'tunix_http_requests_total{{method="GET",{route},status="404"}}'] == 2
    assert found[f'tunix_http_request_seconds_count{{method="GET",{route}}}'] == 2
    labels = {label for name in found for label in re.findall(r'(?:method|route)="([^"]*)"', name)}
    assert not {"BREW", "/api/nothing/of/this", "/api/datasets/a"} & labels


@pytest.mark.parametrize("name", ["process_resident_memory_bytes", "process_cpu_seconds_total"])
def test_the_process_says_what_it_uses(api: TestClient, name: str) -> None:
    if not Path("/proc/self/stat").exists():
        pytest.skip("only Linux says so")
    assert numbers(api)[name] > 0
