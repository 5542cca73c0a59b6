"""Freeze traces into hashed Parquet shards, read them back, and prove them.

The traces are of about 1.6 kB; a tenth of their prompts is held out. The floor, in the same
run on the same traces: their JSON lines parsed and written by pyarrow as one zstd-compressed
Parquet file, without a store, hashes, splits or a manifest. `COUNT`: how many; 1,000,000.
"""

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from import_rate import peak_mb
from measuring import record
from million import write

from tunix_rt.datasets import freezing, proving, reading
from tunix_rt.datasets.schema import Build
from tunix_rt.kit.settings import Settings
from tunix_rt.store import Store, open_store
from tunix_rt.traces import importing

BUILD = {"limit": 10_000_000, "splits": {"train": 0.9, "test": 0.1}}


def opened(home: Path) -> Store:
    """The store of this benchmark."""
    return open_store(Settings(home=home, database=""))


def frozen(home: Path, strategy: str) -> dict[str, Any]:
    """One freezing by this process and its builders; how much memory each of them took."""
    store = opened(home)
    wanted = {**BUILD, "selection_strategy": strategy, "seed": 7}
    build = Build.model_validate({"dataset_name": "d", "dataset_version": strategy, **wanted})
    began, cpu = time.perf_counter(), time.process_time()
    found = freezing.freeze(store, build)
    took = time.perf_counter() - began
    return {
        "rows_per_second": round(found.trace_count / took),
        "seconds": round(took, 1),
        "cpu_seconds": round(time.process_time() - cpu, 1),
        "peak_mb": peak_mb(),
        "peak_mb_of_a_builder": round(
            resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024, 1
        ),
        "size_mb": round(found.size_bytes / 1e6, 1),
        "shards": len(found.shards),
    }


def read_back(home: Path) -> dict[str, Any]:
    """Every row as the exports and the backends meet it, then every hash again."""
    store = opened(home)
    began = time.perf_counter()
    count = sum(1 for _ in reading.rows(store, "d-latest"))
    read = time.perf_counter() - began
    began = time.perf_counter()
    proof = proving.verify(store, "d-latest")
    proved = time.perf_counter() - began
    assert proof.ok
    return {
        "read_rows_per_second": round(count / read),
        "verify_rows_per_second": round(count / proved),
        "peak_mb": peak_mb(),
    }


def floor(file: Path, count: int) -> dict[str, Any]:
    """The same lines through pyarrow alone."""
    from pyarrow import json as arrow_json
    from pyarrow import parquet

    began, cpu = time.perf_counter(), time.process_time()
    reader = arrow_json.open_json(file, arrow_json.ReadOptions(block_size=8 << 20))
    with parquet.ParquetWriter(
        file.with_suffix(".parquet"), reader.schema, compression="zstd", compression_level=3
    ) as out:
        for batch in reader:
            out.write_batch(batch)
    took = time.perf_counter() - began
    return {
        "rows_per_second": round(count / took),
        "cpu_seconds": round(time.process_time() - cpu, 1),
        "peak_mb": peak_mb(),
    }


def apart(*what: str) -> dict[str, Any]:
    """One measurement in a process of its own, so that its memory is its own."""
    import json

    said = subprocess.run([sys.executable, __file__, *what], capture_output=True, text=True)
    assert said.returncode == 0, said.stderr
    answer: dict[str, Any] = json.loads(said.stdout)
    return answer


def main() -> None:
    """Import once, then each measurement apart."""
    import json

    match [one for one in sys.argv[1:] if one != "--dry"]:
        case ["latest" | "random" as strategy, home]:
            print(json.dumps(frozen(Path(home), strategy)))
        case ["read", home]:
            print(json.dumps(read_back(Path(home))))
        case ["floor", file, count]:
            print(json.dumps(floor(Path(file), int(count))))
        case given:
            numbers = [int(one) for one in given if one.isdigit()]
            count = numbers[0] if numbers else 1_000_000
            with tempfile.TemporaryDirectory() as folder:
                record(f"freeze-rate-{count}", measured(Path(folder), count))


def measured(folder: Path, count: int) -> dict[str, Any]:
    """Everything about `count` traces."""
    size = write(folder / "traces.jsonl", count)
    store = opened(folder / "home")
    importing.import_file(store, folder / "traces.jsonl")
    store.close()
    home = str(folder / "home")
    lines = apart("floor", str(folder / "traces.jsonl"), str(count))
    latest = apart("latest", home)
    return {
        "traces": count,
        "bytes_each": round(size / count),
        "floor_pyarrow": lines,
        "latest": latest,
        "random": apart("random", home),
        "of_the_floor": round(latest["rows_per_second"] / lines["rows_per_second"], 2),
        **apart("read", home),
    }


if __name__ == "__main__":
    main()
