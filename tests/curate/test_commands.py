"""Curation in a terminal, with its runs in processes of their own."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.curate.curating import verified
from tests.making import stored, trace
from tunix_rt.curate.commands import app
from tunix_rt.kit.errors import TunixError
from tunix_rt.kit.ids import new_id
from tunix_rt.kit.settings import Settings
from tunix_rt.store import Store
from tunix_rt.store.session import Session
from tunix_rt.tasks import suites
from tunix_rt.tasks.schema import Item

LONG = "A farmer has seven fields and sows a different kind of grain in each one of them"
FILE = """
[[stages]]
stage = "verified"

[[stages]]
stage = "exact-dedup"

[[stages]]
stage = "decontaminate"
suites = ["held-out"]
"""


def test_a_pipeline_is_run_and_looked_at(store: Store, settings: Settings, tmp_path: Path) -> None:
    with store.write() as connection:
        suites.freeze(connection, "held-out", {}, [Item("k", "f", "", f"{LONG}?", "7", None)])
    right = {"expected_answer": "2"}
    stored(
        store,
        tmp_path,
        [
            trace(1, final_answer="3"),
            trace(1, meta={**right, "n": 1}),
            trace(1, meta={**right, "n": 2}),
            trace(1, prompt=f"{LONG}.", meta=right),
        ],
    )
    verified(store)
    file = tmp_path / "clean.toml"
    file.write_text(FILE, "utf-8")
    session = Session(settings)

    def run(*words: str) -> str:
        done = CliRunner().invoke(app, list(words), obj=session, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.stdout

    found = json.loads(run("run", str(file), "--json"))
    curation = found["run_id"]
    assert (found["looked_at"], found["kept"], found["name"]) == (4, 1, "clean")
    shown = run("run", str(file), "--dry-run", "--query", "verdict:right")
    assert "clean (dry run): completed" in shown
    assert "1 of 3 traces kept" in shown
    assert found["selection_sha256"] in run("show", curation)
    drops = json.loads(run("drops", curation, "--stage", "verified", "--json"))["data"]
    assert [one["reason"] for one in drops] == ["answer wrong"]
    assert "same trace" in run("drops", curation, "--reason", "same trace")
    assert "2 traces" in run("clusters", curation)
    assert f"item:  [{LONG}]?" in run("contamination", curation)
    assert len(json.loads(run("contamination", curation, "--json"))["data"]) == 1
    assert len(json.loads(run("clusters", curation, "--json"))["data"]) == 1
    said = json.loads(run("of-trace", drops[0]["trace_id"], "--json"))["data"]
    assert [one["decision"]["stage"] for one in said] == ["verified"]
    assert "verified" in run("of-trace", drops[0]["trace_id"])
    listed = json.loads(run("list", "--json"))
    assert [one["dry_run"] for one in listed] == [True, False]
    assert curation in run("list")
    session.store.close()


def test_stages_are_listed_with_their_options(settings: Settings) -> None:
    def run(*words: str) -> str:
        done = CliRunner().invoke(app, ["stages", *words], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.stdout

    assert "near-dedup" in run()
    assert "jaccard" in run("near-dedup")
    assert (
        json.loads(run("near-dedup", "--json"))[0]["options"]["properties"]["shingle"]["default"]
        == 3
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("run", "gone.toml"), "no pipeline file"),
        (("run", "FILE", "--sample", "5"), "Only a dry run"),
        (("run", "FILE"), "no suite 'held-out'"),
        (("show", "x"), "not the id of a curation"),
        (("show", new_id()), "There is no run"),
        (("drops", "x"), "not the id of a curation"),
        (("stages", "lengths"), "Did you mean length?"),
        (("of-trace", "x"), "not the id of a trace"),
    ],
)
def test_what_makes_no_sense_is_said_in_a_sentence(
    store: Store, settings: Settings, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    file = tmp_path / "clean.toml"
    file.write_text(FILE, "utf-8")
    session = Session(settings)
    given = [str(file) if word == "FILE" else word for word in words]

    done = CliRunner().invoke(app, given, obj=session)

    session.store.close()
    assert isinstance(done.exception, TunixError)
    assert said in str(done.exception)
