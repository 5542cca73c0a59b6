"""Prompts for GRPO and RLOO: each once, with its expected answer and the verifier's name."""

from collections.abc import Iterable, Iterator

from tunix_rt.rendering.schema import TraceRow
from tunix_rt.rendering.writing.lining import lines
from tunix_rt.rendering.writing.tasking import Problem, problems
from tunix_rt.rendering.writing.wording import Json, asked

KIND, FILE = "lines", "{split}.jsonl"
READ_BY = "TRL's GRPOTrainer and RLOOTrainer, whose rewards get the other columns by name"


def export(rows: Iterable[TraceRow]) -> Iterator[bytes]:
    """One record per prompt with a known answer."""
    return lines(map(_record, problems(rows)))


def _record(problem: Problem) -> Json:
    return {
        "prompt": asked(problem.trace),
        "answer": problem.answer,
        "verifier": problem.verifier or "",
    }
