"""GSM8K problems: question, and an answer of worked lines that ends in `#### number`.

Each line of the answer is a step, kept to the letter with its `<<a=b>>` calculator
marks. The task's key is gsm8k/<file>/<line, from 0>.
"""

from collections.abc import Iterable, Iterator
from pathlib import PurePath

import msgspec
from pydantic import ValidationError

from tunix_rt.kit.lines import decode_line
from tunix_rt.traces.schema import ReasoningTrace, Rejected, explain


class _Problem(msgspec.Struct):
    question: str
    answer: str


def recognises(record: dict[str, object]) -> bool:
    """A question, and an answer that ends as GSM8K's do."""
    return "question" in record and "####" in str(record.get("answer", ""))


def read(
    lines: Iterable[tuple[int, bytes]], source: str
) -> Iterator[tuple[int, ReasoningTrace] | Rejected]:
    """Yield one trace per problem."""
    split = PurePath(source).stem
    for number, line in lines:
        if not line.strip():
            continue
        try:
            yield number, _trace(decode_line(line, _Problem), f"gsm8k/{split}/{number - 1}")
        except ValidationError as error:
            yield explain(number, error)
        except ValueError as error:
            yield Rejected(line=number, reason=str(error))


def _trace(problem: _Problem, task: str) -> ReasoningTrace:
    worked, mark, final = problem.answer.rpartition("####")
    if not mark:
        raise ValueError("answer: no `####` before the final answer")
    steps = [line for line in worked.split("\n") if line.strip()]
    return ReasoningTrace.model_validate(
        {
            "trace_version": "1.0",
            "prompt": problem.question,
            "final_answer": final.strip(),
            "steps": [
                {"i": i, "type": "calculation", "content": step} for i, step in enumerate(steps)
            ],
            "meta": {"dataset": "gsm8k", "task": task, "expected_answer": final.strip()},
        }
    )
