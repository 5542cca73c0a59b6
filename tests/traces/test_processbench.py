import json
from typing import Any

from tests.traces.reading import read, rejected, written

RECORD: dict[str, Any] = {
    "id": "math-7",
    "generator": "m",
    "problem": "2+2?",
    "steps": ["Two and two.", " That is 5. ", "So \\boxed{5}."],
    "final_answer_correct": False,
    "label": 1,
}


def test_steps_before_the_first_error_hold_and_those_after_it_are_unknown() -> None:
    [trace] = read("processbench", RECORD)

    assert [step.content for step in trace.steps][1] == "That is 5."
    assert trace.final_answer == "5"
    assert trace.meta["step_labels"] == [True, False, None]
    assert (trace.meta["label"], trace.meta["model"], trace.meta["id"]) == (False, "m", "math-7")
    [right] = read("processbench", {**RECORD, "label": -1, "final_answer_correct": True})
    assert right.meta["step_labels"] == [True, True, True]


def test_a_label_that_is_no_step_is_rejected() -> None:
    bad = [{**RECORD, "label": label} for label in (3, -2, True, "1")]

    assert rejected(read("processbench", *bad, {**RECORD, "steps": [1]})) == [True] * 5


def test_ratings_become_the_place_of_the_first_wrong_step() -> None:
    def first(ratings: list[int | None] | None) -> Any:
        [trace] = read("processbench", {**RECORD, "label": None})
        rated = trace.model_copy(update={"meta": {"step_ratings": ratings}})
        return json.loads(written("processbench", [rated]))["label"]

    assert first([1, 0, -1]) == 2
    assert first([1, 0, 1]) == -1
    assert first([1, None, 1]) is None
    assert first(None) is None
