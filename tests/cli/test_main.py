"""The program as a user meets it: help, refusals, output for programs."""

import json
import signal
import sqlite3
from pathlib import Path

import pytest

from tests.cli.running import Home, refused
from tests.making import trace, write_lines
from tunix_rt import __version__
from tunix_rt.cli.main import OWN
from tunix_rt.floorplan import rooms

NANO = Path(__file__).parents[2] / "examples" / "recipes" / "nano_addition.toml"


def test_the_help_lists_every_command_and_opens_no_store(home: Home) -> None:
    done = home.run("--help")

    listed = {line.split()[0] for line in done.stdout.splitlines() if line.startswith("  ")}
    assert done.returncode == 0
    assert listed >= {*OWN, *rooms("commands")}
    assert not home.folder.exists()


def test_the_version_is_the_packages(home: Home) -> None:
    assert __version__ in home.inside("--version").stdout


@pytest.mark.parametrize("command", [*OWN, *rooms("commands")])
def test_every_command_says_what_it_is_for(home: Home, command: str) -> None:
    done = home.inside(command, "--help")

    assert done.exit_code == 0
    summary = done.stdout.split("\n\n")[1].strip()
    assert len(summary) > 10, done.stdout


@pytest.mark.parametrize(
    "command",
    [
        "traces list",
        "traces formats",
        "tasks generators",
        "tasks list",
        "datasets list",
        "verify verifiers",
        "train backends",
        "evaluate list",
        "registry list",
        "runs list",
    ],
)
def test_a_list_is_one_json_value_and_a_table(home: Home, command: str) -> None:
    for_programs = home.inside(*command.split(), "--json")
    for_people = home.inside(*command.split())

    assert for_programs.exit_code == for_people.exit_code == 0
    assert for_programs.stdout.count("\n") == 1
    assert isinstance(json.loads(for_programs.stdout), dict | list)


def test_what_is_said_on_the_way_does_not_spoil_the_json(home: Home, tmp_path: Path) -> None:
    file = write_lines(tmp_path / "mixed.jsonl", [trace(1), "no json", {"prompt": 3}, trace(2)])

    done = home.run("traces", "import", file, "--json")

    (report,) = json.loads(done.stdout)
    assert done.returncode == 0
    assert (report["added"], report["rejected"]) == (2, 2)
    assert "mixed.jsonl:2:" in done.stderr
    assert "mixed.jsonl:3:" in done.stderr


def test_a_file_that_is_not_there_is_refused(home: Home) -> None:
    refused(home.run("traces", "import", "nowhere.jsonl"), "nowhere.jsonl is not a file")


def test_a_folder_is_refused_with_the_command_that_takes_its_files(
    home: Home, tmp_path: Path
) -> None:
    refused(home.run("traces", "import", tmp_path, "--dry-run"), f"watch {tmp_path} --once")
    refused(home.run("traces", "import", tmp_path), f"watch {tmp_path} --once")


def test_of_several_files_those_before_a_bad_one_are_reported(home: Home, tmp_path: Path) -> None:
    good = write_lines(tmp_path / "good.jsonl", [trace(1)])
    odd = write_lines(tmp_path / "odd.jsonl", [{"a": 1}])

    for_people = home.run("traces", "import", good, odd)
    for_programs = home.run("traces", "import", good, odd, "--json")
    nothing = home.run("traces", "import", good, tmp_path / "nowhere.jsonl")

    refused(for_people, "No format recognises odd.jsonl")
    assert "good.jsonl (jsonl): 1 added" in for_people.stdout
    assert [one["known"] for one in json.loads(for_programs.stdout)] == [1]
    refused(nothing, "nowhere.jsonl is not a file")
    assert nothing.stdout == ""


def test_an_import_that_is_stopped_says_how_to_go_on(home: Home, tmp_path: Path) -> None:
    line = json.dumps(trace(1))
    file = write_lines(tmp_path / "a.jsonl", ["no json", *[line] * 100_000])
    process = home.start("traces", "import", file, "--format", "jsonl")
    assert process.stderr is not None
    first = process.stderr.readline()

    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)

    assert process.returncode == 130
    assert first.startswith("a.jsonl:1:")
    assert [line for line in said.splitlines() if line] == [
        "what is stored stays; import the same again to add the rest",
        "stopped",
    ]


