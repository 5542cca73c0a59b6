from typing import Any

import pytest

from tests.traces.reading import read, rejected

SAMPLE: dict[str, Any] = {
    "doc_id": 7,
    "doc": {"question": "2+2?"},
    "target": "4",
    "arguments": {"gen_args_0": {"arg_0": "Q: 2+2?\nA:", "arg_1": {"until": ["Q:"]}}},
    "resps": [["Two and two.\n\n#### 4"]],
    "filter": "strict-match",
    "metrics": ["exact_match"],
    "exact_match": 1.0,
}


def test_a_sample_is_a_trace_with_its_score_and_filter() -> None:
    [trace] = read("lm-eval", SAMPLE)

    assert (trace.prompt, trace.final_answer) == ("Q: 2+2?\nA:", "4")
    assert trace.meta["expected_answer"] == "4"
    assert (trace.meta["label"], trace.meta["score"], trace.meta["filter"]) == (
        True,
        1.0,
        "strict-match",
    )


def test_every_response_to_a_document_is_a_trace() -> None:
    first, second = read("lm-eval", {**SAMPLE, "resps": [["4", "5"]]})

    assert (first.final_answer, second.final_answer) == ("4", "5")
    assert (first.meta["generation"], second.meta["generation"]) == (0, 1)
    assert second.meta["text"]["field"] == "resps.0.1"


@pytest.mark.parametrize(
    "arguments",
    [
        [["2+2?", {"until": []}]],
        {"gen_args_0": {"arg_0": [{"role": "user", "content": "2+2?"}], "arg_1": {}}},
    ],
)
def test_a_prompt_is_found_in_every_shape_of_arguments(arguments: Any) -> None:
    [trace] = read("lm-eval", {**SAMPLE, "arguments": arguments})

    assert trace.prompt == "2+2?"


def test_scored_choices_are_no_reasoning() -> None:
    choices = {**SAMPLE, "resps": [[[-1.5, False]], [[-0.3, True]]]}

    assert rejected(read("lm-eval", choices, {**SAMPLE, "arguments": []})) == [True, True]


def test_a_response_that_is_no_trace_leaves_the_others() -> None:
    found = read("lm-eval", {**SAMPLE, "resps": [["4", "\0", "5"]]})

    assert rejected(found) == [False, True, False]
    assert found[1].reason.startswith("resps.0.1: ")
