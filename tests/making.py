"""Small real things to test with: traces, runs, datasets."""

import json
from pathlib import Path
from typing import Any

from tunix_rt.store import Store
from tunix_rt.traces import importing
from tunix_rt.traces.schema_record import ImportReport


def trace(number: int = 0, **changes: Any) -> dict[str, Any]:
    """A ReasoningTrace as a client would send it."""
    return {
        "trace_version": "1.0",
        "prompt": f"What is {number} + 1?",
        "final_answer": str(number + 1),
        "steps": [{"i": 0, "type": "calculation", "content": f"{number} + 1 = {number + 1}"}],
        "meta": {"model": "m", "expected_answer": str(number + 1), "number": number},
        **changes,
    }


def write_lines(path: Path, lines: list[Any]) -> Path:
    """Write each line as JSON, or as it is when it is text already."""
    text = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_text("".join(line + "\n" for line in text), "utf-8")
    return path


def stored(store: Store, folder: Path, traces: list[Any], source: str = "made") -> ImportReport:
    """Import traces the way a user does."""
    file = write_lines(folder / f"{source}.jsonl", traces)
    return importing.import_file(store, file, format="jsonl", source=source)
