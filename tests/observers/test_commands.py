import json
from pathlib import Path

from click.testing import CliRunner

from tests.conftest import ON_ONE
from tests.observers.watching import store_some
from tunix_rt.kit.errors import BadInput, Conflict
from tunix_rt.kit.settings import Settings
from tunix_rt.observers.commands import app
from tunix_rt.store import Store
from tunix_rt.store.session import Session


@ON_ONE
def test_an_observer_is_fitted_examined_and_asked(
    store: Store, settings: Settings, tmp_path: Path
) -> None:
    store_some(store, 120)
    session = Session(settings)
    file = tmp_path / "labels.jsonl"

    def run(*words: str, code: int = 0) -> str:
        done = CliRunner().invoke(app, list(words), obj=session, catch_exceptions=False)
        assert done.exit_code == code, done.output
        return done.stdout

    fitted = json.loads(run("fit", "o", "--json"))
    assert fitted["quality"]["traces"] == 120
    store_some(store, 200, first=1000)
    unseen = ("--query", 'source:"from 1000"')
    assert "120 traces ranked" not in run("rank", "o", *unseen)
    assert json.loads(run("queue", "o", "--limit", "3", "--json"))["data"][2]["probability"] > 0.5
    assert "more: --after" in run("queue", "o")
    assert "failed: of" in run("exam", "o", *unseen, "--coverage", "0.9", code=1)
    refused = CliRunner().invoke(app, ["export", "o", str(file)], obj=session)
    assert isinstance(refused.exception, Conflict)
    assert not file.exists()
    passed = run("exam", "o", *unseen, "--coverage", "0.3", "--precision", "0.8", "--json")
    assert json.loads(passed)["passed"] is True
    assert json.loads(run("export", "o", str(file), "--json"))["lines"] > 10
    assert "has_false_claim" in run("show", "o")
    assert "at 30%" in run("list")
    taken = CliRunner().invoke(app, ["fit", "o"], obj=session)
    unnamed = CliRunner().invoke(app, ["fit", "a b"], obj=session)
    assert isinstance(taken.exception, Conflict)
    assert isinstance(unnamed.exception, BadInput)
    session.store.close()
