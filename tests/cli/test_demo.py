"""The main job, made small: every step of the loop, twice, with nothing stale in between."""

import json

import pytest

from tests.cli.running import Home
from tests.extras import needs

pytestmark = [pytest.mark.jax, pytest.mark.slow]
needs("tunix", extra="tunix")

SMALL = ("demo", "--traces", 300, "--items", 12, "--steps", 4, "--no-serve", "--json")
PROMISED = {
    *("before", "after", "ci95", "n_items", "train_seconds", "total_seconds"),
    *("dataset_key", "run_id", "evaluation_id"),
}


def test_the_demo_ends_with_one_json_object_whose_parts_can_be_opened(home: Home) -> None:
    first = home.run(*SMALL)
    second = home.run(*SMALL)

    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    found, again = json.loads(first.stdout), json.loads(second.stdout)
    assert found.keys() >= PROMISED
    assert (found["n_items"], found["traces"], found["before"]) == (12, 300, 0.0)
    for key in ("run_id", "evaluation_id", "dataset_key"):
        assert found[key] != again[key], "the second run must not reuse the first one's work"
    assert found["before"] == again["before"]
    assert found["ci95"] == again["ci95"], "the same seed gives the same model"
    assert found["model_version"] is None, "nothing is registered that cannot be told apart"

    shown = json.loads(home.inside("datasets", "show", found["dataset_key"], "--json").stdout)
    assert shown["trace_count"] == 300
    assert home.inside("evaluate", "show", found["evaluation_id"]).exit_code == 0
    run = json.loads(home.inside("runs", "show", found["run_id"], "--json").stdout)
    assert [(node["kind"], node["id"]) for node in run["inputs"]] == [
        ("dataset", found["dataset_key"])
    ]
    assert found["evaluation_id"] in {node["id"] for node in run["outputs"]}
