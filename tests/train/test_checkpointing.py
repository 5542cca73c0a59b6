"""Which checkpoints a training has left: listed over HTTP, in the terminal and for Python."""

import json
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.cli.running import Home
from tests.extras import needs
from tests.train.jobs import job
from tests.train.rollouts import begun
from tunix_rt.kit.ids import new_id
from tunix_rt.kit.settings import Settings
from tunix_rt.store import Store, open_store
from tunix_rt.train.checkpointing import checkpoints


def written(folder: Path, *, best: int | None = None, steps: tuple[int, ...] = (4, 8)) -> None:
    """A folder as a training leaves it."""
    for step in steps:
        place = folder / "checkpoints" / str(step) / "model_params"
        place.mkdir(parents=True)
        (place / "weights").write_bytes(b"w" * 100)
    (folder / "checkpoints" / "12.orbax-checkpoint-tmp-1").mkdir()
    if best is not None:
        (folder / "best" / str(best)).mkdir(parents=True)
        (folder / "best" / str(best) / "weights").write_bytes(b"w" * 10)
        (folder / "best" / "best.json").write_text(json.dumps({"step": best, "loss": 0.5}))


def test_every_whole_checkpoint_is_listed_and_a_half_one_is_not(tmp_path: Path) -> None:
    written(tmp_path)

    found = checkpoints(tmp_path)

    assert [(one.step, one.bytes, one.best, one.resumable) for one in found] == [
        (4, 100, False, True),
        (8, 100, False, True),
    ]
    assert found[0].created_at.endswith("Z")


def test_the_best_weights_are_listed_once(tmp_path: Path) -> None:
    written(tmp_path / "apart", best=6)
    written(tmp_path / "same", best=8)

    apart, same = (checkpoints(tmp_path / name) for name in ("apart", "same"))

    assert [(one.step, one.best, one.resumable) for one in apart] == [
        (4, False, True),
        (6, True, False),
        (8, False, True),
    ]
    assert [(one.step, one.best, one.resumable) for one in same] == [
        (4, False, True),
        (8, True, True),
    ]


def test_the_best_look_of_a_model_that_practised_is_listed(tmp_path: Path) -> None:
    (tmp_path / "best").mkdir()
    (tmp_path / "best" / "config.json").write_text("{}")
    looks = [{"step": 5, "greedy": 0.25}, {"step": 10, "greedy": 0.75}, {"step": 15, "greedy": 0.5}]
    (tmp_path / "looks.jsonl").write_text("".join(f"{json.dumps(one)}\n" for one in looks))

    assert [(one.step, one.best) for one in checkpoints(tmp_path)] == [(10, True)]


@pytest.mark.parametrize("said", ["", "[]", "{", '{"step": "x"}', '{"step": 99}'])
def test_a_spoiled_note_of_the_best_step_hides_nothing_else(tmp_path: Path, said: str) -> None:
    written(tmp_path)
    (tmp_path / "best").mkdir()
    (tmp_path / "best" / "best.json").write_text(said)

    assert [one.step for one in checkpoints(tmp_path)] == [4, 8]


def test_a_training_lists_what_it_left(tmp_path: Path) -> None:
    needs("tunix", extra="tunix")
    from tunix_rt.train.backends.tunix import train

    train(job(tmp_path))

    assert [one.step for one in checkpoints(tmp_path)] == [12, 14]
    assert all(one.bytes > 10_000 for one in checkpoints(tmp_path))


def test_they_are_listed_over_http(api: TestClient, store: Store, settings: Settings) -> None:
    run = begun(store, settings)
    where = f"/api/runs/{run.id}/checkpoints"
    before = api.get(where).json()
    written(run.folder, best=8)

    assert before == {"data": []}
    assert [(one["step"], one["best"]) for one in api.get(where).json()["data"]] == [
        (4, False),
        (8, True),
    ]
    assert api.get(f"/api/runs/{new_id()}/checkpoints").status_code == 404


def test_they_are_listed_in_the_terminal(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home", database="")
    store = open_store(settings)
    run = begun(store, settings)
    store.close()
    written(run.folder, best=6)
    home = Home(settings.home)

    shown = home.inside("train", "checkpoints", run.id).output
    listed = json.loads(home.inside("train", "checkpoints", run.id, "--json").output)

    assert "weights alone" in shown
    assert [one["step"] for one in listed["data"]] == [4, 6, 8]
    assert home.inside("train", "checkpoints", "nonsense").exit_code == 1
