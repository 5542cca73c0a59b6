"""The court in a terminal, with its runs in processes of their own."""

import json

import pytest
from click.testing import CliRunner

from tests.verify.traces import marks, stored, trace
from tunix_rt.court.commands import app
from tunix_rt.kit.errors import BadInput, TunixError
from tunix_rt.kit.settings import Settings
from tunix_rt.store import Store
from tunix_rt.store.session import Session


def test_a_court_is_held_ruled_on_and_shown(store: Store, settings: Settings) -> None:
    _, priced = stored(store, trace("18", expected_answer="18"), trace("$18", expected_answer="18"))
    session = Session(settings)

    def run(*words: str) -> str:
        done = CliRunner().invoke(app, list(words), obj=session, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.stdout

    held = json.loads(run("hold", "exact", "number", "--json"))
    court = held["run_id"]
    assert (held["cases"], held["disagreements"]) == (2, 1)
    [case] = json.loads(run("cases", court, "--json"))["data"]
    assert case["trace_id"] == priced
    assert "'$18' was given" in run("cases", court)
    assert json.loads(run("rule", priced, "right", "--note", "money", "--json"))["note"] == "money"
    assert run("rule", priced, "right") == f"answer of {priced}: right\n"
    shown = run("show", court)
    assert "they agree on 50.00%" in shown
    assert "does not call right what is: 100.00%" in shown
    assert "1 cases lie where nobody ruled" in shown
    assert court in run("list")
    assert json.loads(run("list", "--json"))[0]["run_id"] == court
    assert "number" in run("witnesses")
    session.store.close()


def test_a_regrade_is_shown_and_adopted(store: Store, settings: Settings) -> None:
    [id_] = stored(store, trace("18", expected_answer="18"))
    session = Session(settings)

    def run(*words: str) -> str:
        done = CliRunner().invoke(app, list(words), obj=session, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.stdout

    found = json.loads(run("regrade", "--json"))
    assert found["impact"]["sources"][0]["changed"] == 1
    assert "reward before" in run("regrade")
    assert marks(store)[id_][0] is None
    adopted = json.loads(run("adopt", found["run_id"], "--json"))
    assert adopted["evaluations_changed"] == 0
    assert marks(store)[id_][0] == "right"
    session.store.close()


@pytest.mark.parametrize(
    "words",
    [
        ("hold", "number", "number"),
        ("hold", "magic", "number"),
        ("show", "nothing"),
        ("adopt", "nothing"),
        ("rule", "nothing", "right"),
    ],
)
def test_what_makes_no_sense_is_said_in_a_sentence(
    store: Store, settings: Settings, words: tuple[str, ...]
) -> None:
    session = Session(settings)

    done = CliRunner().invoke(app, list(words), obj=session)

    session.store.close()
    assert isinstance(done.exception, TunixError)
    assert isinstance(done.exception, BadInput) or "not" in str(done.exception)
