"""Commands that a server does, because TUNIX_RT_URL names it."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import Home, refused
from tests.client.serving import Served, served
from tests.making import trace, write_lines
from tunix_rt.cli.far import FAR
from tunix_rt.cli.main import app


class Far(Home):
    """The program on another machine than the data."""

    url = ""

    def environment(self, **changes: str) -> dict[str, str]:
        return super().environment(**{"TUNIX_RT_URL": self.url, **changes})


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Served]:
    with served(Home(tmp_path / "there")) as server:
        yield server


@pytest.fixture
def far(server: Served, tmp_path: Path) -> Far:
    home = Far(tmp_path / "here")
    Far.url = server.url
    return home


def test_traces_travel_to_a_server_and_back(far: Far, tmp_path: Path) -> None:
    there = Home(tmp_path / "there")
    lines: list[Any] = [trace(n) for n in range(30)]
    file = write_lines(tmp_path / "some.jsonl", [*lines[:2], "", "{nonsense", *lines[2:]])

    done = far.run("traces", "import", file)
    listed = far.json("traces", "list", "--source", "some.jsonl", "--limit", 5)
    asked = ("query", "meta.number:7")
    first = listed["data"][0]["id"]

    assert "30 added, 0 known, 1 rejected" in done.stdout, done.stderr
    assert "some.jsonl:4: " in done.stderr
    assert (len(listed["data"]), listed["total"]) == (5, 30)
    assert far.json("traces", *asked) == there.json("traces", *asked)
    assert far.json("traces", "query", "--facets") == there.json("traces", "query", "--facets")
    far.json("traces", "mark", "tag:seen", first)
    assert far.run("traces", "show", first).stdout == there.run("traces", "show", first).stdout
    assert far.json("traces", "show", first) == there.json("traces", "show", first)
    out = tmp_path / "out.jsonl"
    exported = far.json("traces", "export", out, "--query", "meta.number:7")
    assert exported == {"file": str(out), "traces": 1}
    assert json.loads(out.read_text("utf-8"))["meta"]["number"] == 7
    assert not (far.folder / "tunix-rt.db").exists()


def test_a_packed_file_is_unpacked_here_and_keeps_its_numbers(far: Far, tmp_path: Path) -> None:
    file = tmp_path / "array.json.gz"
    with gzip.open(file, "wt") as packed:
        json.dump([trace(1), {"no": "trace"}, trace(2)], packed, indent=1)

    (report,) = far.json("traces", "import", file, "--source", "packed", "--format", "jsonl")

    assert (report["added"], report["rejected"], report["source"]) == (2, 1, "packed")
    assert [one["line"] for one in report["examples"]] == [2]


def test_a_document_that_is_no_json_is_named_and_the_others_are_sent(
    far: Far, tmp_path: Path
) -> None:
    file = tmp_path / "docs.json"
    documents = [json.dumps(trace(n, meta={"n": n}), indent=1) for n in range(3)]
    file.write_text("\n".join(documents).replace('"n": 1', '"n": NaN'), "utf-8")

    done = far.run("traces", "import", file)

    assert "2 added, 0 known, 1 rejected" in done.stdout, done.stderr
    assert "docs.json:2: " in done.stderr


def test_columns_are_mapped_on_the_server_and_a_dry_run_stores_nothing(
    far: Far, tmp_path: Path
) -> None:
    file = tmp_path / "my.csv"
    file.write_text("question,final answer\n2+2?,4\n3+3?,\n", "utf-8")
    options = ("--map", "prompt=question", "--map", "answer=final answer")

    (seen,) = far.json("traces", "import", file, "--dry-run", *options)
    before = far.json("traces", "list")["total"]
    (report,) = far.json("traces", "import", file, *options)

    problem = {"row": 2, "column": "final answer", "reason": "nothing is said in it"}
    assert (seen["file"], seen["traces"], seen["problems"]) == ("my.csv", 1, [problem])
    assert before == 0
    assert (report["format"], report["added"], report["rejected"]) == ("mapped", 1, 1)
    assert report["examples"][0] == {"line": 2, "reason": "final answer: nothing is said in it"}
    refused(far.run("traces", "import", file, *options, "--format", "jsonl"), "not by both")
    refused(far.run("traces", "watch", file), "TUNIX_RT_URL")


def test_traces_are_marked_deleted_and_restored_on_the_server(far: Far, tmp_path: Path) -> None:
    far.json("traces", "import", write_lines(tmp_path / "a.jsonl", [trace(n) for n in range(3)]))

    assert far.json("traces", "mark", "good", "--query", "source:a.jsonl") == {"changed": 3}
    assert far.json("traces", "delete", "--query", "label:good") == {"changed": 3}
    assert far.json("traces", "list")["total"] == 0
    assert far.json("traces", "restore", "--query", "source:a.jsonl") == {"changed": 3}


def test_a_search_waits_until_the_server_sees_what_was_just_sent(far: Far, tmp_path: Path) -> None:
    far.json("traces", "import", write_lines(tmp_path / "a.jsonl", [trace(n) for n in range(3)]))

    assert far.json("traces", "query", "What meta.model:m")["total"] == 3
    far.json("traces", "import", write_lines(tmp_path / "b.jsonl", [trace(n) for n in range(5)]))
    assert far.json("traces", "delete", "--query", "What") == {"changed": 5}
    refused(far.run("traces", "query", "--rank"), "Without words there is no rank")


def test_datasets_and_runs_are_the_servers(far: Far, tmp_path: Path) -> None:
    there = Home(tmp_path / "there")
    far.json("traces", "import", write_lines(tmp_path / "a.jsonl", [trace(n) for n in range(3)]))

    built = far.json("datasets", "build", "d", "1", "--meta", "number=2")
    (listed,) = far.json("datasets", "list")["data"]
    out = tmp_path / "d.jsonl"
    exported = far.json("datasets", "export", "d-1", out)

    assert (built["dataset_key"], built["trace_count"], built["path"]) == ("d-1", 1, None)
    assert listed["content_sha256"] == built["sha256"]
    assert far.json("datasets", "show", "d-1") == there.json("datasets", "show", "d-1")
    assert exported["records"] == len(out.read_text("utf-8").splitlines()) == 1

    run = there.run("verify", "run", "--json")
    assert run.returncode == 0, run.stderr
    (one,) = far.json("runs", "list")["data"]
    for words in (("runs", "show", one["id"]), ("runs", "log", one["id"])):
        assert far.run(*words).stdout == there.run(*words).stdout
    refused(far.run("runs", "cancel", one["id"]), "terminal state")


def test_what_a_server_cannot_do_is_not_done_here(far: Far) -> None:
    refused(far.run("verify", "run"), "TUNIX_RT_URL names a server", "unset TUNIX_RT_URL")
    refused(far.run("traces", "purge", "--all", "--yes"), "TUNIX_RT_URL")
    refused(far.run("traces", "show", "nonsense"), "not the id of a trace")
    assert far.run("traces", "formats").returncode == 0
    assert not (far.folder / "tunix-rt.db").exists()


def test_a_server_that_refuses_is_heard(far: Far) -> None:
    refused(far.run("datasets", "build", "d", "1"), "Dataset is empty")
    refused(far.run("traces", "list", TUNIX_RT_URL="nowhere"), "TUNIX_RT_URL is not valid")


def test_every_far_command_is_one_that_exists_here() -> None:
    import click

    for name, acts in FAR.items():
        group = app.get_command(click.Context(app), name)
        assert isinstance(group, click.Group)
        assert acts.keys() <= group.commands.keys()
