"""JSON lines of a frozen dataset, against Hugging Face `datasets` (map and to_json).

Pairs in one process, one core each: the same rows, the same fields, to a file on the same disk.
Ours is told twice: from rows in memory to lines, and the whole export of a frozen version, which
reads it from its blob. Memory is the peak of a process of its own that exports 100,000, and of one
that exports 1,000,000 rows.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from measuring import record

from tunix_rt.kit.files import write_whole
from tunix_rt.rendering import exporting
from tunix_rt.rendering.exporting import CONTRACT
from tunix_rt.rendering.schema import StepRow, TraceRow
from tunix_rt.rendering.schema_export import About

COUNT = 100_000
GROWN = 1_000_000
TURNS = 3
LARGE = ("training_example", "trl-preference", "verl", "huggingface", "array-record")
"""Formats whose memory is watched: each way of writing, and what sorts on the disk."""

EXAMPLES = UUID("6f1cf6e0-3c0e-5d5c-9d63-6f9c0f7a51c4")


def row(number: int) -> TraceRow:
    """A short trace: a sum in three steps; every third is wrong, four answer one prompt."""
    asked, wrong = number // 4, number % 3 == 0
    return TraceRow(
        id=f"0199{number:028x}",
        created_at="2026-11-21T21:00:00.000000Z",
        trace_version="1.0",
        prompt=f"What is {asked} + {asked + 1}?",
        final_answer=str(2 * asked + 1 + wrong),
        steps=[
            StepRow(0, "calculation", f"{asked} + {asked + 1} = {2 * asked + 1 + wrong}"),
            StepRow(1, "thought", f"Sample {number}: both numbers were added once."),
            StepRow(2, "check", "The sum is larger than either of them."),
        ],
        meta={"model": "m", "number": number, "expected_answer": str(2 * asked + 1)},
        source="bench",
        model="m",
        verdict="wrong" if wrong else "right",
        first_error=0 if wrong else None,
        expected_answer=str(2 * asked + 1),
        verifier="number",
    )


class Made:
    """So many rows, made as they are read."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.about = About("bench-1", "bench_1", "0" * 64, "2026-11-21", {"train": count}, "")

    def rows(self, split: str | None) -> Iterator[TraceRow]:
        """Every row."""
        return map(row, range(self.count))


def metadata(one: dict[str, Any]) -> dict[str, Any]:
    """The contract's metadata, as a mapped function says it."""
    return {
        **one["meta"],
        "created_at": one["created_at"],
        "trace_version": one["trace_version"],
    }


def trace(one: dict[str, Any]) -> dict[str, Any]:
    """`trace` as a mapped function."""
    return {
        "id": one["id"],
        "prompts": one["prompt"],
        "trace_steps": [step["content"] for step in one["steps"]],
        "final_answer": one["final_answer"],
        "metadata": metadata(one),
    }


def reasoning(one: dict[str, Any]) -> str:
    """The contract's text of a response."""
    steps = "".join(f"{n}. {step['content']}\n" for n, step in enumerate(one["steps"], 1))
    return f"Reasoning:\n{steps}Answer: {one['final_answer']}"


def tunix_sft(one: dict[str, Any]) -> dict[str, Any]:
    """`tunix_sft` as a mapped function."""
    text = f"<start_of_turn>user\n{one['prompt']}<end_of_turn>\n<start_of_turn>model\n"
    return {
        "id": one["id"],
        "prompts": f"{text}{reasoning(one)}<end_of_turn>",
        "final_answer": one["final_answer"],
        "metadata": {**metadata(one), "format": "tunix_sft"},
    }


def training_example(one: dict[str, Any]) -> dict[str, Any]:
    """`training_example` as a mapped function."""
    return {
        "id": str(uuid5(EXAMPLES, one["id"])),
        "prompt": f"{one['prompt']}\n\nPlease show your reasoning steps.",
        "response": reasoning(one),
        "metadata": {**metadata(one), "source_trace_id": one["id"]},
    }


PEER: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "trace": trace,
    "tunix_sft": tunix_sft,
    "training_example": training_example,
}


def theirs(name: str, table: Any, folder: Path) -> tuple[float, Path]:
    """Seconds of map and to_json on rows that are in memory as Arrow already."""
    file = folder / f"theirs-{name}.jsonl"
    began = time.perf_counter()
    mapped = table.map(PEER[name], remove_columns=table.column_names, load_from_cache_file=False)
    mapped.to_json(file, lines=True, force_ascii=False)
    return time.perf_counter() - began, file