def test_a_format_nobody_knows_is_refused_with_the_known_ones(home: Home, tmp_path: Path) -> None:
    file = write_lines(tmp_path / "a.jsonl", [trace()])

    refused(home.run("traces", "import", file, "--format", "xml"), "'xml'", "gsm8k, ", "jsonl")


def test_a_file_of_no_known_format_names_the_way_out(home: Home, tmp_path: Path) -> None:
    file = write_lines(tmp_path / "a.jsonl", [{"a": 1}])

    refused(home.run("traces", "import", file), "No format recognises a.jsonl", "--format")


def test_a_command_nobody_knows_is_a_mistake_in_the_call(home: Home) -> None:
    done = home.run("dance")

    assert done.returncode == 2
    assert "No such command 'dance'" in done.stderr


def test_a_setting_with_a_bad_value_stops_the_start_by_name(home: Home) -> None:
    done = home.run("traces", "list", TRACE_MAX_BYTES="many")

    refused(done, "TRACE_MAX_BYTES", "'many'")
    assert not home.folder.exists()


def test_a_database_address_that_is_none_is_refused(home: Home) -> None:
    refused(home.run("traces", "list", DATABASE_URL="foo"), "DATABASE_URL", "postgresql://")


def test_a_database_from_a_newer_version_is_refused(home: Home) -> None:
    home.inside("traces", "list")
    file = home.folder / "tunix-rt.db"
    with sqlite3.connect(file) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.close()

    refused(home.run("traces", "list"), "newer Tunix RT", "9999", "TUNIX_RT_HOME")


def test_a_file_that_is_no_database_is_refused_and_left_alone(home: Home) -> None:
    home.folder.mkdir()
    file = home.folder / "tunix-rt.db"
    file.write_bytes(b"not a database, but something of mine\n" * 40)

    refused(home.run("traces", "list"), "is not a database")
    assert file.read_bytes().startswith(b"not a database")


def test_a_recipe_with_a_misspelt_key_gets_a_suggestion(home: Home) -> None:
    done = home.run("train", "run", NANO, "--dataset", "none", "--set", "stepz=3")

    refused(done, "'stepz'", "Did you mean 'steps'?")


def test_training_on_a_dataset_nobody_froze_is_refused(home: Home) -> None:
    refused(home.run("train", "run", NANO, "--dataset", "none-v1"), "none-v1")


def test_a_folder_that_holds_no_model_is_refused_in_one_sentence(
    home: Home, tmp_path: Path
) -> None:
    home.inside("tasks", "suite", "arithmetic", "held-out", "--split", "test", "--count", 3)
    (tmp_path / "photos").mkdir()

    done = home.run("evaluate", "run", tmp_path / "photos", "held-out")

    refused(done, "is not a model checkpoint", "config.json")
    assert json.loads(home.inside("evaluate", "list", "--json").stdout) == []


def test_a_reader_that_stops_reading_is_no_error(home: Home, tmp_path: Path) -> None:
    file = write_lines(tmp_path / "a.jsonl", [trace(n) for n in range(3000)])
    home.inside("traces", "import", file)
    listing = home.start("traces", "list", "--limit", 10_000, "--json")
    assert listing.stdout is not None
    assert listing.stderr is not None

    listing.stdout.close()
    with listing.stderr as said:
        assert said.read() == ""
    assert listing.wait(60) != 0  # like every program whose pipe breaks


def test_two_imports_at_once_on_one_file_lose_nothing(home: Home, tmp_path: Path) -> None:
    first = write_lines(tmp_path / "first.jsonl", [trace(n) for n in range(6000)])
    second = write_lines(tmp_path / "second.jsonl", [trace(n) for n in range(4000, 10_000)])

    both = [home.start("traces", "import", file, "--json") for file in (first, second)]
    said = [process.communicate(timeout=120) for process in both]

    assert [process.returncode for process in both] == [0, 0], said
    reports = [json.loads(out)[0] for out, _ in said]
    listed = json.loads(home.inside("traces", "list", "--limit", 1, "--json").stdout)
    assert listed["total"] == 10_000
    assert sum(report["added"] for report in reports) == 10_000
    assert sum(report["known"] for report in reports) == 2000


