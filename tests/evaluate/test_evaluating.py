import json
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.making import write_lines
from tunix_rt.evaluate import predicting, query
from tunix_rt.evaluate.evaluating import evaluate
from tunix_rt.evaluate.schema import EvaluateConfig
from tunix_rt.kit.errors import BadInput, Cancelled, Conflict, Lost, NotFound
from tunix_rt.runs import query as runs
from tunix_rt.runs.reporting import LEASE, Reporter
from tunix_rt.runs.schema import NewRun
from tunix_rt.store import Store
from tunix_rt.tasks import query as tasks
from tunix_rt.tasks import suites

ITEMS = [
    {"id": f"i{n}", "prompt": f"{n}+{n}?", "expected_answer": str(2 * n), "category": "ab"[n % 2]}
    for n in range(20)
]


@pytest.fixture
def suite(store: Store, tmp_path: Path) -> str:
    items, wrong = suites.from_file(store, "sums", write_lines(tmp_path / "s.jsonl", ITEMS))
    assert (items, wrong) == (20, [])
    return "sums"


def recorded(store: Store, said: dict[str, str], **more: Any) -> EvaluateConfig:
    lines = [json.dumps({"id": k, "prediction": v}).encode() + b"\n" for k, v in said.items()]
    sha256, _ = store.blobs.put(lines)
    return EvaluateConfig(suite="sums", model_id="m", predictions=sha256, **more)


def begun(store: Store, config: EvaluateConfig) -> Reporter:
    new = NewRun(kind="evaluate", name="test", config=config)
    with store.write() as connection:
        run_id = runs.enqueue(connection, new)
        runs.claim(connection, worker="test", lease=LEASE, run_id=run_id)
    return Reporter(store, run_id, 1, store.home / "runs" / run_id)


def test_each_item_gets_a_verdict_and_missing_ones_count_as_wrong(store: Store, suite: str) -> None:
    said = {f"i{n}": str(2 * n) for n in range(10)} | {"i10": "7", "i11": "22 or 23"}
    config = recorded(store, said)

    row = evaluate(begun(store, config), config)

    assert (row.n_items, row.n_correct, row.n_missing) == (20, 10, 8)
    assert row.accuracy == 0.5
    assert {f["family"]: (f["n"], f["correct"]) for f in row.families} == {
        "a": (10, 5),
        "b": (10, 5),
    }
    with store.read() as connection:
        wrong = query.items(connection, row.id, limit=100, outcome="wrong")
        missing = query.items(connection, row.id, limit=100, outcome="missing")
    assert [item.item for item in wrong] == ["i10", "i11"]
    assert len(missing) == 8


def test_an_evaluation_that_was_stopped_goes_on_and_doubles_nothing(
    store: Store, suite: str
) -> None:
    config = recorded(store, {f"i{n}": str(2 * n) for n in range(20)}, batch_size=6)
    run = begun(store, config)
    turns = count()

    def stop(done: int, total: int | None, text: str = "") -> None:
        if next(turns) == 1:
            raise Cancelled("stopped")

    first = Reporter(store, run.id, 1, run.folder)
    first.progress = stop  # type: ignore[method-assign]
    with pytest.raises(Cancelled):
        evaluate(first, config)
    row = evaluate(run, config)

    assert (row.n_items, row.n_correct) == (20, 20)


def test_a_process_that_lost_its_evaluation_can_commit_nothing_more(
    store: Store, suite: str
) -> None:
    config = recorded(store, {f"i{n}": str(2 * n) for n in range(20)}, batch_size=6)
    old = begun(store, config)
    new: list[Reporter] = []

    def taken_over(done: int, total: int | None, text: str = "") -> None:
        with store.write() as connection:
            runs.beat(connection, old.id, 1, lease=-LEASE)
            runs.claim(connection, worker="other", lease=LEASE, run_id=old.id)
        new.append(Reporter(store, old.id, 2, old.folder))

    old.progress = taken_over  # type: ignore[method-assign]
    with pytest.raises(Lost, match="taken this run over"):
        evaluate(old, config)
    row = evaluate(new[0], config)

    assert len(new) == 1
    assert (row.n_items, row.n_correct) == (20, 20)


def test_an_evaluation_that_did_not_end_well_says_so(
    api: TestClient, store: Store, suite: str
) -> None:
    config = recorded(store, {})
    run = begun(store, config)
    with store.write() as connection:
        evaluation_id = query.begin(connection, run.id, config)
    path = f"/api/evaluations/{evaluation_id}"

    before = api.get(path).json()["status"]
    with store.write() as connection:
        runs.finish(connection, run.id, 1, status="failed", error="a bug")

    assert (before, api.get(path).json()["status"]) == ("running", "failed")


def test_a_date_without_a_zone_is_utc(api: TestClient, store: Store, suite: str) -> None:
    config = recorded(store, {})
    evaluate(begun(store, config), config)
    path = "/api/tunix/evaluations"

    since = api.get(f"{path}?date_from=2026-01-01").json()
    until = api.get(f"{path}?date_to=2026-01-01T00:00:00").json()

    assert since["filters"]["date_from"] == "2026-01-01T00:00:00.000000Z"
    assert (len(since["data"]), len(until["data"])) == (1, 0)


