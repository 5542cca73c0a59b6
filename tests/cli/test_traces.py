import json
import shlex
from pathlib import Path

from tests.cli.running import Home
from tests.making import trace, write_lines


def imported(home: Home, folder: Path, count: int = 5) -> None:
    file = write_lines(folder / "a.jsonl", [trace(i) for i in range(count)])
    assert home.run("traces", "import", file).returncode == 0


def test_a_query_is_answered_with_a_table_or_json(home: Home, tmp_path: Path) -> None:
    imported(home, tmp_path)

    found = home.json("traces", "query", 'source:a.jsonl "is 3" meta.number:3')
    shown = home.run("traces", "query", "source:a.jsonl", "--limit", 2)

    assert [row["prompt"] for row in found["data"]] == ["What is 3 + 1?"]
    assert found["total"] == 1
    assert "2 of 5" in shown.stdout


def test_a_query_that_makes_no_sense_is_pointed_at(home: Home) -> None:
    done = home.run("traces", "query", "source:a verdct:wrong")

    assert "  source:a verdct:wrong\n           ^" in done.stderr


def test_facets_are_counted(home: Home, tmp_path: Path) -> None:
    imported(home, tmp_path)

    found = home.json("traces", "query", "--facets")

    assert found["total"] == 5
    assert found["types"] == [{"value": "calculation", "count": 5}]
    assert "type     calculation  5" in home.run("traces", "query", "--facets").stdout


def test_traces_are_marked_deleted_restored_and_purged(home: Home, tmp_path: Path) -> None:
    imported(home, tmp_path)

    marked = home.json("traces", "mark", "bad", "--query", "meta.number:1")
    home.run("traces", "mark", "note:look <here>", "--query", "label:bad", "--step", 0)
    unmarked = home.json("traces", "mark", "bad", "--query", "label:bad", "--remove")
    deleted = home.json("traces", "delete", "--query", "meta.model:m")
    left = home.json("traces", "list")["total"]
    restored = home.json("traces", "restore", "--query", "is:deleted meta.number:1")
    purged = home.json("traces", "purge", "--all", "--yes")

    assert (marked, unmarked) == ({"changed": 1}, {"changed": 1})
    assert (deleted, left, restored) == ({"changed": 5}, 0, {"changed": 1})
    assert purged["purged"] == 4
    assert home.json("traces", "query", "is:deleted")["total"] == 0
    assert home.json("traces", "list")["total"] == 1


def test_what_was_done_is_said_in_its_own_word(home: Home, tmp_path: Path) -> None:
    imported(home, tmp_path)
    of_one = ("--query", "meta.number:1")

    said = [
        home.run("traces", *words, *of_one).stdout
        for words in (("mark", "bad"), ("mark", "bad", "--remove"), ("delete",), ("restore",))
    ]

    words = ("marked", "unmarked", "deleted", "restored")
    assert said == [f"1 traces {word}\n" for word in words]


def test_an_import_of_what_is_deleted_says_how_to_bring_it_back(home: Home, tmp_path: Path) -> None:
    imported(home, tmp_path)
    home.run("traces", "delete", "--query", "meta.number:1")

    done = home.run("traces", "import", tmp_path / "a.jsonl")

    assert "0 added, 5 known" in done.stdout
    (said,) = done.stderr.splitlines()
    assert said.startswith("1 traces of this source are deleted, and stay so: tunix-rt traces ")
    command = shlex.split(said.partition(": tunix-rt ")[2])
    assert home.run(*command).stdout == "1 traces restored\n"
    assert home.run("traces", "import", tmp_path / "a.jsonl").stderr == ""


def test_a_trace_is_shown_with_what_is_said_of_it(home: Home, tmp_path: Path) -> None:
    imported(home, tmp_path, 1)
    [row] = home.json("traces", "list")["data"]
    home.run("traces", "mark", "tag:hard", row["id"])
    home.run("traces", "mark", "score:0.25", row["id"])
    home.run("traces", "mark", "note:a guess", row["id"], "--step", 0, "--author", "anna")

    shown = home.run("traces", "show", row["id"]).stdout
    found = home.json("traces", "show", row["id"])

    assert "\ntag: hard (local, " in shown
    assert "\nscore: 0.25 (local, " in shown
    assert "\nstep 0: note: a guess (anna, " in shown
    assert [one["kind"] for one in found["annotations"]] == ["tag", "score", "note"]


def test_the_original_comes_out_byte_for_byte(home: Home, tmp_path: Path) -> None:
    line = json.dumps(trace(1), indent=None, separators=(" , ", " : "))
    (tmp_path / "a.jsonl").write_text(line + "\n")
    home.run("traces", "import", tmp_path / "a.jsonl")
    [row] = home.json("traces", "list")["data"]

    shown = home.run("traces", "show", row["id"], "--original")

    assert shown.stdout == line + "\n"
    assert home.json("traces", "show", row["id"])["format"] == "jsonl"


def test_an_export_of_what_was_imported_is_the_same_file(home: Home, tmp_path: Path) -> None:
    imported(home, tmp_path, 30)

    done = home.run("traces", "export", tmp_path / "out.jsonl", "--query", "What")

    assert (tmp_path / "out.jsonl").read_bytes() == (tmp_path / "a.jsonl").read_bytes()
    assert "30 traces written" in done.stderr
    out = tmp_path / "again.jsonl"
    assert home.json("traces", "export", out) == {"file": str(out), "traces": 30}


def test_the_index_is_made_anew(home: Home, tmp_path: Path) -> None:
    imported(home, tmp_path)

    done = home.run("traces", "reindex")

    assert "5 traces indexed" in done.stdout
    assert home.json("traces", "reindex") == {"indexed": 5}
    assert home.json("traces", "query", "What")["total"] == 5


def test_a_dataset_and_a_verification_are_chosen_by_the_same_words(
    home: Home, tmp_path: Path
) -> None:
    imported(home, tmp_path)

    judged = home.json("verify", "run", "--query", "source:a.jsonl meta.number:3")
    built = home.json("datasets", "build", "d", "1", "--query", 'verdict:right "is 3" model:m')
    by_meta = home.json("datasets", "build", "d", "2", "--query", "source:a.jsonl meta.number:4")

    assert (judged["judged"], built["trace_count"], by_meta["trace_count"]) == (1, 1, 1)
    shown = home.json("datasets", "show", "d-1")
    assert (shown["filters"], shown["recipe"]["query"]) == ({}, 'verdict:right "is 3" model:m')
