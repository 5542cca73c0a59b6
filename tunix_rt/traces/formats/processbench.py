"""ProcessBench: a model's solution in steps, and which of them is the first wrong one.

`meta.step_labels` says true before the first wrong step, false of it and null, which is unknown,
after it.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from tunix_rt.traces.reading.facts import facts, text, texts
from tunix_rt.traces.reading.lining import lines
from tunix_rt.traces.reading.stepping import Told, last_answer, ratings, stepwise, with_steps
from tunix_rt.traces.schema import ReasoningTrace, content_hash
from tunix_rt.traces.schema_record import Record, Written


def recognises(record: dict[str, object]) -> bool:
    """A problem, its steps, and whether the final answer is correct."""
    return {"problem", "steps", "label", "final_answer_correct"} <= record.keys()


def read(record: Record, source: str) -> Iterator[ReasoningTrace]:
    """One trace per solution."""
    yield _read(record.decode(dict[str, Any]))


def write(traces: Iterable[Written]) -> Iterator[bytes]:
    """One solution per line; what nobody judged is null."""
    return lines(traces, "processbench", _convert)


def _read(record: dict[str, Any]) -> ReasoningTrace:
    steps, first = record.get("steps"), record.get("label")
    if not isinstance(steps, list):
        raise ValueError("steps: is no list of texts")
    if first is not None and (type(first) is not int or not -1 <= first < len(steps)):
        raise ValueError("label: is neither -1 nor the place of a step")
    told = [Told(f"steps.{i}", text(one, f"steps.{i}")) for i, one in enumerate(steps)]
    correct = record.get("final_answer_correct")
    meta = {
        "model": facts(record)["model"],
        "label": correct if isinstance(correct, bool) else None,
        "step_labels": None if first is None else _labels(first, len(steps)),
        **texts(record, "id"),
    }
    problem = text(record.get("problem"), "problem")
    return stepwise(record, problem, told, last_answer(told), meta)


def _labels(first: int, steps: int) -> list[bool | None]:
    if first < 0:
        return [True] * steps
    return [True] * first + [False] + [None] * (steps - first - 1)


def _convert(trace: ReasoningTrace) -> dict[str, Any]:
    meta, rated = trace.meta or {}, ratings(trace)
    model, correct = meta.get("model"), meta.get("label")
    first = rated.index(-1) if -1 in rated else None if None in rated else -1
    record: dict[str, Any] = {
        "id": content_hash(trace.body()).hex()[:32],
        "generator": model if isinstance(model, str) else None,
        "problem": trace.prompt,
        "steps": [step.content for step in trace.steps],
        "final_answer_correct": correct if isinstance(correct, bool) else None,
        "label": first,
    }
    return with_steps(record, trace, _read)
