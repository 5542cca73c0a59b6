import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.cli.running import Home
from tests.making import trace, write_lines
from tunix_rt.store import Store
from tunix_rt.traces.previewing import MOST_PROBLEMS, SHOWN, preview_file

CSV = b"question,final\n2+2?,4\n1+1?,\n"


def lines(*records: Any) -> bytes:
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


def look(api: TestClient, body: bytes, **asked: Any) -> Any:
    answer = api.post("/api/traces/preview", content=body, params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_the_first_traces_are_shown_every_problem_told_and_nothing_stored(api: TestClient) -> None:
    body = lines(*(trace(n) for n in range(20)), trace(20, steps=[]), {"x": 1}) + b"{\n"

    said = look(api, body)

    assert (said["format"], said["records"], said["traces"], said["rejected"]) == (
        *("jsonl", 23, 20, 3),
    )
    assert [row["row"] for row in said["rows"]] == list(range(1, SHOWN + 1))
    assert said["rows"][0]["trace"]["prompt"] == "What is 0 + 1?"
    assert [(one["row"], one["column"]) for one in said["problems"]] == [
        (21, "steps"),
        (22, "trace_version"),
        (23, None),
    ]
    assert api.get("/api/traces").json()["data"] == []


def test_columns_that_nobody_knows_are_listed_and_can_be_mapped(api: TestClient) -> None:
    unknown = look(api, CSV, name="my.csv")
    mapped = look(api, CSV, name="my.csv", map=["prompt=question", "answer=final"])

    assert (unknown["format"], unknown["columns"]) == (None, ["question", "final"])
    assert "No format recognises" in unknown["problems"][0]["reason"]
    assert (mapped["format"], mapped["traces"]) == ("mapped", 1)
    assert [(one["row"], one["column"]) for one in mapped["problems"]] == [(2, "final")]


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_what_a_cut_file_ends_in_the_middle_of_is_left_out(api: TestClient, pack: Any) -> None:
    whole = lines(*(trace(n, prompt=f"{n * 7919:x}" * 50) for n in range(200)))
    body = pack(whole)[: 9_000 if pack is bytes else 1_500]

    said = look(api, body, cut=True)

    assert said["rejected"] == 0
    assert said["format"] == "jsonl"
    if pack is bytes:
        assert said["traces"] == whole[:9_000].count(b"\n")
        assert look(api, body)["rejected"] == 1


def test_what_cannot_be_looked_at_is_refused(api: TestClient) -> None:
    def status(body: bytes, **asked: Any) -> int:
        return api.post("/api/traces/preview", content=body, params=asked).status_code

    assert status(b"PAR1") == 422
    assert status(b"PAR1" + b"x" * 100, cut=True) == 422
    assert status(b"PK\3\4" + b"x" * 100, cut=True) == 422
    assert status(b"{}", map="colour=q") == 422
    assert status(b"{}", format="xml") == 404
    assert status(b" " * 1_100_000) == 413
    assert look(api, b"")["problems"][0]["column"] is None


@pytest.mark.parametrize(
    "name", ["", ".", "..", "/", "../../x.csv", "a\tb\x1b.CSV", "Ж" * 250, "x/"]
)
def test_a_name_of_any_kind_is_only_a_name(api: TestClient, name: str) -> None:
    said = look(api, CSV, name=name, map=["prompt=question", "answer=final"])

    assert said["traces"] == (1 if name.lower().endswith(".csv") else 0)


def test_a_stream_is_read_by_a_mapping_too(api: TestClient) -> None:
    answer = api.post(
        "/api/traces/stream",
        params={"map": ["prompt=q", "answer=a"], "source": "mine"},
        content=lines({"q": "2+2?", "a": "4"}, {"q": "2+2?"}),
    )

    *said, report = [json.loads(line) for line in answer.text.splitlines()]
    assert (report["format"], report["added"], report["rejected"]) == ("mapped", 1, 1)
    assert next(one["error"] for one in said if "error" in one).startswith("a: ")


def test_only_so_many_problems_are_told(tmp_path: Path, store: Store) -> None:
    path = write_lines(tmp_path / "bad.jsonl", [trace(1), *("{" for _ in range(1_200))])

    found = preview_file(path)

    assert (found.rejected, len(found.problems)) == (1_200, MOST_PROBLEMS)


def test_the_command_shows_and_stores_nothing(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    path = tmp_path / "t.csv"
    path.write_bytes(CSV)
    options = ("--map", "prompt=question", "--map", "answer=final")

    shown = home.inside("traces", "import", path, *options, "--dry-run")
    told = home.inside("traces", "import", path, *options, "--dry-run", "--json")
    done = home.inside("traces", "import", path, *options, "--json")

    assert "row 2: final: nothing is said in it" in shown.stdout
    assert json.loads(told.stdout)[0]["traces"] == 1
    assert json.loads(done.stdout)[0]["added"] == 1
