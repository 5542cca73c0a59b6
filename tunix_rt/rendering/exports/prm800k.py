"""PRM800K: solutions with steps rated 1 or -1, up to the first wrong one."""

from collections.abc import Iterable, Iterator

from tunix_rt.rendering.schema import TraceRow
from tunix_rt.rendering.writing.lining import lines
from tunix_rt.rendering.writing.tasking import expected
from tunix_rt.rendering.writing.trusting import first_wrong, labels
from tunix_rt.rendering.writing.wording import KEY, Json, beside
from tunix_rt.traces.reading.carrying import answer_of, joined

KIND, FILE = "lines", "{split}.jsonl"
READ_BY = "trainers of process reward models that read OpenAI's PRM800K"

RATINGS = {True: 1, False: -1, None: None}


def export(rows: Iterable[TraceRow]) -> Iterator[bytes]:
    """One record per trace with a step that was decided; an undecided one is rated null."""
    return lines(_records(rows))


def _records(rows: Iterable[TraceRow]) -> Iterator[Json]:
    for row in rows:
        found = labels(row)
        if any(label is not None for label in found):
            yield _record(row, found)


def _record(row: TraceRow, found: list[bool | None]) -> Json:
    first = first_wrong(row)
    rated = found if first is None else found[: first + 1]
    steps = [
        {
            "completions": [{"text": step.content, "rating": RATINGS[label], "flagged": None}],
            "human_completion": None,
            "chosen_completion": 0,
        }
        for step, label in zip(row.steps, rated, strict=False)
    ]
    solved = row.verdict == "right" and all(found)
    return {
        "labeler": "tunix-rt",
        "timestamp": row.created_at,
        "generation": None,
        "is_quality_control_question": False,
        "is_initial_screening_question": False,
        "question": {
            "problem": row.prompt,
            "ground_truth_solution": None,
            "ground_truth_answer": expected(row),
            "pre_generated_steps": [step.content for step in row.steps],
            "pre_generated_answer": answer_of(row) or None,
            "pre_generated_verifier_score": None,
        },
        "label": {
            "steps": steps,
            "total_time": 0,
            "finish_reason": "found_error" if first is not None else "solution" if solved else None,
        },
        KEY: beside(row, joined(row).spans),
    }
