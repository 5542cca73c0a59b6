"""PRM800K: a solution whose steps people rated 1, 0 or -1.

The steps are those of the path that was taken: the chosen completion, else the one a person wrote,
else the first. Where they are the first steps of the solution that was rated, the rest of it, which
nobody rated, follows. `meta.step_ratings` keeps the three levels; null is unrated.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from tunix_rt.traces.reading.facts import text, texts, whole
from tunix_rt.traces.reading.lining import lines
from tunix_rt.traces.reading.stepping import (
    Told,
    closing,
    last_answer,
    ratings,
    stepwise,
    with_steps,
)
from tunix_rt.traces.schema import ReasoningTrace
from tunix_rt.traces.schema_record import Record, Written

ANSWER = "# Answer"
JUDGED = {"solution": True, "found_error": False}


def recognises(record: dict[str, object]) -> bool:
    """A question with a problem, and a label with steps."""
    question, label = record.get("question"), record.get("label")
    return isinstance(question, dict) and isinstance(label, dict) and "steps" in label


def read(record: Record, source: str) -> Iterator[ReasoningTrace]:
    """One trace per rated solution."""
    yield _read(record.decode(dict[str, Any]))


def write(traces: Iterable[Written]) -> Iterator[bytes]:
    """One rated solution per line; a step that nobody rated has the rating null."""
    return lines(traces, "prm800k", _convert)


def _read(record: dict[str, Any]) -> ReasoningTrace:
    question, label = record.get("question"), record.get("label")
    if not isinstance(question, dict) or not isinstance(label, dict):
        raise ValueError("question, label: are no objects")
    told, rated = _path(label.get("steps"))
    before = question.get("pre_generated_steps")
    if isinstance(before, list) and before[: len(told)] == [step.text for step in told]:
        for index in range(len(told), len(before)):
            field = f"question.pre_generated_steps.{index}"
            told.append(Told(field, text(before[index], field)))
    rated += [None] * (len(told) - len(rated))
    known = texts(question, "pre_generated_answer", "ground_truth_answer")
    reason = label.get("finish_reason")
    meta = {
        "expected_answer": known.get("ground_truth_answer"),
        "label": JUDGED.get(reason) if isinstance(reason, str) else None,
        "step_ratings": rated if any(one is not None for one in rated) else None,
        "finish_reason": reason if isinstance(reason, str) else None,
        "generation": whole(record.get("generation")),
    }
    answer = _marked(told) or known.get("pre_generated_answer") or last_answer(told)
    problem = text(question.get("problem"), "question.problem")
    return stepwise(record, problem, told, answer, meta)


def _path(steps: Any) -> tuple[list[Told], list[int | None]]:
    """The steps that were taken, and how each was rated."""
    if not isinstance(steps, list):
        raise ValueError("label.steps: is no list of steps")
    told: list[Told] = []
    rated: list[int | None] = []
    for index, step in enumerate(steps):
        path = f"label.steps.{index}"
        if not isinstance(step, dict):
            raise ValueError(f"{path}: is no step")
        field, taken = _taken(step, path)
        if not isinstance(taken, dict):
            raise ValueError(f"{field}: is no completion")
        rating = taken.get("rating")
        if rating is not None and (isinstance(rating, bool) or rating not in (-1, 0, 1)):
            raise ValueError(f"{field}.rating: is none of -1, 0, 1")
        told.append(Told(f"{field}.text", text(taken.get("text"), f"{field}.text")))
        rated.append(None if rating is None else int(rating))
    return told, rated


def _taken(step: dict[str, Any], path: str) -> tuple[str, Any]:
    """The completion that the path went on with."""
    completions, chosen = step.get("completions"), step.get("chosen_completion")
    if chosen is None and step.get("human_completion") is not None:
        return f"{path}.human_completion", step["human_completion"]
    chosen = 0 if chosen is None else chosen
    if not isinstance(completions, list) or type(chosen) is not int:
        raise ValueError(f"{path}.completions: is no list of completions")
    if not 0 <= chosen < len(completions):
        raise ValueError(f"{path}.chosen_completion: there is no such completion")
    return f"{path}.completions.{chosen}", completions[chosen]


def _marked(told: list[Told]) -> str | None:
    """The answer in the last step, under its heading."""
    _, mark, answer = told[-1].text.rpartition(ANSWER) if told else ("", "", "")
    return answer.strip() or None if mark else None


def _convert(trace: ReasoningTrace) -> dict[str, Any]:
    meta, rated = trace.meta or {}, ratings(trace)
    expected, judged = meta.get("expected_answer"), meta.get("label")
    steps = [
        {
            "completions": [{"text": step.content, "rating": rating, "flagged": None}],
            "human_completion": None,
            "chosen_completion": 0,
        }
        for step, rating in zip(trace.steps, rated, strict=True)
    ]
    reason = (
        {value: name for name, value in JUDGED.items()}[judged]
        if isinstance(judged, bool)
        else None
    )
    record: dict[str, Any] = {
        "labeler": "tunix-rt",
        "generation": None,
        "is_quality_control_question": False,
        "is_initial_screening_question": False,
        "question": {
            "problem": trace.prompt,
            "ground_truth_answer": expected if isinstance(expected, str) else None,
            "pre_generated_steps": [step.content for step in trace.steps],
            "pre_generated_answer": closing(trace),
            "pre_generated_verifier_score": None,
        },
        "label": {"steps": steps, "total_time": 0, "finish_reason": reason},
    }
    return with_steps(record, trace, _read)
