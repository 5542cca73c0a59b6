"""Import of JSONL into SQLite with its indexes, against raw sqlite3 on the same bytes.

The floor does the least a store could do: one table, one TEXT column, no index, no
parsing, the same pages and durability, the same number of rows a commit.
"""

import json
import random
import resource
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

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


def peak_mb() -> float:
    """Peak resident memory of this process, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Three pairs, floor and import in turn; the best of each."""
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
            },
        )


if __name__ == "__main__":
    main()
