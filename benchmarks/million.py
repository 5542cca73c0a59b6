"""A million traces, on SQLite or PostgreSQL: import, index, read, search, count, export.

The traces are of about 1.6 kB. Reads are timed in this process on a store that another
process filled, with warm caches, after ten reads of the same kind.
"""

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from import_rate import WORDS, fresh, peak_mb
from measuring import record
from sqlalchemy import text

from tunix_rt.kit.settings import Settings
from tunix_rt.store import Store, open_store
from tunix_rt.traces import exporting, importing, indexing, query, query_facets, query_write
from tunix_rt.traces.language import parse
from tunix_rt.traces.query_marks import mark_verdicts
from tunix_rt.traces.schema import TraceFilter

SOURCES = ("gsm8k", "math", "rollouts", "chat", "games")
TYPES = ("derive", "calculate", "check", "recall")


def write(file: Path, count: int) -> int:
    """A file of traces with sources, models, step types and meta that differ."""
    dice = random.Random(0)

    def said(words: int) -> str:
        return " ".join(dice.choices(WORDS, k=words))

    size = 0
    with file.open("wb") as out:
        for i in range(count):
            steps = [
                {"i": n, "type": dice.choice(TYPES), "content": said(18)}
                for n in range(dice.randint(3, 14))
            ]
            meta = {
                "model": f"model-{dice.randint(0, 11)}",
                "task": f"bench/{i}",
                "expected_answer": str(i),
                "score": round(dice.random(), 3),
            }
            line = {
                "trace_version": "1.0",
                "prompt": said(25),
                "final_answer": str(i),
                "steps": steps,
                "meta": meta,
            }
            size += out.write(json.dumps(line).encode() + b"\n")
    return size


