"""Files that grow under a real writer, read by a real process that is killed."""

import gzip
import json
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from subprocess import Popen
from typing import Any

import pytest

from tests.cli.running import Home, refused, until
from tests.making import trace, write_lines
from tunix_rt.kit.errors import Broken, NotFound
from tunix_rt.kit.settings import Settings
from tunix_rt.store import Store, open_store
from tunix_rt.traces import query, query_facets, watching
from tunix_rt.traces.mapping import Mapped
from tunix_rt.traces.schema import TraceFilter


def line(number: int, **changes: Any) -> str:
    return json.dumps(trace(number, **changes)) + "\n"


def append(path: Path, text: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(text)


def numbers(store: Store) -> list[int]:
    """The numbers of the traces that are stored, each as often as it is."""
    with store.read() as connection:
        rows = query.page(connection, TraceFilter(), limit=1_000).rows
    return sorted(int(row.prompt.split()[2]) for row in rows)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that nothing else is in."""
    found = tmp_path / "watched"
    found.mkdir()
    return found


class Watched:
    """A watch, with what it said."""

    def __init__(self, store: Store, *places: Path, **options: Any) -> None:
        self.unreadable: list[tuple[str, str]] = []
        self.rejected: list[tuple[str, int]] = []
        self._watch = watching.Watch(
            store,
            list(places),
            on_unreadable=lambda name, reason: self.unreadable.append((name, reason)),
            on_rejected=lambda name, one: self.rejected.append((name, one.line)),
            **options,
        )

    def look(self, *, whole: bool = False) -> dict[str, tuple[int, int, int]]:
        """What became of each file: added, known, rejected."""
        found = self._watch.look(whole=whole)
        return {name: (one.added, one.known, one.rejected) for name, one in found}


def test_a_file_is_read_as_it_grows_and_a_half_line_waits_for_its_end(
    store: Store, tmp_path: Path
) -> None:
    path = tmp_path / "log.jsonl"
    watch = Watched(store, path)
    whole = line(2)

    assert watch.look() == {}  # it is not there yet
    path.touch()
    assert watch.look() == {}
    append(path, line(0) + line(1) + whole[:40])
    assert watch.look() == {"log.jsonl": (2, 0, 0)}
    assert watch.look() == {}
    append(path, whole[40:-1])
    assert watch.look() == {}
    append(path, "\n\n{broken\n" + line(3))
    assert watch.look() == {"log.jsonl": (2, 0, 1)}
    assert watch.rejected == [("log.jsonl", 5)]
    assert numbers(store) == [0, 1, 2, 3]
    with store.read() as connection:
        assert query_facets.count(connection, TraceFilter(source="log.jsonl")) == 4


def test_another_watch_goes_on_where_the_one_before_it_was(store: Store, tmp_path: Path) -> None:
    path = write_lines(tmp_path / "log.jsonl", [trace(0), trace(1)])
    Watched(store, path).look()
    append(path, line(2))

    assert Watched(store, path).look() == {"log.jsonl": (1, 0, 0)}
    assert Watched(store, path).look() == {}


def test_a_last_line_without_an_end_is_taken_when_nobody_writes_any_more(
    store: Store, tmp_path: Path
) -> None:
    path = tmp_path / "log.jsonl"
    path.write_text(line(0) + line(1).rstrip())

    assert Watched(store, path).look(whole=True) == {"log.jsonl": (2, 0, 0)}
    append(path, "\n" + line(2))
    assert Watched(store, path).look() == {"log.jsonl": (1, 1, 0)}


@pytest.mark.parametrize("shorter", [False, True])
def test_a_file_that_was_cut_short_or_replaced_is_read_anew(
    store: Store, tmp_path: Path, shorter: bool
) -> None:
    path = write_lines(tmp_path / "log.jsonl", [trace(n) for n in range(3)])
    watch = Watched(store, path)
    watch.look()

    write_lines(path, [trace(n) for n in range(10, 11 if shorter else 20)])

    assert watch.look() == {"log.jsonl": (1 if shorter else 10, 0, 0)}


def test_a_log_that_is_rotated_loses_nothing(store: Store, folder: Path) -> None:
    path = write_lines(folder / "log.jsonl", [trace(0), trace(1)])
    watch = Watched(store, folder)
    watch.look()

    append(path, line(2))
    path.rename(folder / "log.jsonl.1")
    write_lines(path, [trace(3)])

    assert watch.look() == {"log.jsonl": (1, 0, 0), "log.jsonl.1": (1, 2, 0)}
    assert numbers(store) == [0, 1, 2, 3]


def test_new_files_of_a_folder_are_found_and_what_is_unfinished_or_unknown_stops_nobody(
    store: Store, folder: Path
) -> None:
    watch = Watched(store, folder)
    write_lines(folder / "a.jsonl", [trace(0)])
    write_lines(folder / "b.jsonl", [{"nobody": "knows"}])
    write_lines(folder / "c.jsonl.tmp", [trace(8)])
    write_lines(folder / ".hidden.jsonl", [trace(9)])
    (folder / "noise.bin").write_bytes(bytes(range(256)) * 20)
    (folder / "link.jsonl").symlink_to(folder / "a.jsonl")

    assert watch.look() == {"a.jsonl": (1, 0, 0)}
    assert sorted(watch.unreadable) == [
        ("b.jsonl", "No format recognises b.jsonl: its first record has the columns nobody."),
        (
            "noise.bin",
            "No format recognises noise.bin: record 1 is not JSON: JSON is malformed: "
            "invalid character (byte 0).",
        ),
    ]
    (folder / "deep").mkdir()
    write_lines(folder / "deep" / "a.jsonl", [trace(1)])
    append(folder / "b.jsonl", line(2))

    assert watch.look() == {"deep/a.jsonl": (1, 0, 0)}
    assert len(watch.unreadable) == 2  # said once
    assert numbers(store) == [0, 1]


def test_a_file_that_is_read_as_a_whole_is_read_when_it_has_stopped_changing(
    store: Store, folder: Path
) -> None:
    path = folder / "all.json.gz"
    packed = gzip.compress(json.dumps([trace(0), trace(1)], indent=1).encode())
    watch = Watched(store, folder)

    path.write_bytes(packed[:-20])
    assert watch.look() == {}
    path.write_bytes(packed)
    assert watch.look() == {}
    assert watch.look() == {"all.json.gz": (2, 0, 0)}
    assert watch.look() == {}
    assert Watched(store, folder).look(whole=True) == {}
    assert watch.unreadable == []


def test_columns_are_watched_by_a_mapping_and_another_mapping_reads_anew(
    store: Store, tmp_path: Path
) -> None:
    path = write_lines(tmp_path / "log.jsonl", [{"q": "What is 0 + 1?", "a": 1, "b": 2}])
    first = Watched(store, path, mapped=Mapped(["prompt=q", "answer=a"]))
    other = Watched(store, path, mapped=Mapped(["prompt=q", "answer=b"]))

    assert first.look() == {"log.jsonl": (1, 0, 0)}
    assert other.look() == {"log.jsonl": (1, 0, 0)}
    append(path, '{"q": "What is 1 + 1?"}\n')
    assert other.look() == {"log.jsonl": (0, 0, 1)}
    assert other.rejected == [("log.jsonl", 2)]
    with pytest.raises(NotFound):
        Watched(store, path, format="nonsense")


def test_names_that_are_no_utf8_are_watched_and_a_file_nobody_may_read_is_told_once(
    store: Store, folder: Path
) -> None:
    write_lines(Path(os.fsdecode(os.fsencode(folder) + b"/\xff.jsonl")), [trace(0)])
    watch = Watched(store, folder)
    if os.getuid():
        write_lines(folder / "shut.jsonl", [trace(1)]).chmod(0)

    assert watch.look() == {"�.jsonl": (1, 0, 0)}
    assert watch.look() == {}
    assert len(watch.unreadable) == (1 if os.getuid() else 0)


def test_a_database_that_refuses_ends_the_look_and_the_next_one_takes_what_is_left(
    store: Store, tmp_path: Path
) -> None:
    path = write_lines(tmp_path / "log.jsonl", [trace(0)])
    watch = Watched(store, path)

    class Shut:
        """A store whose database is gone."""

        def read(self) -> Any:
            raise Broken("The database is gone.")

    broken = Watched(Shut(), path)  # type: ignore[arg-type]
    with pytest.raises(Broken):
        broken.look()

    assert broken.unreadable == []
    assert watch.look() == {"log.jsonl": (1, 0, 0)}


class Writer(threading.Thread):
    """Writes lines until it is stopped, in pieces, as a trainer does whose buffer is flushed."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.lines = 0
        self._path = path
        self._stopped = threading.Event()
        self.start()

    def run(self) -> None:
        with self._path.open("a", encoding="utf-8") as file:
            while not self._stopped.wait(0.005):
                text = "".join(line(n) for n in range(self.lines, self.lines + 10))
                self.lines += 10
                file.write(text[:997])
                file.flush()
                self._stopped.wait(0.005)
                file.write(text[997:])

    def stop(self) -> int:
        """How many lines there are in the end."""
        self._stopped.set()
        self.join()
        return self.lines


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def watchers() -> Iterator[list[Popen[str]]]:
    started: list[Popen[str]] = []
    yield started
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=30)