def ours(name: str, rows: list[TraceRow], folder: Path) -> tuple[float, float, Path]:
    """Seconds, and CPU seconds, of the same export of the same rows."""
    file = folder / f"ours-{name}.jsonl"
    began, cpu = time.perf_counter(), time.process_time()
    write_whole(file, exporting.load(name).export(rows))
    return time.perf_counter() - began, time.process_time() - cpu, file


def frozen(folder: Path) -> Callable[[str], float]:
    """A store with the rows frozen; a function that exports them and says how long it took."""
    from tunix_rt.datasets import freezing
    from tunix_rt.datasets.exporting import Export
    from tunix_rt.datasets.schema import Build
    from tunix_rt.kit.settings import Settings
    from tunix_rt.store import open_store
    from tunix_rt.traces import importing

    lines = folder / "traces.jsonl"
    with lines.open("w") as out:
        for one in map(row, range(COUNT)):
            steps = [{"i": s.i, "type": s.type, "content": s.content} for s in one.steps]
            body = {"prompt": one.prompt, "final_answer": one.final_answer, "steps": steps}
            out.write(json.dumps({"trace_version": "1.0", "meta": one.meta, **body}) + "\n")
    store = open_store(Settings(home=folder / "home", database=""))
    importing.import_file(store, lines)
    freezing.freeze(store, Build(dataset_name="b", dataset_version="1", limit=COUNT))

    def export(name: str) -> float:
        began = time.perf_counter()
        written = exporting.write(name, Export(store, "b-1"), folder / "frozen.jsonl", None)
        assert written.records == COUNT
        return time.perf_counter() - began

    return export


def agree(one: Path, other: Path) -> None:
    """Both files say the same."""
    with one.open("rb") as mine, other.open("rb") as yours:
        for left, right in zip(mine, yours, strict=True):
            assert json.loads(left) == json.loads(right), (left, right)


def peak(name: str, count: int) -> float:
    """Peak resident MB of a process that exports so many rows."""
    with tempfile.TemporaryDirectory() as folder:
        words = [sys.executable, __file__, "--peak", name, str(count), folder]
        said = subprocess.run(words, capture_output=True, text=True, check=True)
    return float(said.stdout)


def export_once(name: str, count: int, folder: str) -> None:
    """Export rows and print the peak of resident memory in MB, of this program alone."""
    exporting.write(name, Made(count), Path(folder) / "out", None)
    status = Path("/proc/self/status").read_text().splitlines()
    print(next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024)


def main() -> None:
    """Pairs of each format in turn, the best of each; then the memory."""
    os.environ |= {"HF_HUB_OFFLINE": "1", "HF_DATASETS_DISABLE_PROGRESS_BARS": "1"}
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        os.environ["HF_HOME"] = str(folder / "hf")
        import msgspec
        from datasets import Dataset

        rows = [row(number) for number in range(COUNT)]
        table = Dataset.from_list([msgspec.to_builtins(one) for one in rows])
        export = frozen(folder)
        numbers: dict[str, Any] = {"rows": COUNT}
        for name in CONTRACT:
            mine, cpus, yours, whole = [], [], [], []
            for _ in range(TURNS):
                took, cpu, file = ours(name, rows, folder)
                mine.append(took)
                cpus.append(cpu)
                took, other = theirs(name, table, folder)
                yours.append(took)
                whole.append(export(name))
            agree(file, other)
            numbers[f"{name}_bytes_per_row"] = round(file.stat().st_size / COUNT)
            numbers[f"{name}_rows_per_second"] = round(COUNT / min(mine))
            numbers[f"{name}_rows_per_cpu_second"] = round(COUNT / min(cpus))
            numbers[f"{name}_times_datasets"] = round(min(yours) / min(mine), 1)
            numbers[f"{name}_from_frozen_rows_per_second"] = round(COUNT / min(whole))
            numbers[f"{name}_frozen_times_datasets"] = round(min(yours) / min(whole), 1)
            numbers[f"{name}_datasets_seconds"] = [round(s, 2) for s in yours]
        del rows, table
    for name in LARGE:
        small, large = peak(name, COUNT), peak(name, GROWN)
        numbers[f"{name}_peak_mb_at_{COUNT}"] = round(small)
        numbers[f"{name}_peak_mb_at_{GROWN}"] = round(large)
    record("export-rate", numbers)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--peak"]:
        export_once(sys.argv[2], int(sys.argv[3]), sys.argv[4])
    else:
        main()
