import json
from typing import Any

from tests.traces.reading import read, rejected, written
from tunix_rt.traces.schema import ReasoningTrace


def said(text: str, rating: int | None) -> dict[str, Any]:
    return {"text": text, "rating": rating, "flagged": False}


def step(*completions: dict[str, Any], chosen: int | None = 0, human: Any = None) -> dict[str, Any]:
    return {
        "completions": list(completions),
        "chosen_completion": chosen,
        "human_completion": human,
    }


def rated(*steps: Any, reason: str = "solution", **question: Any) -> dict[str, Any]:
    return {
        "question": {"problem": "2+2?", "ground_truth_answer": "4", **question},
        "label": {"steps": list(steps), "finish_reason": reason},
    }


def test_the_three_levels_are_kept_and_a_person_s_step_is_unrated() -> None:
    human = said("So 4.\n\n# Answer\n\n4", None)
    [trace] = read(
        "prm800k",
        rated(
            step(said("Hm.", 0)),
            step(said("5", -1), said("Two and two.", 1), chosen=1),
            step(said("5", -1), chosen=None, human=human),
        ),
    )

    assert [one.content for one in trace.steps] == ["Hm.", "Two and two.", human["text"]]
    assert trace.meta["step_ratings"] == [0, 1, None]
    assert (trace.final_answer, trace.meta["expected_answer"]) == ("4", "4")
    assert trace.meta["label"] is True
    assert trace.meta["text"]["fields"][2] == "label.steps.2.human_completion.text"


def test_what_nobody_rated_of_a_solution_follows_what_was() -> None:
    [trace] = read(
        "prm800k",
        rated(
            step(said("Wrong.", -1), chosen=None),
            reason="found_error",
            pre_generated_steps=["Wrong.", "So 5."],
            pre_generated_answer="5",
        ),
    )

    assert [one.content for one in trace.steps] == ["Wrong.", "So 5."]
    assert trace.meta["step_ratings"] == [-1, None]
    assert (trace.final_answer, trace.meta["label"]) == ("5", False)


def test_what_is_no_rating_or_no_step_is_rejected() -> None:
    bad = [
        rated(step(said("x", 2))),
        rated(step(said("x", 1), chosen=7)),
        rated(step(chosen=None)),
        rated(5),
        rated(),
    ]

    assert rejected(read("prm800k", *bad)) == [True] * len(bad)


def test_a_trace_from_elsewhere_is_written_with_what_is_known_of_its_steps() -> None:
    trace = ReasoningTrace.model_validate(
        {
            "trace_version": "1.0",
            "prompt": "2+2?",
            "final_answer": "5",
            "steps": [{"i": i, "type": "thought", "content": c} for i, c in enumerate("ab")],
            "meta": {"step_labels": [True, False], "label": False},
        }
    )

    record = json.loads(written("prm800k", [trace]))

    ratings = [one["completions"][0]["rating"] for one in record["label"]["steps"]]
    assert ratings == [1, -1]
    assert record["label"]["finish_reason"] == "found_error"
    assert record["question"]["pre_generated_steps"] == ["a", "b"]
