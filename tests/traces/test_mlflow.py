import json
from typing import Any

import pytest

from tests.traces.reading import read, rejected


def span(
    kind: str, asked: Any, said: Any, end: int = 1, parent: str | None = "r"
) -> dict[str, Any]:
    return {
        "span_id": "s",
        "parent_span_id": parent,
        "end_time_unix_nano": end,
        "attributes": {
            "mlflow.spanType": json.dumps(kind),
            "mlflow.spanInputs": json.dumps(asked),
            "mlflow.spanOutputs": json.dumps(said),
        },
    }


def logged(*spans: Any, **info: Any) -> dict[str, Any]:
    return {"info": {"trace_id": "tr-1", **info}, "data": {"spans": list(spans)}}


ASKED = {"messages": [{"role": "user", "content": "2+2?"}]}
SAID = {"choices": [{"message": {"role": "assistant", "content": "<think>Two.</think>4"}}]}


def test_the_last_call_of_a_model_is_the_trace() -> None:
    [trace] = read(
        "mlflow",
        logged(
            span("CHAIN", "x", "y", 9, None),
            span("CHAT_MODEL", ASKED, SAID, 5),
            span("LLM", "early", "5", 2),
            assessments=[{"feedback": {"value": "no"}}, {"expectation": {"value": 4}}],
        ),
    )

    assert (trace.prompt, trace.final_answer, trace.steps[0].content) == ("2+2?", "4", "Two.")
    assert (trace.meta["label"], trace.meta["expected_answer"]) == (False, "4")
    assert trace.meta["trace"] == "tr-1"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("2+2?", "<think>Two.</think>4"),
        ({"question": "2+2?"}, {"answer": "<think>Two.</think>4"}),
        (
            {"input": "2+2?"},
            {
                "output": [
                    {"type": "reasoning", "summary": [{"type": "summary_text", "text": "Two."}]},
                    {"role": "assistant", "content": [{"type": "output_text", "text": "4"}]},
                ]
            },
        ),
        (
            ASKED,
            {"role": "assistant", "content": [{"type": "thinking", "thinking": "Two."}, "4"]},
        ),
    ],
)
def test_whatever_way_a_call_was_logged_its_words_are_found(asked: Any, said: Any) -> None:
    [trace] = read("mlflow", logged(span("UNKNOWN", asked, said, parent=None)))

    assert (trace.prompt, trace.final_answer) == ("2+2?", "4")
    assert "Two." in [step.content for step in trace.steps]


def test_a_trace_in_which_nothing_was_said_is_rejected() -> None:
    bad = [logged(), logged(span("LLM", "2+2?", None)), logged(5), logged(span("LLM", "", []))]

    assert rejected(read("mlflow", *bad)) == [True] * 4
