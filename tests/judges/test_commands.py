import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.judges.serving import adds_up, bench
from tests.verify.traces import stored, trace
from tunix_rt.judges.commands import app
from tunix_rt.kit.errors import BadInput
from tunix_rt.kit.settings import Settings
from tunix_rt.store import Store
from tunix_rt.store.session import Session

PLAN = 'subject = "steps"\nquestion = """\nIs each step justified?\n"""\n'


def test_a_judge_is_asked_by_a_rubric_file(
    store: Store, settings: Settings, tmp_path: Path
) -> None:
    [id_] = stored(store, trace("5", "2 + 2 = 5"))
    session = Session(settings)
    file = tmp_path / "plan.toml"
    file.write_text(PLAN)

    def run(*words: str) -> str:
        done = CliRunner().invoke(app, list(words), obj=session, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.stdout

    with bench(adds_up) as server:
        config = json.dumps({"base_url": server.url})
        found = json.loads(run("ask", str(file), "--model", "m", "--config", config, "--json"))
        assert (found["given"], found["wrong"]) == (1, 1)
        assert "0 right, 1 wrong" in run("ask", str(file), "--model", "m", "--config", config)
        assert len(server.prompts) == 1
    assert found["judge"] in run("list")
    assert json.loads(run("list", "--json"))[0]["id"] == found["judge"]
    assert json.loads(run("show", id_, "--json"))[0]["step"] == 0
    assert "No." in run("show", id_)
    session.store.close()


@pytest.mark.parametrize(
    ("content", "words", "said"),
    [
        ("question = ", (), "is not a TOML file"),
        ('question = "short"', (), "question: String should have at least 10"),
        (PLAN, ("--config", "[]"), "--config is not a JSON object"),
        (PLAN, ("--votes", "3"), "raise temperature"),
        (PLAN + 'colour = "blue"\n', (), "colour: Extra inputs"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(
    settings: Settings, tmp_path: Path, content: str, words: tuple[str, ...], said: str
) -> None:
    file = tmp_path / "plan.toml"
    file.write_text(content)

    done = CliRunner().invoke(app, ["ask", str(file), *words], obj=Session(settings))

    assert isinstance(done.exception, BadInput)
    assert said in str(done.exception)
