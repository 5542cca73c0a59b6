import json
import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from click.testing import CliRunner, Result
from fastapi.testclient import TestClient

from tests.runs.slow_jobs import Config
from tunix_rt.kit.ids import new_id
from tunix_rt.kit.settings import Settings
from tunix_rt.registry import promoting
from tunix_rt.registry import query as registry
from tunix_rt.registry.commands import app
from tunix_rt.registry.schema import NewModel, Promote
from tunix_rt.runs import query
from tunix_rt.runs.reporting import LEASE
from tunix_rt.runs.schema import NewRun
from tunix_rt.store import Row, Store, open_store
from tunix_rt.store.session import Session


def completed(store: Store, result: dict[str, Any], status: Any = "completed") -> str:
    with store.write() as connection:
        run_id = query.enqueue(connection, NewRun(kind="train", name="t", config=Config()))
        query.begin(connection, run_id)
        query.beat(connection, run_id, 0, lease=LEASE, result=result)
        query.finish(connection, run_id, 0, status=status, exit_code=0)
    return run_id


def model_folder(place: Path, words: bytes = b"weights") -> Path:
    place.mkdir()
    (place / "config.json").write_text(json.dumps({"model_type": "x"}))
    (place / "model.safetensors").write_bytes(words)
    return place


def family(api: TestClient, name: str = "m") -> str:
    answer = api.post("/api/models", json={"name": name})
    assert answer.status_code == 201
    return str(answer.json()["id"])


def promote(api: TestClient, model: str, run_id: str, **more: str) -> Any:
    return api.post(f"/api/models/{model}/versions/promote", json={"source_run_id": run_id, **more})


def tunix_rt(settings: Settings, *arguments: str) -> Result:
    session = Session(settings)
    result = CliRunner().invoke(app, arguments, obj=session)
    if "store" in vars(session):
        session.store.close()
    return result


def test_a_version_is_a_copy_identified_by_its_content(
    api: TestClient, store: Store, tmp_path: Path
) -> None:
    folder = model_folder(tmp_path / "out")
    model = family(api)

    first = promote(api, model, completed(store, {"model_folder": str(folder)})).json()
    (folder / "model.safetensors").write_bytes(b"changed later")
    second = promote(api, model, completed(store, {"model_folder": str(folder)})).json()

    assert (first["version"], second["version"]) == ("v1", "v2")
    kept = Path(first["storage_uri"].removeprefix("file://"))
    assert (kept / "model.safetensors").read_bytes() == b"weights"
    assert api.get(f"/api/models/versions/{first['id']}").json() == first
    shown = api.get(f"/api/models/{model}").json()
    assert (shown["latest_version"], len(shown["versions"])) == ("v2", 2)


def test_the_same_content_is_the_same_version(
    api: TestClient, store: Store, tmp_path: Path
) -> None:
    model = family(api)
    runs = [completed(store, {"model_folder": str(model_folder(tmp_path / n))}) for n in "ab"]

    first, second = (promote(api, model, run_id).json() for run_id in runs)

    assert first["id"] == second["id"]


@pytest.mark.parametrize("status", ["failed", "cancelled"])
def test_only_a_completed_run_is_promoted(
    api: TestClient, store: Store, tmp_path: Path, status: str
) -> None:
    folder = model_folder(tmp_path / "out")

    answer = promote(api, family(api), completed(store, {"model_folder": str(folder)}, status))

    assert (answer.status_code, status in answer.json()["detail"]) == (400, True)


def test_what_is_no_model_is_refused(api: TestClient, store: Store, tmp_path: Path) -> None:
    model = family(api)
    empty = tmp_path / "empty"
    empty.mkdir()

    for result in ({}, {"model_folder": str(tmp_path / "gone")}, {"model_folder": str(empty)}):
        assert promote(api, model, completed(store, result)).status_code == 400
    assert promote(api, model, "x").status_code == 400
    assert promote(api, model, new_id()).status_code == 404
    assert promote(api, new_id(), new_id()).status_code == 404


