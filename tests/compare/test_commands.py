import json
from pathlib import Path

from click.testing import CliRunner

from tests.compare.measuring import add_suites, measured
from tunix_rt.compare.commands import app
from tunix_rt.compare.jobs import gate
from tunix_rt.compare.schema import CheckRequest
from tunix_rt.kit.errors import Conflict
from tunix_rt.kit.settings import Settings
from tunix_rt.runs import query, query_read
from tunix_rt.runs.reporting import LEASE, Reporter
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


def test_a_gate_is_a_run_that_waits_and_fails_where_the_check_does(
    store: Store, settings: Settings, tmp_path: Path
) -> None:
    add_suites(store, tmp_path)
    session = Session(settings)
    good, bad = measured(store, 20), measured(store, 10)

    def run(*words: str) -> str:
        done = CliRunner().invoke(app, list(words), obj=session)
        assert done.exit_code == 0, done.output
        return done.stdout

    def passed(run_id: str) -> tuple[str, str]:
        with store.write() as connection:
            claimed = query.claim(connection, worker="here", lease=LEASE, run_id=run_id)
        assert claimed is not None
        report = Reporter(store, run_id, claimed.attempt, tmp_path)
        try:
            gate(report, CheckRequest.model_validate(claimed.config))
        except Conflict as closed:
            said = closed.message
        else:
            said = ""
        with store.read() as connection:
            return query_read.get(connection, run_id).result["verdict"], said

    run("baseline", "main", good)
    queued = json.loads(run("gate", bad, "main", "--after", good, "--json"))
    assert queued["status"] == "pending"
    verdict, said = passed(queued["run_id"])
    assert (verdict, said.partition(":")[0]) == ("fail", "The gate main is closed")
    assert passed(run("gate", good, "main").split()[0]) == ("pass", "")
    session.store.close()
