"""Solutions of several models to GSM8K problems, each with the published `is_correct`.

One record is one problem and gives one trace per model; the trace's meta holds the
model, the published label, the task's key and the expected answer. The published
file follows the order of GSM8K's test problems.
"""

from collections.abc import Iterator
from functools import partial

import msgspec

from tunix_rt.kit.lines import decode_line
from tunix_rt.traces.schema import ReasoningTrace
from tunix_rt.traces.schema_record import Record, Rejected, each

NOT_MODELS = ("question", "ground_truth")


class _Solution(msgspec.Struct):
    solution: str
    is_correct: bool


def recognises(record: dict[str, object]) -> bool:
    """A question with its ground truth, and at least one model's solution."""
    return record.keys() >= set(NOT_MODELS) and any(
        isinstance(value, dict) and "solution" in value for value in record.values()
    )


def read(record: Record, source: str) -> Iterator[ReasoningTrace | Rejected]:
    """Yield one trace per model and problem."""
    parts = record.decode(dict[str, msgspec.Raw])
    for name in NOT_MODELS:
        if name not in parts:
            raise ValueError(f"the field {name!r} is missing")
    question = decode_line(parts.pop("question"), str)
    expected = decode_line(parts.pop("ground_truth"), str).rpartition("A:")[2].strip()
    meta = {"task": f"gsm8k/test/{record.number - 1}", "expected_answer": expected}
    yield from each(
        record,
        (
            (model, partial(_trace, question, raw, {"model": model, **meta}))
            for model, raw in parts.items()
        ),
    )


def _trace(question: str, raw: msgspec.Raw, meta: dict[str, str]) -> ReasoningTrace:
    solution = decode_line(raw, _Solution)
    worked, mark, said = solution.solution.rpartition("A:")
    steps = [line for line in (worked if mark else said).split("\n") if line.strip()]
    return ReasoningTrace.model_validate(
        {
            "trace_version": "1.0",
            "prompt": question,
            "final_answer": said.strip() if mark and said.strip() else "(no answer)",
            "steps": [
                {"i": i, "type": "calculation", "content": step}
                for i, step in enumerate(steps or ["(no steps)"])
            ],
            "meta": {
                **meta,
                "dataset": "gsm8k",
                "label": solution.is_correct,
            },
        }
    )