def test_names_and_labels_are_taken_once(api: TestClient, store: Store, tmp_path: Path) -> None:
    model = family(api, "taken")
    one = completed(store, {"model_folder": str(model_folder(tmp_path / "a", b"1"))})
    two = completed(store, {"model_folder": str(model_folder(tmp_path / "b", b"2"))})

    assert api.post("/api/models", json={"name": "taken"}).status_code == 409
    assert api.post("/api/models", json={"name": "no spaces"}).status_code == 422
    assert promote(api, model, one, version_label="best").json()["version"] == "best"
    assert promote(api, model, two, version_label="best").status_code == 409
    assert promote(api, model, two, version_label="../x").status_code == 422


@pytest.mark.parametrize("contents", [["same"] * 4, ["one", "two", "three", "four"]])
def test_promotions_at_the_same_time_do_not_meet(
    store: Store, tmp_path: Path, contents: list[str]
) -> None:
    with store.write() as connection:
        model = registry.create(connection, NewModel(name="m"))
    runs = [
        completed(
            store, {"model_folder": str(model_folder(tmp_path / str(n), c.encode() * 99_999))}
        )
        for n, c in enumerate(contents)
    ]
    together = Barrier(len(runs))

    def promoted(run_id: str) -> Row[Any]:
        together.wait()
        return promoting.promote(store, model, Promote(source_run_id=run_id))

    with ThreadPoolExecutor(len(runs)) as pool:
        rows = list(pool.map(promoted, runs))

    different = len(set(contents))
    assert {row.version for row in rows} == {f"v{n + 1}" for n in range(different)}
    assert len({row.id for row in rows}) == different
    kept = sorted(path.name for path in (store.home / "models").iterdir())
    assert kept == sorted({row.sha256 for row in rows})


def test_a_promotion_that_fails_leaves_no_family(
    settings: Settings, store: Store, tmp_path: Path
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    run_id = completed(store, {"model_folder": str(empty)})

    for wanted in ([run_id, "m"], [run_id, "m", "--label", "-x"], [new_id(), "m"]):
        assert tunix_rt(settings, "promote", *wanted).exit_code == 1

    with store.read() as connection:
        assert registry.page(connection, limit=10) == []


def test_the_command_makes_the_family_with_its_first_version(
    settings: Settings, store: Store, tmp_path: Path
) -> None:
    for number in (1, 2):
        folder = model_folder(tmp_path / str(number), b"w" * number)
        run_id = completed(store, {"model_folder": str(folder)})
        result = tunix_rt(settings, "promote", run_id, "m")
        assert (result.exit_code, f"m v{number}: sha256" in result.stdout) == (0, True)


def test_a_description_may_hold_any_text(api: TestClient) -> None:
    answer = api.post("/api/models", json={"name": "m", "description": "a\0b", "task_type": "\0"})

    assert (answer.status_code, answer.json()["description"]) == (201, "a\ufffdb")


def test_what_a_killed_promotion_left_is_cleared_up_and_what_is_at_work_stays(
    api: TestClient, store: Store, tmp_path: Path
) -> None:
    old, young = store.models / ".part-old", store.models / ".part-young"
    for part in (old, young):
        (part / "half").mkdir(parents=True)
        (part / "half" / "model.safetensors").write_bytes(b"half")
    long_ago = time.time() - 2 * promoting.ABANDONED_SECONDS
    for path in (*old.rglob("*"), old, young, young / "half"):
        os.utime(path, (long_ago, long_ago))

    run_id = completed(store, {"model_folder": str(model_folder(tmp_path / "out"))})
    assert promote(api, family(api), run_id).status_code == 200

    assert (old.exists(), young.exists()) == (False, True)


def test_models_are_kept_where_the_setting_says(settings: Settings, tmp_path: Path) -> None:
    elsewhere = settings.model_copy(update={"registry": tmp_path / "registry"})
    store = open_store(elsewhere)
    run_id = completed(store, {"model_folder": str(model_folder(tmp_path / "out"))})

    row = promoting.promote(store, NewModel(name="m"), Promote(source_run_id=run_id))

    assert (tmp_path / "registry" / row.sha256 / "config.json").is_file()
    store.close()
