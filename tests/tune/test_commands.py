import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.docs.reading import ROOT
from tests.extras import needs
from tests.making import stored, trace
from tests.tune.working import add_data, begun, lasting
from tunix_rt.cli.main import main
from tunix_rt.datasets import freezing
from tunix_rt.datasets.schema import Build
from tunix_rt.kit.ids import new_id
from tunix_rt.kit.settings import Settings
from tunix_rt.store import Store
from tunix_rt.store.session import Session
from tunix_rt.tasks import suites
from tunix_rt.tune import query, trialing
from tunix_rt.tune.commands import app
from tunix_rt.tune.schema import Params

EXAMPLE = ROOT / "examples" / "tuning" / "nano_rate.toml"


class Terminal:
    """Commands typed one after another."""

    def __init__(self, settings: Settings) -> None:
        self.session = Session(settings)

    def __call__(self, *words: str | Path) -> tuple[int, str]:
        done = CliRunner().invoke(app, [str(word) for word in words], obj=self.session)
        return done.exit_code, done.stdout + str(done.exception or "")

    def json(self, *words: str | Path) -> Any:
        code, said = self(*words, "--json")
        assert code == 0, said
        return json.loads(said)


@pytest.fixture
def terminal(settings: Settings) -> Iterator[Terminal]:
    made = Terminal(settings)
    yield made
    made.session.store.close()


def test_the_example_is_created_listed_shown_and_cancelled(terminal: Terminal) -> None:
    job = terminal.json("create", EXAMPLE, "--dataset", "d-1")

    assert (job["name"], job["status"], job["dataset_key"]) == ("nano_rate", "created", "d-1")
    assert [one["id"] for one in terminal.json("list")] == [job["id"]]
    assert terminal.json("show", job["id"]) == job
    assert "max of primary_score" in terminal("show", job["id"])[1]
    assert "nano_rate" in terminal("list")[1]
    assert terminal.json("cancel", job["id"])["status"] == "cancelled"
    assert "terminal state" in terminal("cancel", job["id"])[1]


def test_a_job_shows_the_values_that_vary(terminal: Terminal, store: Store, tmp_path: Path) -> None:
    add_data(store, tmp_path)
    job_id = begun(store, search_space=lasting(1))
    with store.write() as connection:
        row = query.get(connection, job_id)
        params: Params = {"learning_rate": 0.25, "log_every": 1}
        trialing.begin(connection, row, 0, params, model=None)

    code, said = terminal("show", job_id)

    assert (code, "running, min of loss" in said) == (0, True)
    assert ("learning_rate" in said, "0.25" in said, "log_every" in said) == (True, True, False)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name = ", "is not a TOML file"),
        ("metric = 'loss'", "has no key 'metric'"),
        ("[search_space]\nlearning_rat = { type = 'choice', values = [1] }", "Field required"),
    ],
)
def test_a_file_that_is_no_job_is_refused(
    terminal: Terminal, tmp_path: Path, text: str, words: str
) -> None:
    file = tmp_path / "job.toml"
    file.write_text(text)

    code, said = terminal("create", file)

    assert (code, words in said) == (1, True), said


def test_what_is_no_id_is_refused(terminal: Terminal) -> None:
    for word in ("show", "start", "cancel"):
        assert "is not the id of a job" in terminal(word, "nothing")[1]
        assert "Job not found" in terminal(word, new_id())[1]


@pytest.mark.jax
@pytest.mark.slow
def test_a_real_search_from_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two trainings of five steps, each measured on two questions, with one place to work in."""
    needs("tunix", extra="tunix")
    monkeypatch.setenv("TUNIX_RT_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    session = Session()
    stored(session.store, tmp_path, [trace(i) for i in range(8)])
    freezing.freeze(session.store, Build(dataset_name="d", dataset_version="1"))
    items = [{"id": f"q{i}", "prompt": f"{i}+1?", "expected_answer": str(i + 1)} for i in range(2)]
    lines = tmp_path / "s.jsonl"
    lines.write_text("".join(json.dumps(item) + "\n" for item in items))
    suites.from_file(session.store, "two", lines)
    session.store.close()
    file = tmp_path / "job.toml"
    file.write_text(
        """
        dataset_key = "d-1"
        base_model_id = "nano"
        metric_name = "primary_score"
        metric_mode = "max"
        num_samples = 2
        max_concurrent_trials = 2
        [search_space]
        learning_rate = { type = "loguniform", min = 1e-3, max = 1e-1 }
        steps = { type = "choice", values = [5] }
        batch_size = { type = "choice", values = [4] }
        max_seq_length = { type = "choice", values = [128] }
        "model.layers" = { type = "choice", values = [1] }
        "model.width" = { type = "choice", values = [16] }
        """
    )

    def typed(*words: str) -> Any:
        with pytest.raises(SystemExit) as ended:
            main([*words, "--json"])
        said = capsys.readouterr()
        assert ended.value.code == 0, said.err
        return json.loads(said.out)

    job = typed("tune", "create", str(file))
    done = typed("tune", "start", job["id"], "--wait")

    assert (done["status"], done["suite"]) == ("completed", "two")
    assert [trial["status"] for trial in done["trials"]] == ["completed"] * 2
    assert done["best_run_id"] in {trial["run_id"] for trial in done["trials"]}
    assert all(0 <= trial["metric_value"] <= 1 for trial in done["trials"])
    run = typed("runs", "show", done["best_run_id"])
    assert run["result"]["steps"] == 5
    assert run["config"]["recipe"]["model"]["width"] == 16
