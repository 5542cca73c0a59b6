from typing import Any

from tests.traces.reading import read, rejected

RECORD: dict[str, Any] = {
    "problem": "2+2?",
    "answer": "4",
    "uuid": "u",
    "generations": ["<think>Two.</think>\\boxed{4}", "<think>Th", "<think>x</think>5"],
    "correctness_math_verify": [True, None],
    "correctness_llama": [False, False, False],
    "finish_reasons": None,
    "is_reasoning_complete": [True, False],
}


def test_each_generation_is_a_trace_and_what_lists_do_not_say_is_unknown() -> None:
    first, second, third = read("openr1", RECORD)

    assert [one.final_answer for one in (first, second, third)] == ["4", "(no answer)", "5"]
    assert [one.meta["label"] for one in (first, second, third)] == [True, False, False]
    assert [one.meta.get("truncated") for one in (first, second, third)] == [None, True, None]
    assert third.meta["text"]["field"] == "generations.2"

    [bare] = read("openr1", {"problem": "2+2?", "generations": ["4"]})
    assert "label" not in bare.meta


def test_a_generation_that_is_none_is_rejected_and_the_others_are_kept() -> None:
    found = read("openr1", {**RECORD, "generations": ["4", None, "x" * 50_001, "4"]})

    assert rejected(found) == [False, True, True, False]
    assert found[1].reason == "generations.1: is no text"
