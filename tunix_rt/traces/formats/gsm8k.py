"""GSM8K problems: question, and an answer of worked lines that ends in `#### number`.

Each line of the answer is a step, kept to the letter with its `<<a=b>>` calculator
marks. The task's key is gsm8k/<file>/<line, from 0>.
"""

from collections.abc import Iterator
from pathlib import PurePath

import msgspec

from tunix_rt.traces.schema import ReasoningTrace
from tunix_rt.traces.schema_record import Record


class _Problem(msgspec.Struct):
    question: str
    answer: str


def recognises(record: dict[str, object]) -> bool:
    """A question, and an answer that ends as GSM8K's do."""
    return "question" in record and "####" in str(record.get("answer", ""))


def read(record: Record, source: str) -> Iterator[ReasoningTrace]:
    """One trace per problem."""
    problem = record.decode(_Problem)
    worked, mark, final = problem.answer.rpartition("####")
    if not mark:
        raise ValueError("answer: no `####` before the final answer")
    steps = [line for line in worked.split("\n") if line.strip()]
    task = f"gsm8k/{PurePath(source).stem}/{record.number - 1}"
    yield ReasoningTrace.model_validate(
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
