import json
from pathlib import Path

from click.testing import CliRunner

from tests.exams.papers import store_eggs
from tunix_rt.exams.commands import app
from tunix_rt.kit.errors import BadInput, Conflict
from tunix_rt.kit.settings import Settings
from tunix_rt.store import Store
from tunix_rt.store.session import Session


def test_an_exam_is_made_sat_and_exported(store: Store, settings: Settings, tmp_path: Path) -> None:
    store_eggs(store, 6)
    session = Session(settings)

    def run(*words: str) -> str:
        done = CliRunner().invoke(app, list(words), obj=session, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.stdout

    made = json.loads(run("make", "e", "--count", "4", "--kind", "result", "--json"))
    assert made["items"] == 4
    assert made["digest"][:16] in run("list")
    assert "4 items" in run("show", "e")
    assert json.loads(run("score", "e", "--json"))["exact"]["count"] == 4
    assert "F1 1.000" in run("score", "e")
    file = tmp_path / "pairs.jsonl"
    assert json.loads(run("export", "e", str(file), "--format", "pairs", "--json"))["lines"] == 4
    assert len(file.read_text().splitlines()) == 4
    taken = CliRunner().invoke(app, ["make", "e"], obj=session)
    unnamed = CliRunner().invoke(app, ["make", "a b"], obj=session)
    assert isinstance(taken.exception, Conflict)
    assert isinstance(unnamed.exception, BadInput)
    session.store.close()
