import json
from pathlib import Path

from click.testing import CliRunner

from tests.compare.measuring import add_suites, measured
from tunix_rt.compare.commands import app
from tunix_rt.kit.settings import Settings
from tunix_rt.store import Store
from tunix_rt.store.session import Session


def test_the_command_fails_a_ci_job_when_the_gate_fails(
    store: Store, settings: Settings, tmp_path: Path
) -> None:
    add_suites(store, tmp_path)
    session = Session(settings)
    good, bad = measured(store, 20), measured(store, 10)

    def run(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, list(words), obj=session)
        return done.exit_code, done.stdout

    assert run("baseline", "main", good, "--json")[0] == 0
    code, said = run("check", good, "main")
    assert (code, said.partition(";")[0]) == (
        0,
        "pass: primary_score went from 1 to 1, the same",
    )
    code, said = run("check", bad, "main", "--json")
    assert (code, json.loads(said)["verdict"]) == (1, "fail")
    assert json.loads(run("list", "--json")[1])[0]["name"] == "main"
    assert "higher" in run("list")[1]
    session.store.close()
