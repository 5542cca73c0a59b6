"""The rows others read: labels end at the first wrong step, pairs share their beginning."""

import json
from typing import Any

import pytest

from tests.exams.papers import eggs, make
from tests.verify.traces import stored
from tunix_rt.exams.exporting import lines
from tunix_rt.exams.schema import Format
from tunix_rt.kit.errors import NotFound
from tunix_rt.store import Store
from tunix_rt.traces.schema import ReasoningTrace
from tunix_rt.verify.checking import check_steps
from tunix_rt.verify.schema import StepInput

STEPS = [step.content for step in eggs().steps]


@pytest.fixture
def exam(store: Store) -> Store:
    stored(store, eggs())
    make(store, kinds=("result",), propagate="never")
    return store


def rows(store: Store, format: Format) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines(store, "e", format)]


def test_processbench_labels_the_first_wrong_step(exam: Store) -> None:
    clean, wrong = rows(exam, "processbench")

    assert (clean["label"], clean["steps"], clean["final_answer_correct"]) == (-1, STEPS, True)
    assert wrong["steps"][wrong["label"]] != STEPS[wrong["label"]]
    assert wrong["final_answer_correct"] is True  # nothing followed from it
    assert [step for place, step in enumerate(wrong["steps"]) if place != wrong["label"]] == [
        step for place, step in enumerate(STEPS) if place != wrong["label"]
    ]


def test_prm800k_rates_nothing_behind_the_error(exam: Store) -> None:
    clean, wrong = rows(exam, "prm800k")

    assert [step["completions"][0]["rating"] for step in clean["label"]["steps"]] == [1, 1, 1]
    ratings = [step["completions"][0]["rating"] for step in wrong["label"]["steps"]]
    assert ratings == [1] * (len(ratings) - 1) + [-1]
    assert wrong["label"]["finish_reason"] == "found_error"


def test_trl_gets_a_label_for_each_completion(exam: Store) -> None:
    clean, wrong = rows(exam, "trl-stepwise")

    assert clean["labels"] == [True, True, True]
    assert len(wrong["completions"]) == len(wrong["labels"])
    assert wrong["labels"] == [True] * (len(wrong["labels"]) - 1) + [False]


def test_a_pair_begins_alike(exam: Store) -> None:
    [pair] = rows(exam, "pairs")
    [_, wrong] = rows(exam, "processbench")

    shared = pair["prompt"].split("\n")[1:]
    assert shared == STEPS[: wrong["label"]]
    assert pair["chosen"].split("\n")[0] == STEPS[wrong["label"]]
    assert pair["rejected"].split("\n")[0] == wrong["steps"][wrong["label"]]


def test_the_traces_can_be_imported_and_say_what_was_planted(exam: Store) -> None:
    [row] = rows(exam, "traces")

    trace = ReasoningTrace.model_validate(row)
    planted = row["meta"]["planted"]
    said = check_steps(
        [StepInput(index=i, type=s.type, content=s.content) for i, s in enumerate(trace.steps)],
        prompt=trace.prompt,
    )
    assert said.first_error is not None
    assert said.first_error.step == planted["step"]
    assert (
        trace.steps[planted["step"]].content[planted["start"] : planted["end"]]
        == (planted["after"])
    )


def test_an_exam_that_is_not_there_is_not_an_empty_file(store: Store) -> None:
    with pytest.raises(NotFound):
        lines(store, "none", "pairs")
