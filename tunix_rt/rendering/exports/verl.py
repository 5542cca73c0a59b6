"""verl rows: each prompt once with its ground truth, as parquet."""

from collections.abc import Iterable, Iterator
from itertools import count
from typing import Any

from tunix_rt.rendering.schema import TraceRow
from tunix_rt.rendering.writing.tasking import Problem, problems
from tunix_rt.rendering.writing.wording import KEY, Json, asked, beside, text_of
from tunix_rt.traces.reading.tabling import parquet

KIND, FILE = "file", "{split}.parquet"
READ_BY = "verl's `data.train_files` and `data.val_files`"


def export(rows: Iterable[TraceRow]) -> Iterator[bytes]:
    """One row per prompt with a known answer; a right response, where there is one, beside it."""
    return parquet(map(_record, problems(rows), count()), _schema())


def _record(problem: Problem, index: int) -> Json:
    row = problem.trace
    text = text_of(row) if problem.solved else None
    return {
        "data_source": row.source or "tunix-rt",
        "prompt": asked(row),
        "ability": "reasoning",
        "reward_model": {"style": "rule", "ground_truth": problem.answer},
        "extra_info": {
            "split": row.split,
            "index": index,
            "question": row.prompt,
            "response": text.text if text else "",
            "verifier": problem.verifier or "",
            KEY: beside(row, text.spans) if text else "",
        },
    }


def _schema() -> Any:
    import pyarrow as pa

    text = pa.string()
    message = pa.struct([("role", text), ("content", text)])
    extra = ("split", "index", "question", "response", "verifier", KEY)
    return pa.schema(
        [
            ("data_source", text),
            ("prompt", pa.list_(message)),
            ("ability", text),
            ("reward_model", pa.struct([("style", text), ("ground_truth", text)])),
            (
                "extra_info",
                pa.struct([(name, pa.int64() if name == "index" else text) for name in extra]),
            ),
        ]
    )