def filled(home: Path, database: str, file: Path, count: int) -> dict[str, Any]:
    """Import the file and index it; how long the first and the last tenth took, and the memory."""
    store = open_store(Settings(home=home, database=database))
    marks: list[tuple[int, float]] = []
    began = time.perf_counter()
    importing.import_file(
        store,
        file,
        on_batch=lambda report, _: marks.append((report.records, time.perf_counter())),
    )
    took = time.perf_counter() - began
    first = next(at for done, at in marks if done >= count // 10) - began
    last = marks[-1][1] - max(at for done, at in marks if done <= count * 9 // 10)
    memory = peak_mb()
    began = time.perf_counter()
    indexing.catch_up(store)
    indexed = time.perf_counter() - began
    store.close()
    return {
        "import_seconds": round(took, 1),
        "traces_per_second": round(count / took),
        "first_tenth_seconds": round(first, 2),
        "last_tenth_seconds": round(last, 2),
        "import_peak_mb": round(memory),
        "index_seconds": round(indexed, 1),
    }


def judged(store: Store) -> None:
    """Give the traces verdicts, labels of sources and scores, as a verification would."""
    dice = random.Random(1)
    after: str | None = None
    while True:
        with store.read() as connection:
            ids = [
                row.id
                for row in query.page(
                    connection, TraceFilter(verdict="none"), limit=5000, cursor=after
                ).rows
            ]
        if not ids:
            return
        after = ids[-1]
        words = [
            dice.choices(("right", "wrong", "undecided", None), (60, 30, 5, 5))[0] for _ in ids
        ]
        with store.write() as connection:
            mark_verdicts(connection, [(i, w, None) for i, w in zip(ids, words, strict=True)])
            query_write.settle_tally(connection)


def timed(do: Callable[[int], object], times: int) -> dict[str, float]:
    """Milliseconds of the middle and of the slowest hundredth."""
    for i in range(10):
        do(i)
    found = []
    for i in range(times):
        began = time.perf_counter()
        do(10 + i)
        found.append((time.perf_counter() - began) * 1000)
    found.sort()
    return {
        "p50_ms": round(found[len(found) // 2], 2),
        "p99_ms": round(found[len(found) * 99 // 100], 2),
    }


def reads(store: Store) -> dict[str, Any]:
    """Pages, single reads, filters, searches, counts."""
    dice = random.Random(2)
    with store.read() as connection:
        ids = query.select_ids(connection, TraceFilter(), limit=200_000)

    def page(asked: Callable[[], str], **how: Any) -> Callable[[int], object]:
        def do(_: int) -> object:
            with store.read() as connection:
                found = query.page(connection, parse(asked()), limit=50, **how)
                return [query.summary(row) for row in found.rows]

        return do

    def deep(_: int) -> object:
        with store.read() as connection:
            return query.page(connection, TraceFilter(), limit=50, cursor=dice.choice(ids)).rows

    def one(_: int) -> object:
        with store.read() as connection:
            return query.payload(query.get(connection, dice.choice(ids)))

    def facets(_: int) -> object:
        with store.read() as connection:
            return query_facets.facets(
                connection, TraceFilter(model=f"model-{dice.randint(0, 11)}")
            )

    def model() -> str:
        return f"model:model-{dice.randint(0, 11)}"

    def verdict() -> str:
        return "verdict:" + dice.choice(("right", "wrong", "undecided"))

    def steps() -> str:
        return f"steps:>{dice.randint(3, 11)}"

    return {
        "page_of_50_first": timed(page(lambda: ""), 500),
        "page_of_50_deep": timed(deep, 500),
        "page_one_filter": timed(page(model), 500),
        "single_read": timed(one, 2000),
        "three_filters": timed(page(lambda: f"{model()} {verdict()} {steps()}"), 500),
        "three_filters_with_type": timed(
            page(lambda: f"{verdict()} type:{dice.choice(TYPES)} score:>{dice.random():.2f}"), 500
        ),
        "one_word_newest": timed(page(lambda: dice.choice(WORDS)), 300),
        "two_words_newest": timed(page(lambda: " ".join(dice.choices(WORDS, k=2))), 300),
        "phrase_newest": timed(page(lambda: '"' + " ".join(dice.choices(WORDS, k=2)) + '"'), 300),
        "word_and_filter_newest": timed(page(lambda: f"{dice.choice(WORDS)} {model()}"), 300),
        "meta_value": timed(page(lambda: f"meta.task:bench/{dice.randint(0, 99_999)}"), 300),
        "one_word_by_rank": timed(page(lambda: dice.choice(WORDS), order="rank"), 50),
        "facets": timed(facets, 50),
    }


def exported(home: Path, database: str, target: Path) -> dict[str, Any]:
    """Everything out as JSONL; the memory is of a process that does nothing else."""
    store = open_store(Settings(home=home, database=database))
    began = time.perf_counter()
    with target.open("wb") as out:
        rows = sum(
            out.write(chunk) > 0 for chunk in exporting.export(store, TraceFilter(), format="jsonl")
        )
    took = time.perf_counter() - began
    store.close()
    return {
        "export_rows_per_second": round(rows / took),
        "export_cpu_seconds": round(resource.getrusage(resource.RUSAGE_SELF).ru_utime, 1),
        "export_peak_mb": round(peak_mb()),
    }


def main() -> None:
    """Each part in a process of its own, so that its memory is its own."""
    options = argparse.ArgumentParser()
    options.add_argument("--count", type=int, default=1_000_000)
    options.add_argument("--postgres", default="", help="A server to make a database on.")
    options.add_argument("--part")
    options.add_argument("--folder")
    options.add_argument("--database", default="")
    given = options.parse_args()
    if given.part:
        folder = Path(given.folder)
        parts = {
            "filled": lambda: filled(
                folder / "home", given.database, folder / "traces.jsonl", given.count
            ),
            "exported": lambda: exported(folder / "home", given.database, folder / "out.jsonl"),
        }
        sys.stdout.write(json.dumps(parts[given.part]()))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        size = write(folder / "traces.jsonl", given.count)
        found: dict[str, Any] = {
            "traces": given.count,
            "bytes_per_trace": round(size / given.count),
        }
        database = fresh(given.postgres, "tunix_rt_million") if given.postgres else ""
        found |= part("filled", folder, given.count, database)
        store = open_store(Settings(home=folder / "home", database=database))
        judged(store)
        found |= {name: round(part / size, 3) for name, part in room(store).items()}
        found["reads"] = reads(store)
        store.close()
        found |= part("exported", folder, given.count, database)
    name = "million" if given.count >= 1_000_000 else f"traces-{given.count}"
    record(f"{name}-postgres" if given.postgres else name, found)


def room(store: Store) -> dict[str, int]:
    """Bytes on the disk: the traces with their indexes, and the words."""
    names = ("database_bytes_per_input_byte", "search_index_bytes_per_input_byte")
    if store.search_file is not None:
        files = (Path(store.place), store.search_file)
        return dict(zip(names, (file.stat().st_size for file in files), strict=True))
    with store.read() as connection:
        words = connection.scalar(text("SELECT pg_total_relation_size('trace_words')")) or 0
        whole = connection.scalar(text("SELECT pg_database_size(current_database())")) or 0
    return dict(zip(names, (whole - words, words), strict=True))


def part(name: str, folder: Path, count: int, database: str) -> dict[str, Any]:
    """What a part measured in its own process."""
    command = [
        sys.executable,
        __file__,
        "--part",
        name,
        "--folder",
        str(folder),
        "--count",
        str(count),
        "--database",
        database,
    ]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


if __name__ == "__main__":
    main()