@pytest.mark.slow
def test_kills_while_a_trainer_writes_lose_nothing_and_store_nothing_twice(
    home: Home, tmp_path: Path, watchers: list[Popen[str]]
) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    write_lines(folder / "other.jsonl", [{"nobody": "knows"}])
    store = open_store(Settings(home=home.folder, database=""))
    writer = Writer(folder / "log.jsonl")

    def stored() -> int:
        with store.read() as connection:
            return query_facets.count(connection, TraceFilter())

    def watch() -> Popen[str]:
        watchers.append(home.start("traces", "watch", folder))
        return watchers[-1]

    try:
        for _ in range(5):
            before, process = stored(), watch()
            until(lambda before=before: stored() > before)  # type: ignore[misc]
            process.kill()
            process.wait()
    finally:
        count = writer.stop()
    process = watch()
    until(lambda: stored() >= count)
    append(folder / "late.jsonl", line(count))
    assert process.stdout is not None
    said = next(text for text in process.stdout if text.startswith("late.jsonl"))
    process.send_signal(signal.SIGINT)
    _, complaints = process.communicate(timeout=30)

    assert process.returncode == 130
    assert "late.jsonl (jsonl): 1 added, 0 known, 0 rejected" in said
    assert "other.jsonl: No format recognises other.jsonl: " in complaints
    assert "log.jsonl:" not in complaints  # no line was ever read by half
    assert stored() == count + 1
    store.close()


def test_the_command_takes_what_is_there_and_ends(home: Home, tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a\x1b.jsonl", [trace(0), trace(1)])

    said = home.inside("traces", "watch", path, "--once", "--json", "--source", "mine")
    again = home.run("traces", "watch", path, "--once")

    report = json.loads(said.stdout)
    assert (report["added"], report["source"], report["file"]) == (2, "mine", path.name)
    assert (again.stdout, again.stderr) == ("", "nothing new\n")
    refused(home.run("traces", "watch", tmp_path / "nowhere", "--once"), "neither a file")
