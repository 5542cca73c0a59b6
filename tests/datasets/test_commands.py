import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.datasets.test_proving import damage
from tests.making import stored, trace
from tunix_rt.datasets import reading
from tunix_rt.datasets.commands import app
from tunix_rt.kit.errors import BadInput, NotFound
from tunix_rt.kit.settings import Settings
from tunix_rt.runs.foreground import RunFailed
from tunix_rt.store import Store
from tunix_rt.store.session import Session


class Terminal:
    """Commands typed one after another."""

    def __init__(self, settings: Settings) -> None:
        self.session = Session(settings)

    def __call__(self, *words: str) -> Result:
        return CliRunner().invoke(app, list(words), obj=self.session)

    def json(self, *words: str) -> Any:
        done = self(*words, "--json")
        assert done.exit_code == 0, repr(done.exception)
        return json.loads(done.stdout)


@pytest.fixture
def terminal(store: Store, settings: Settings, tmp_path: Path) -> Iterator[Terminal]:
    stored(store, tmp_path, [trace(i) for i in range(30)])
    made = Terminal(settings)
    yield made
    made.session.store.close()


def test_a_version_is_built_proved_compared_and_shown(terminal: Terminal, store: Store) -> None:
    built = terminal.json("build", "d", "1", "--split", "test=0.2", "--seed", "1")
    assert (built["dataset_key"], built["trace_count"]) == ("d-1", 30)
    assert built["sha256"] == reading.version(store, "d-1").content_sha256
    assert Path(built["path"]).is_file()
    assert [one["dataset_key"] for one in terminal.json("list")["data"]] == ["d-1"]

    proof = terminal.json("verify", "d-1")
    assert (proof["ok"], proof["rows"]) == (True, 30)
    assert "intact, 30 rows in 2 shards" in terminal("verify", "d-1").stdout

    terminal.json(
        "build",
        "d",
        "2",
        "--query",
        "steps:1",
        "--limit",
        "10",
        "--parent",
        "d-1",
        "--split",
        "test=0.2",
        "--seed",
        "1",
        "--latest",
    )
    found = terminal.json("diff", "d-1", "d-2")
    assert (found["removed"], found["same"] + found["changed"]) == (20, 10)
    assert "20 removed" in terminal("diff", "d-1", "d-2").stdout

    page = terminal.json("rows", "d-1", "--split", "test", "--limit", "3")
    assert {row["split"] for row in page["data"]} == {"test"}
    assert page["data"][0]["place"] == reading.version(store, "d-1").splits[0].rows
    assert "What is" in terminal("rows", "d-1").stdout
    assert terminal("card", "d-1").stdout.startswith("---\nlicense")
    lineage = terminal.json("lineage", "d-2")
    assert {node["relation"] for node in lineage["inputs"]} == {"chosen", "parent"}
    assert "30 traces of made" in terminal("lineage", "d-1").stdout
    assert "content_sha256" in terminal("show", "d-1").stdout


def test_a_damaged_version_ends_with_1_and_names_the_shard(
    terminal: Terminal, store: Store
) -> None:
    terminal.json("build", "d", "1")
    damage(store.blobs.path(reading.version(store, "d-1").shards[0].sha256), 200)

    done = terminal("verify", "d-1", "--json")

    assert done.exit_code == 1
    said = json.loads(done.stdout)
    assert said["ok"] is False
    assert said["faults"][0]["where"] == "train-00000.parquet"


def test_a_mixture_is_given_part_by_part(terminal: Terminal, store: Store, tmp_path: Path) -> None:
    stored(store, tmp_path, [trace(i) for i in range(30, 40)], "other")

    terminal.json("build", "m", "1", "--part", "a=0.5:source:made", "--part", "b=0.5:source:other")

    assert reading.version(store, "m-1").parts == {"a": 10, "b": 10}


@pytest.mark.parametrize(
    ("words", "error", "says"),
    [
        (["build", "d", "1", "--query", "verdict:maybe"], BadInput, "verdict"),
        (["build", "d", "1", "--split", "test"], BadInput, "names no share"),
        (["build", "d", "1", "--split", "a=0.1", "--split", "a=0.2"], BadInput, "given twice"),
        (["build", "d", "1", "--split", "test=2"], BadInput, "splits.test"),
        (["build", "d", "1", "--part", "x=y"], BadInput, "names no share"),
        (["build", "d", "1", "--meta", "x"], BadInput, "KEY=VALUE"),
        (["build", "d", "1", "--query", "source:nobody"], RunFailed, "Dataset is empty"),
        (["build", "d", "1", "--parent", "none-1"], RunFailed, "Dataset not found: none-1"),
        (["verify", "none-1"], NotFound, "Dataset not found"),
        (["diff", "none-1", "none-2"], NotFound, "Dataset not found"),
    ],
)
def test_bad_input_is_said(
    terminal: Terminal, words: list[str], error: type[Exception], says: str
) -> None:
    done = terminal(*words)

    assert isinstance(done.exception, error)
    assert says in str(done.exception)
    assert terminal.json("list")["data"] == []