def test_a_suite_nobody_made_is_named(store: Store) -> None:
    config = recorded(store, {})

    with pytest.raises(NotFound, match="There is no suite 'sums'"):
        evaluate(begun(store, config), config)


def test_the_leaderboard_is_best_first_with_intervals(
    api: TestClient, store: Store, suite: str
) -> None:
    for right in (5, 15, 10):
        config = recorded(store, {f"i{n}": str(2 * n) for n in range(right)})
        evaluate(begun(store, config), config)

    found = api.get("/api/tunix/evaluations?limit=2").json()

    assert [row["score"] for row in found["data"]] == [75.0, 50.0]
    assert found["pagination"]["next_offset"] == 2
    top = found["data"][0]
    assert 0 < top["metrics"]["ci_low"] < 0.75 < top["metrics"]["ci_high"] < 1
    assert top["scorecard"]["n_skipped"] == 5
    detail = api.get(f"/api/evaluations/{top['evaluation_id']}").json()
    assert (detail["n_correct"], len(detail["families"])) == (15, 2)
    newest = api.get(f"/api/tunix/runs/{top['run_id']}/evaluation").json()
    assert newest["judge"] == {"name": "number", "version": "2"}
    page = api.get(f"/api/evaluations/{top['evaluation_id']}/items?limit=15&outcome=right").json()
    assert (len(page["data"]), page["pagination"]["next_cursor"]) == (15, None)


def test_items_are_paged_in_the_order_of_the_suite(
    api: TestClient, store: Store, suite: str
) -> None:
    config = recorded(store, {})
    row = evaluate(begun(store, config), config)
    path = f"/api/evaluations/{row.id}/items"

    first = api.get(f"{path}?limit=12").json()
    rest = api.get(f"{path}?limit=12&cursor={first['pagination']['next_cursor']}").json()

    found = [item["item"] for item in first["data"] + rest["data"]]
    assert found == [item["id"] for item in ITEMS]
    assert api.get(f"{path}?cursor=x").status_code == 422


def test_a_suite_is_frozen(store: Store, suite: str, tmp_path: Path) -> None:
    again = write_lines(tmp_path / "again.jsonl", ITEMS)
    other = write_lines(tmp_path / "other.jsonl", ITEMS[:3])

    assert suites.from_file(store, "sums", again)[0] == 20
    with pytest.raises(Conflict, match="exists with other items"):
        suites.from_file(store, "sums", other)


def test_half_an_eval_set_is_not_stored(store: Store, tmp_path: Path) -> None:
    lines = [
        ITEMS[0],
        {"id": "x"},
        ITEMS[0],
        "{",
        {"id": "y", "prompt": " ", "expected_answer": "1"},
    ]

    items, wrong = suites.from_file(store, "half", write_lines(tmp_path / "h.jsonl", lines))

    assert items == 1
    assert [line.partition(": ")[0] for line in wrong] == [f"h.jsonl:{n}" for n in (2, 3, 4, 5)]
    with store.read() as connection:
        assert tasks.page(connection, limit=10) == []


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("tunix_rt_v1/eval_v1.jsonl", 25),
        ("tunix_rt_v1/eval_v2.jsonl", 100),
        ("gsm8k/test.jsonl", 1319),
    ],
)
def test_real_eval_sets_are_read(store: Store, data: Path, name: str, count: int) -> None:
    assert suites.from_file(store, "real", data / name) == (count, [])


def test_the_published_models_score_what_was_published(store: Store, data: Path) -> None:
    suites.from_file(store, "sums", data / "gsm8k" / "test.jsonl")
    file = data / "gsm8k" / "example_model_solutions.jsonl"
    found, wrong = predicting.read(file, format="gsm8k-solutions", model="x")
    assert wrong == []

    scores = {}
    for model, said in found.items():
        config = recorded(store, said, batch_size=2000)
        scores[model] = evaluate(begun(store, config), config).n_correct

    assert scores == {
        "6b_finetuning": 286,
        "6b_verification": 515,
        "175b_finetuning": 458,
        "175b_verification": 742,
    }


def test_predictions_that_are_none_are_named_and_the_rest_is_read(tmp_path: Path) -> None:
    lines = [
        {"id": "a", "prediction": "1"},
        {"trace_id": "b", "prediction": "2", "model": "other"},
        "{",
        {"prediction": "3"},
        {"id": "a", "prediction": "4"},
        {"id": "c", "prediction": 5},
    ]

    found, wrong = predicting.read(
        write_lines(tmp_path / "p.jsonl", lines), format="predictions", model="mine"
    )

    assert found == {"mine": {"a": "4"}, "other": {"b": "2"}}
    assert [line.split(":")[1] for line in wrong] == ["3", "4", "5", "6"]


def test_a_file_without_predictions_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="holds no prediction"):
        predicting.read(write_lines(tmp_path / "p.jsonl", ["{}"]), format="predictions", model="m")
