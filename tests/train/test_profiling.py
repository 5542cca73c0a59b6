"""Some steps of a training are traced, and the trace is an artifact of the run."""

from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.extras import needs
from tests.train.jobs import RECIPE, job
from tunix_rt.kit.errors import BadInput, Cancelled
from tunix_rt.runs import query
from tunix_rt.runs.reporting import Reporter
from tunix_rt.store import Store
from tunix_rt.train import queueing
from tunix_rt.train.recipes import read_recipe
from tunix_rt.train.schema import Progress

pytestmark = pytest.mark.jax
needs("tunix", extra="tunix")


def test_traced_steps_lie_in_the_folder_and_the_bits_stay(tmp_path: Path) -> None:
    from tunix_rt.train.backends.tunix import train

    plain = train(job(tmp_path / "plain"))
    traced = train(job(tmp_path / "traced", profile={"start": 3, "steps": 2}))

    files = [one.name for one in (tmp_path / "traced" / "profile").rglob("*") if one.is_file()]
    assert any(name.endswith(".xplane.pb") for name in files)
    assert traced.weights_sha256 == plain.weights_sha256
    assert not (tmp_path / "plain" / "profile").exists()


def test_a_trace_may_end_with_the_training_and_one_that_is_cut_is_thrown_away(
    tmp_path: Path,
) -> None:
    from tunix_rt.train.backends.tunix import train

    def stop(progress: Progress) -> None:
        if progress.step == 6:
            raise ZeroDivisionError

    train(job(tmp_path / "end", steps=4, profile={"start": 4, "steps": 9}))
    with pytest.raises(ZeroDivisionError):
        train(job(tmp_path / "cut", stop, profile={"start": 5, "steps": 9}))

    assert any((tmp_path / "end" / "profile").rglob("*.xplane.pb"))
    assert not [one for one in (tmp_path / "cut").iterdir() if one.name.startswith("profile")]


def test_a_training_that_goes_on_may_be_traced_now(tmp_path: Path) -> None:
    from tunix_rt.train.backends.tunix import train

    def stop(progress: Progress) -> None:
        if progress.step == 6:
            raise Cancelled("enough")

    with pytest.raises(Cancelled):
        train(job(tmp_path, stop))
    train(job(tmp_path, profile={"start": 9, "steps": 1}))

    assert any((tmp_path / "profile").rglob("*.xplane.pb"))


def test_a_method_that_traces_nothing_refuses_the_table() -> None:
    model = {"model": {"path": "m"}, "tokenizer": {"source": "model"}}

    with pytest.raises(BadInput, match="profile means nothing with method"):
        read_recipe(RECIPE | model | {"method": "dpo", "profile": {}})


def test_a_trace_is_listed_and_confined(api: TestClient, store: Store, tmp_path: Path) -> None:
    with store.write() as connection:
        run_id = query.enqueue(connection, queueing.wanted(read_recipe(RECIPE), "d-1"))
        claimed = query.claim(connection, worker="t", lease=timedelta(minutes=5), run_id=run_id)
    assert claimed is not None
    run = Reporter(store, run_id, claimed.attempt, store.home / "runs" / run_id)
    (run.folder / "profile" / "plugins").mkdir(parents=True)
    (run.folder / "profile" / "plugins" / "host.xplane.pb").write_bytes(b"trace")
    (run.folder / "identity.json").write_text("secret")
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "config.json").write_text("{}")
    here = f"/api/tunix/runs/{run_id}/artifacts"
    before = [one["name"] for one in api.get(here).json()["artifacts"]]
    run.result({"model_folder": str(tmp_path / "model")})

    listed = [one["name"] for one in api.get(here).json()["artifacts"]]
    file = api.get(f"{here}/profile/plugins/host.xplane.pb/download")

    assert before == ["profile/plugins/host.xplane.pb"]
    assert listed == ["config.json", "profile/plugins/host.xplane.pb"]
    assert (file.status_code, file.content) == (200, b"trace")
    for name in ("profile/%2e%2e/identity.json", "profile/%2e%2e/%2e%2e/x", "profile/gone"):
        assert api.get(f"{here}/{name}/download").status_code in (403, 404), name