def test_a_refusal_is_one_line_and_the_way_out_another(home: Home, tmp_path: Path) -> None:
    file = write_lines(tmp_path / "a.jsonl", [{"a": 1}])

    said = home.run("traces", "import", file).stderr.splitlines()

    assert [line.partition(" ")[0] for line in said] == ["error:", "hint:"]


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("traces", "list", "--query", "x" * 2001), "A query has at most 2,000 characters"),
        (("traces", "query", "verdct:x"), "'verdct' is no field (at character 1)"),
        (("traces", "mark", "great", "0" * 32), "nothing to say of a trace"),
        (("traces", "mark", "score:many", "0" * 32), "'many' is no number"),
        (("traces", "mark", "good"), "Name traces by their ids, or give a --query"),
        (("traces", "delete", "x"), "'x' is not the id of a trace"),
        (("traces", "purge"), "Name deleted traces, or say --all"),
        (("traces", "query", "--rank"), "Without words there is no rank"),
        (("datasets", "build", "", "1"), "dataset_name: "),
        (("datasets", "build", "d", "1", "--query", "verdct:x"), "Did you mean verdict?"),
        (("verify", "run", "--query", "verdct:x"), "Did you mean verdict?"),
        (("datasets", "build", "d", "1", "--meta", "a=\udcff"), "error: "),
    ],
)
def test_a_value_that_is_none_is_refused_by_name(
    home: Home, command: tuple[str, ...], said: str
) -> None:
    refused(home.run(*command), said)


@pytest.mark.parametrize("place", ["file/x", "n" * 300])
def test_a_file_that_cannot_be_written_is_refused(home: Home, tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("in the way")

    refused(home.run("traces", "export", tmp_path / place), "cannot be written")


def test_what_a_trace_says_cannot_drive_the_terminal(home: Home, tmp_path: Path) -> None:
    hostile = "\x1b]0;owned\x07\r"
    meta = {"model": hostile, "source": hostile}
    steps = [{"i": 0, "type": hostile, "content": hostile}]
    bad = {"question": "q", "ground_truth": "A: 1", hostile: 3}
    home.inside("traces", "import", write_lines(tmp_path / "a.jsonl", [trace(meta=meta)]))
    home.inside(
        *("traces", "import", "--source", hostile),
        write_lines(tmp_path / "b.jsonl", [trace(1, steps=steps, meta=meta, prompt=hostile)]),
    )
    imported = home.inside(
        *("traces", "import", "--format", "gsm8k-solutions"),
        write_lines(tmp_path / "c.jsonl", [bad]),
    )
    [newest, *_] = json.loads(home.inside("traces", "list", "--json").stdout)["data"]
    built = home.inside("datasets", "build", "d", "1", "--model", hostile)

    for done in (
        imported,
        home.inside("traces", "show", newest["id"]),
        home.inside("traces", "list"),
        built,
        home.inside("datasets", "show", "d-1"),
    ):
        assert done.exit_code == 0, done.output
        assert set("\x1b\x07\r") & set(done.output) == set(), done.output
    refused(home.run("traces", "show", hostile), "is not the id")


def test_a_meta_value_is_a_number_where_it_looks_like_one(home: Home, tmp_path: Path) -> None:
    metas = [{"seed": 0}, {"seed": "0"}, {"seed": 1}, {"seed": "zero", "model": "7"}]
    lines = [trace(number, meta=meta) for number, meta in enumerate(metas)]
    home.inside("traces", "import", write_lines(tmp_path / "a.jsonl", lines))

    found = [
        json.loads(home.inside("datasets", "build", "d", n, "--meta", meta, "--json").stdout)
        for n, meta in enumerate(["seed=0", 'seed="0"', "seed=zero", "model=7"])
    ]

    assert [one["trace_count"] for one in found] == [1, 1, 1, 1]


@pytest.mark.parametrize(
    ("name", "value"),
    [("REDIAI_MODE", "x"), ("DB_POOL_SIZE", "0"), ("REDIAI_BASE_URL", "localhost")],
)
def test_a_bad_setting_stops_the_start_by_name(home: Home, name: str, value: str) -> None:
    done = home.run("runs", "list", **{name: value})

    refused(done, f"The setting {name} is not valid", value, "settings.md")
    assert not home.folder.exists()
