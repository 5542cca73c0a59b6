"""Solutions of several models to GSM8K problems, each with the published `is_correct`.

One record is one problem and gives one trace per model; the trace's meta holds the
model, the published label, the task's key and the expected answer. The published
file follows the order of GSM8K's test problems.
"""

from collections.abc import Iterable, Iterator

import msgspec
from pydantic import ValidationError

from tunix_rt.kit.lines import decode_line
from tunix_rt.traces.schema import ReasoningTrace, Rejected, explain

NOT_MODELS = frozenset({"question", "ground_truth"})


class _Solution(msgspec.Struct):
    solution: str
    is_correct: bool


def recognises(record: dict[str, object]) -> bool:
    """A question with its ground truth, and at least one model's solution."""
    return record.keys() >= NOT_MODELS and any(
        isinstance(value, dict) and "solution" in value for value in record.values()
    )


def read(
    lines: Iterable[tuple[int, bytes]], source: str
) -> Iterator[tuple[int, ReasoningTrace] | Rejected]:
    """Yield one trace per model and problem."""
    for number, line in lines:
        if not line.strip():
            continue
        try:
            record = decode_line(line, dict[str, msgspec.Raw])
            question = decode_line(record.pop("question"), str)
            truth = decode_line(record.pop("ground_truth"), str)
        except KeyError as error:
            yield Rejected(line=number, reason=f"the field {error} is missing")
            continue
        except ValueError as error:
            yield Rejected(line=number, reason=str(error))
            continue
        expected = truth.rpartition("A:")[2].strip()
        for model, raw in record.items():
            meta = {"model": model, "task": f"gsm8k/test/{number - 1}"}
            try:
                solution = decode_line(raw, _Solution)
                yield number, _trace(question, solution, expected, meta)
            except ValidationError as error:
                yield explain(number, error)
            except ValueError as error:
                yield Rejected(line=number, reason=f"{model}: {error}")


def _trace(
    question: str, solution: _Solution, expected: str, meta: dict[str, str]
) -> ReasoningTrace:
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
                "expected_answer": expected,
                "label": solution.is_correct,
            },
        }
    )
