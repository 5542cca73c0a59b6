"""Import of JSONL into SQLite with its indexes, against raw sqlite3 on the same bytes.

The floor does the least a store could do: one table, one TEXT column, no index, no
parsing, the same pages and durability, the same number of rows a commit. With
`--postgres ADDRESS` the same on PostgreSQL, where the floor is a raw COPY.
"""

import argparse
import json
import random
import resource
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from measuring import record

from tunix_rt.kit.settings import Settings
from tunix_rt.store import open_store
from tunix_rt.traces import importing, intake

COUNT = 100_000
WORDS = [
    "".join(
        random.Random(i).choices("abcdefghijklmnopqrstuvwxyz", k=random.Random(i).randint(2, 9))
    )
    for i in range(4000)
]


def lines(count: int) -> Iterator[bytes]:
    """Traces of about 1.6 kB with five steps."""
    dice = random.Random(0)

    def text(words: int) -> str:
        return " ".join(dice.choices(WORDS, k=words))

    for i in range(count):
        steps = [{"i": n, "type": "derive", "content": text(35)} for n in range(5)]
        meta = {"model": f"model-{i % 7}", "task": f"bench/{i}", "expected_answer": str(i)}
        trace = {
            "trace_version": "1.0",
            "prompt": text(30),
            "final_answer": str(i),
            "steps": steps,
            "meta": meta,
        }
        yield json.dumps(trace).encode() + b"\n"


def floor(file: Path, database: Path) -> float:
    """Seconds of raw executemany of the same bytes."""
    connection = sqlite3.connect(database, isolation_level=None)
    for pragma in ("page_size=16384", "journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("CREATE TABLE raw (line TEXT)")
    began = time.perf_counter()
    with file.open("rb") as source:
        while batch := [(line,) for line, _ in zip(source, range(intake.BATCH), strict=False)]:
            connection.execute("BEGIN")
            connection.executemany("INSERT INTO raw VALUES (?)", batch)
            connection.execute("COMMIT")
    took = time.perf_counter() - began
    connection.close()
    return took


def copied(file: Path, address: str) -> float:
    """Seconds of a raw COPY of the same bytes, in as many transactions."""
    import psycopg

    with psycopg.connect(address) as connection:
        connection.execute("DROP TABLE IF EXISTS raw")
        connection.execute("CREATE TABLE raw (line TEXT)")
        connection.commit()
        began = time.perf_counter()
        with file.open("rb") as source:
            while batch := list(islice(source, intake.BATCH)):
                with connection.cursor() as cursor, cursor.copy("COPY raw FROM STDIN") as copy:
                    copy.write(b"".join(batch).replace(b"\\", b"\\\\"))
                connection.commit()
        return time.perf_counter() - began


def fresh(address: str, name: str) -> str:
    """The address of a new, empty database of this server."""
    import psycopg
    from sqlalchemy import make_url

    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name}")
    return make_url(address).set(database=name).render_as_string(hide_password=False)


def on_postgres(file: Path, folder: Path, address: str) -> dict[str, Any]:
    """Three pairs on a server, as on SQLite."""
    floors, imports = [], []
    for turn in range(3):
        database = fresh(address, "tunix_rt_import_rate")
        floors.append(copied(file, database))
        store = open_store(Settings(home=folder / f"postgres{turn}", database=database))
        began = time.perf_counter()
        report = importing.import_file(store, file)
        imports.append(time.perf_counter() - began)
        assert report.added == COUNT
        store.close()
    return {
        "postgres_traces_per_second": round(COUNT / min(imports)),
        "postgres_copy_rows_per_second": round(COUNT / min(floors)),
        "postgres_times_the_copy": round(min(imports) / min(floors), 2),
        "postgres_imports_seconds": [round(s, 2) for s in imports],
        "postgres_copies_seconds": [round(s, 2) for s in floors],
    }


def peak_mb() -> float:
    """Peak resident memory of this process, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Three pairs, floor and import in turn; the best of each."""
    options = argparse.ArgumentParser()
    options.add_argument("--postgres", help="The address of a server to make a database on.")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        file = home / "traces.jsonl"
        with file.open("wb") as out:
            out.writelines(lines(COUNT))
        size = file.stat().st_size
        small = home / "small.jsonl"
        with small.open("wb") as out:
            out.writelines(lines(COUNT // 10))
        floors, imports, cpus = [], [], []
        store = open_store(Settings(home=home / "small", database=""))
        importing.import_file(store, small)
        after_small = peak_mb()
        for turn in range(3):
            floors.append(floor(file, home / f"floor{turn}.db"))
            store = open_store(Settings(home=home / f"home{turn}", database=""))
            cpu = time.process_time()
            began = time.perf_counter()
            report = importing.import_file(store, file)
            imports.append(time.perf_counter() - began)
            cpus.append(time.process_time() - cpu)
            assert report.added == COUNT
            stored = (home / f"home{turn}" / "tunix-rt.db").stat().st_size
            store.close()
        server = on_postgres(file, home, given.postgres) if given.postgres else {}
        record(
            "import-rate",
            {
                "traces": COUNT,
                "bytes_per_trace": round(size / COUNT),
                "traces_per_second": round(COUNT / min(imports)),
                "floor_rows_per_second": round(COUNT / min(floors)),
                "times_the_floor": round(min(imports) / min(floors), 2),
                "cpu_seconds": round(min(cpus), 2),
                "database_bytes_per_input_byte": round(stored / size, 2),
                "peak_mb_after_10_percent": round(after_small),
                "peak_mb_at_the_end": round(peak_mb()),
                "imports_seconds": [round(s, 2) for s in imports],
                "floors_seconds": [round(s, 2) for s in floors],
                **server,
            },
        )


if __name__ == "__main__":
    main()
