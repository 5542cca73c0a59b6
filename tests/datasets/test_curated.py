"""What a pipeline chose, frozen: by the command line, by the API, from a finished curation."""

import json
import os
import threading
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from fastapi.testclient import TestClient

from tests.curate.curating import curate, verified
from tests.datasets.test_freezing import build
from tests.making import stored, trace
from tunix_rt.curate.chosen import chosen
from tunix_rt.datasets import freezing, reading
from tunix_rt.datasets.commands import app
from tunix_rt.kit.errors import Conflict, NotFound
from tunix_rt.kit.ids import new_id
from tunix_rt.kit.settings import Settings
from tunix_rt.runs.spawning import command, environment
from tunix_rt.runs.working import Worker
from tunix_rt.store import Store
from tunix_rt.store.session import Session
from tunix_rt.traces import query_marks

STAGES = ("verified", {"stage": "per-prompt", "most": 1}, {"stage": "curriculum", "parts": 2})


def some(count: int = 20) -> list[dict[str, object]]:
    """Right and wrong answers, two of each prompt."""
    return [
        trace(n // 2, final_answer=str(n // 2 + (1 if n % 3 else 7)), trace_version=str(n))
        for n in range(count)
    ]


def test_a_curation_is_frozen_in_its_order_with_its_weights_and_parts(
    store: Store, tmp_path: Path
) -> None:
    stored(store, tmp_path, some())
    verified(store)
    found = curate(store, tmp_path, *STAGES)

    frozen = freezing.freeze(store, build(curation=found.run_id))

    rows = list(reading.rows(store, "d-1"))
    assert [(row.id, row.weight, row.part) for row in rows] == [
        (one.trace_id, one.weight, str(one.part)) for one in chosen(store, found.run_id)
    ]
    assert {row.verdict for row in rows} == {"right"}
    assert frozen.parts == Counter(row.part for row in rows)
    assert frozen.curation is not None
    assert frozen.curation.selection_sha256 == found.selection_sha256
    assert [line["stage"] for line in frozen.curation.funnel] == [
        "verified",
        "per-prompt",
        "curriculum",
    ]


def test_a_curation_that_is_dry_empty_or_none_is_not_frozen(store: Store, tmp_path: Path) -> None:
    stored(store, tmp_path, some())
    dry = curate(store, tmp_path, dry_run=True)
    empty = curate(store, tmp_path, "verified")

    with pytest.raises(Conflict, match="dry run"):
        freezing.freeze(store, build(curation=dry.run_id))
    with pytest.raises(Conflict, match="keeps no trace"):
        freezing.freeze(store, build(curation=empty.run_id))
    with pytest.raises(NotFound):
        freezing.freeze(store, build(curation=new_id()))


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"curation": "x"}, "is not the id of a curation"),
        ({"curation": new_id(), "query": "steps:1"}, "leave out filters and query"),
        ({"curation": new_id(), "pipeline": {"stages": []}}, "not two of them"),
        ({"pipeline": {"stages": [], "size": 3}}, "size"),
    ],
)
def test_a_request_that_contradicts_itself_is_refused(given: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        build(**given)


def test_a_pipeline_file_is_run_and_frozen_by_one_command(
    store: Store, settings: Settings, tmp_path: Path
) -> None:
    stored(store, tmp_path, some())
    verified(store)
    file = tmp_path / "p.toml"
    file.write_text('name = "p"\n[[stages]]\nstage = "verified"\n')
    session = Session(settings)

    done = CliRunner().invoke(
        app,
        ["build", "d", "1", "--pipeline", str(file), "--query", "steps:1", "--json"],
        obj=session,
        catch_exceptions=False,
    )
    again = CliRunner().invoke(
        app, ["build", "d", "2", "--pipeline", str(file), "--limit", "3", "--json"], obj=session
    )
    session.store.close()

    assert json.loads(done.stdout)["trace_count"] == 13
    assert json.loads(again.stdout)["trace_count"] == 3
    version = reading.version(store, "d-1")
    assert version.curation is not None
    assert version.curation.run_id == version.build_id
    assert version.curation.funnel[0]["came"] == 20


def test_a_curation_is_not_frozen_in_part(store: Store, tmp_path: Path) -> None:
    stored(store, tmp_path, some())
    verified(store)
    found = curate(store, tmp_path, "verified")
    with store.write() as connection:
        gone = [one.trace_id for one in chosen(store, found.run_id)][:2]
        assert query_marks.soft_delete(connection, gone) == 2

    with pytest.raises(Conflict, match="2 of the 13 traces that the curation chose were deleted"):
        freezing.freeze(store, build(curation=found.run_id))

    with pytest.raises(NotFound):
        reading.version(store, "d-1")


@pytest.mark.parametrize("way", ["pipeline", "curation"])
def test_what_was_chosen_is_frozen_whole_by_a_run(
    way: str, store: Store, settings: Settings, tmp_path: Path
) -> None:
    stored(store, tmp_path, [trace(n) for n in range(150)])
    file = tmp_path / "p.toml"
    file.write_text('name = "p"\n')
    given = str(file) if way == "pipeline" else curate(store, tmp_path).run_id
    session = Session(settings)

    done = CliRunner().invoke(
        app, ["build", "d", "1", f"--{way}", given, "--json"], obj=session, catch_exceptions=False
    )
    session.store.close()

    assert json.loads(done.stdout)["trace_count"] == 150


def test_the_api_runs_a_pipeline_before_it_answers(
    api: TestClient, store: Store, settings: Settings, tmp_path: Path
) -> None:
    stored(store, tmp_path, some())
    verified(store)
    worker = Worker(store, command, environment(settings, dict(os.environ)))
    thread = threading.Thread(target=worker.forever)
    thread.start()
    request = {"dataset_name": "d", "dataset_version": "1", "pipeline": {"stages": ["verified"]}}
    try:
        wrong = api.post("/api/datasets/build", json=request)
        request["pipeline"] = {"stages": [{"stage": "verified"}]}
        built = api.post("/api/datasets/build", json=request)
        taken = api.post("/api/datasets/build", json=request)
        request["dataset_version"] = "2"
        request["pipeline"] = {"stages": [{"stage": "length", "steps_min": 90}]}
        empty = api.post("/api/datasets/build", json=request)
    finally:
        worker.stop.set()
        thread.join()

    assert (wrong.status_code, built.status_code, taken.status_code) == (422, 201, 409)
    assert built.json()["trace_count"] == 13
    assert empty.status_code == 422
    assert "Dataset is empty. No trace came through the pipeline." in empty.json()["detail"]
