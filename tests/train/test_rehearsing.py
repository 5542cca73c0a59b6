"""A dry run: what is said of a training before its first step."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.cli.running import Home
from tests.extras import needs
from tests.making import stored, trace
from tests.train.jobs import RECIPE, halved
from tunix_rt.datasets import freezing
from tunix_rt.datasets.schema import Build
from tunix_rt.kit.errors import BadInput
from tunix_rt.kit.settings import Settings
from tunix_rt.store import Store, open_store
from tunix_rt.train import rehearsing
from tunix_rt.train.jobs import examples
from tunix_rt.train.recipes import read_recipe
from tunix_rt.train.schema import TrainJob
from tunix_rt.train.showing_dry import facts

needs("tokenizers", extra="tunix")

CHANGES: dict[str, Any] = {"max_seq_length": 64}


@pytest.fixture
def own(tmp_path: Path) -> Store:
    """A store with 40 frozen traces, in one folder with the tests' files."""
    store = open_store(Settings(home=tmp_path / "home", database=""))
    frozen(store, tmp_path)
    return store


def frozen(store: Store, folder: Path) -> str:
    stored(store, folder, [trace(n) for n in range(40)])
    return freezing.freeze(store, Build(dataset_name="d", dataset_version="1")).dataset_key


def job_of(store: Store, folder: Path, **changes: Any) -> TrainJob:
    recipe = read_recipe(RECIPE | CHANGES | changes)
    return TrainJob(recipe, examples(store, "d-1", recipe), folder, lambda _: None)


@pytest.mark.jax
@pytest.mark.parametrize("method", ["sft", "lora"])
def test_one_step_is_the_first_of_the_training_and_its_checkpoint_goes_on(
    own: Store, tmp_path: Path, method: str
) -> None:
    needs("tunix", extra="tunix")
    from tunix_rt.train.backends.tunix import train

    job = job_of(own, tmp_path / "run", method=method)
    report = rehearsing.rehearse(own, "d-1", job)
    left = list((tmp_path / "run").iterdir())
    trained = train(job)

    assert left == []
    assert report.tried is not None
    assert report.tried.loss == trained.first_loss
    assert report.tried.restored
    assert report.tried.checkpoint_bytes > 1000
    assert (report.steps, report.tokens) == (trained.steps, trained.tokens)
    assert report.parameters == trained.parameters
    assert report.memory is not None
    assert report.memory.fits
    assert report.memory.compiled is not None
    assert report.seconds is not None
    assert (report.complete, report.left_out) == (True, [])
    words = dict(facts(report))
    assert "restored it goes on with the same loss" in words["checkpoint"]
    assert words["rows"] == "40, 40 of them trained"


def test_what_the_training_would_refuse_the_dry_run_does(own: Store, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="examples are longer than 16 tokens"):
        rehearsing.rehearse(own, "d-1", job_of(own, tmp_path, max_seq_length=16))


def test_a_glance_sees_the_first_rows_and_tries_nothing(own: Store) -> None:
    recipe = read_recipe(RECIPE | CHANGES | {"steps": None, "epochs": 2})
    whole = rehearsing.glance(own, "d-1", recipe)
    some = rehearsing.glance(own, "d-1", recipe, 10)

    assert (whole.complete, whole.numbers.rows, whole.steps) == (True, 40, 5)
    assert (some.complete, some.numbers.rows, some.steps) == (False, 10, None)
    assert whole.tried is None
    assert "No step was tried" in whole.left_out[0]
    assert whole.useful_share is not None
    assert 0 < whole.useful_share <= 1


@pytest.mark.jax
def test_steps_that_would_be_lost_to_rounding_are_warned_of(own: Store, tmp_path: Path) -> None:
    needs("tunix", extra="tunix")
    from tunix_rt.train.backends.tunix import initialise

    whole = initialise(job_of(own, tmp_path))
    half = halved(whole, tmp_path / "half")

    def warned(folder: Path, **changes: Any) -> list[str]:
        told = {"model": {"path": str(folder)}, "tokenizer": {"source": "model"}}
        report = rehearsing.glance(own, "d-1", read_recipe(RECIPE | CHANGES | told | changes))
        assert [said for name, said in facts(report) if name == "warning"] == report.warnings
        return report.warnings

    assert "16 bits for a weight" in warned(half)[0]
    assert warned(half, precision="bfloat16") == warned(whole) == []


def test_without_the_runtime_rows_are_rendered_and_memory_is_reckoned(
    own: Store, tmp_path: Path
) -> None:
    script = f"""
import sys
sys.modules.update(dict.fromkeys(("jax", "flax", "tunix", "qwix", "orbax")))
from pathlib import Path
from tests.train.test_rehearsing import job_of
from tunix_rt.kit.settings import Settings
from tunix_rt.store import open_store
from tunix_rt.train.rehearsing import rehearse
store = open_store(Settings(home=Path({str(own.home)!r}), database=""))
print(rehearse(store, "d-1", job_of(store, Path({str(tmp_path)!r}))).model_dump_json())
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)

    assert (report["tried"], report["seconds"]) == (None, None)
    assert report["memory"]["total"] > 0
    assert "not installed" in report["left_out"][0]


def test_the_contracts_dry_run_keeps_what_it_found(
    api: TestClient, store: Store, tmp_path: Path
) -> None:
    key = frozen(store, tmp_path)

    run = api.post("/api/tunix/run", json={"dataset_key": key, "model_id": "nano"}).json()
    result = api.get(f"/api/runs/{run['run_id']}").json()["result"]

    assert run["stdout"].startswith("Dry-run validation successful\nrows: 40, 40 of them trained")
    assert result["dry_run"]["numbers"]["rows"] == 40
    assert result["dry_run"]["shapes"][0]["lines"] == 8


def test_a_model_that_is_not_here_leaves_the_contracts_answer_as_it_is(
    api: TestClient, store: Store, tmp_path: Path
) -> None:
    key = frozen(store, tmp_path)

    run = api.post("/api/tunix/run", json={"dataset_key": key, "model_id": "gone"}).json()
    result = api.get(f"/api/runs/{run['run_id']}").json()["result"]

    assert (run["status"], run["message"]) == ("completed", "Dry-run validation successful")
    assert result["dry_run"] is None
    assert result["left_out"] in run["stdout"]


def test_a_dry_run_of_a_recipe_is_queued_and_leaves_nothing_to_evaluate(
    api: TestClient, store: Store, tmp_path: Path
) -> None:
    asked = {"recipe": RECIPE | CHANGES, "dataset_key": frozen(store, tmp_path), "dry_run": True}

    queued = api.post("/api/tunix/train", json=asked).json()
    refused = api.post("/api/tunix/train", json=asked | {"evaluate": "sums"})
    listed = api.get("/api/tunix/runs?mode=dry-run").json()["data"]

    assert [one["run_id"] for one in listed] == [queued["run_id"]]
    assert refused.status_code == 422
    assert "leaves no model" in refused.json()["detail"]


@pytest.mark.jax
def test_the_terminal_prints_it_and_no_training_goes_on_with_it(own: Store, tmp_path: Path) -> None:
    needs("tunix", extra="tunix")
    home, file = Home(own.home), tmp_path / "r.json"
    file.write_text(json.dumps(RECIPE | CHANGES))
    asked = ("train", "run", file, "--dataset", "d-1", "--dry-run")

    report = home.json(*asked)
    refused = home.inside(*asked, "--resume", "latest")

    assert report["status"] == "completed"
    assert report["dry_run"]["tried"]["restored"]
    assert "nothing to go on with" in str(refused.exception)
