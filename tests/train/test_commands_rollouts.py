"""Rollouts and the run doctor in the terminal."""

import json
from pathlib import Path

import pytest

from tests.cli.running import Home
from tests.train.rollouts import begun, keep, mixed
from tunix_rt.kit.settings import Settings
from tunix_rt.store import open_store


@pytest.fixture
def practised(tmp_path: Path) -> tuple[Home, str]:
    settings = Settings(home=tmp_path / "home", database="")
    store = open_store(settings)
    run = begun(store, settings)
    keep(run, [mixed(ended=False)] * 4)
    store.close()
    return Home(tmp_path / "home"), run.id


def test_rollouts_are_listed_for_people_and_for_programs(practised: tuple[Home, str]) -> None:
    home, run_id = practised

    shown = home.inside("train", "rollouts", run_id, "--limit", 3)
    read = json.loads(home.inside("train", "rollouts", run_id, "--round", 1, "--json").output)

    assert "3 of 48" in shown.output
    assert "add 0+0" in shown.output
    assert [one["round"] for one in read["data"]] == [1] * 12


def test_the_doctor_says_what_is_wrong_and_where_to_look(practised: tuple[Home, str]) -> None:
    home, run_id = practised

    said = home.inside("train", "doctor", run_id).output
    read = json.loads(home.inside("train", "doctor", run_id, "--json").output)

    assert "truncated, rounds 3 to 3: Only 0% of the answers end by themselves" in said
    assert f"tunix-rt traces show {read['findings'][0]['trace_ids'][0]}" in said


def test_what_is_no_run_is_refused(practised: tuple[Home, str]) -> None:
    home, _ = practised

    for command in ("rollouts", "doctor"):
        refused = home.inside("train", command, "nonsense")
        assert refused.exit_code != 0
        assert "is not the id of a run" in str(refused.exception)
