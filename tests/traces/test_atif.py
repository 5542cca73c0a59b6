import json
from typing import Any

import pytest
from atif import Trajectory

from tests.making import trace
from tests.traces.reading import read, rejected, written
from tests.traces.round_trip import exported
from tunix_rt.traces.schema import TRACE

CALL = {"tool_call_id": "c", "function_name": "add", "arguments": {"a": 2}}
RECORD: dict[str, Any] = {
    "schema_version": "ATIF-v1.7",
    "session_id": "s",
    "agent": {"name": "terminus", "version": "2", "model_name": "m"},
    "steps": [
        {"step_id": 1, "source": "system", "message": "Be short."},
        {"step_id": 2, "source": "user", "message": [{"type": "text", "text": "2+2?"}]},
        {
            "step_id": 3,
            "source": "agent",
            "message": "",
            "reasoning_content": "Ask.",
            "tool_calls": [CALL],
            "observation": {"results": [{"source_call_id": "c", "content": "4"}]},
        },
        {"step_id": 4, "source": "agent", "message": "4", "model_name": "m-2"},
    ],
}


def test_thoughts_calls_and_observations_are_steps_in_order() -> None:
    [trace] = read("atif", RECORD)

    assert [(step.type, step.content) for step in trace.steps] == [
        ("thought", "Ask."),
        ("tool_call", 'add({"a": 2})'),
        ("observation", "4"),
        ("solution", "4"),
    ]
    assert (trace.prompt, trace.final_answer, trace.meta["model"]) == ("2+2?", "4", "m-2")


def test_a_trajectory_that_ends_with_a_call_has_no_answer() -> None:
    [trace] = read("atif", {**RECORD, "steps": RECORD["steps"][:3]})

    assert (trace.final_answer, trace.steps[-1].type) == ("(no answer)", "tool_call")


@pytest.mark.parametrize(
    "step",
    [
        5,
        {},
        {"source": "agent"},
        {"source": "agent", "message": "x", "observation": {"results": 1}},
    ],
)
def test_a_step_that_is_none_is_a_reason(step: object) -> None:
    assert rejected(read("atif", {**RECORD, "steps": [step]})) == [True]


def test_the_models_of_the_format_accept_what_was_written() -> None:
    traces = [
        TRACE.validate_python(trace(i, meta={"system": "s", "history": _history()}))
        for i in range(3)
    ]

    for line in written("atif", traces).splitlines():
        assert len(Trajectory.model_validate_json(line).steps) == 5


def test_a_document_over_several_lines_is_exported_to_the_byte_until_a_line_came_before() -> None:
    pretty = json.dumps(RECORD, indent=2).encode()
    line = json.dumps({**RECORD, "session_id": "t"}).encode() + b"\n"

    assert exported("atif", [pretty]) == pretty + b"\n"
    [first, second] = exported("atif", [line, pretty]).splitlines()
    assert (first + b"\n", json.loads(second)) == (line, RECORD)


def _history() -> list[dict[str, str]]:
    return [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello."}]
