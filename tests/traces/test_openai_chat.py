from typing import Any

import pytest
from hypothesis import given

from tests.traces.reading import read, rejected
from tests.traces.round_trip import as_line, converted, exported, spans_hold, traces, without_place
from tunix_rt.traces.schema import ReasoningTrace

QUESTION = {"role": "user", "content": "What is 2+2?"}


def said(**message: Any) -> dict[str, Any]:
    return {"messages": [QUESTION, {"role": "assistant", **message}], "model": "m"}


VARIANTS = {
    "reasoning_content": said(reasoning_content="Two.\n\nFour.", content="4"),
    "reasoning": said(reasoning="Two.\n\nFour.", content="4"),
    "thinking": said(thinking="Two.\n\nFour.", content="4"),
    "reasoning part": said(
        content=[{"type": "reasoning", "text": "Two.\n\nFour."}, {"type": "text", "text": "4"}]
    ),
    "thinking part": said(
        content=[
            {"type": "thinking", "thinking": "Two.\n\nFour."},
            {"type": "output_text", "text": "4"},
        ]
    ),
    "tags": said(content="<think>Two.\n\nFour.</think>4"),
    "channels": said(
        content="<|channel|>analysis<|message|>Two.\n\nFour.<|end|><|start|>assistant"
        "<|channel|>final<|message|>4<|return|>"
    ),
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_reasoning_is_found_wherever_it_stands(variant: str) -> None:
    [trace] = read("openai-chat", VARIANTS[variant])

    assert [step.content for step in trace.steps] == ["Two.", "Four."]
    assert (trace.prompt, trace.final_answer) == ("What is 2+2?", "4")
    assert trace.meta["model"] == "m"
    assert spans_hold(VARIANTS[variant], trace) == 2


def test_tools_and_their_answers_are_steps_in_order() -> None:
    call = {"id": "1", "type": "function", "function": {"name": "add", "arguments": '{"a": 2}'}}
    record = {
        "messages": [
            {"role": "system", "content": "Be short."},
            {"role": "user", "content": "Hello"},
            {"role": "assistant", "content": "Hi"},
            QUESTION,
            {"role": "assistant", "reasoning": "Ask.", "content": None, "tool_calls": [call]},
            {"role": "tool", "tool_call_id": "1", "content": "4"},
            {"role": "assistant", "content": "It is 4."},
        ]
    }

    [trace] = read("openai-chat", record)

    assert [(step.type, step.content) for step in trace.steps] == [
        ("thought", "Ask."),
        ("tool_call", 'add({"a": 2})'),
        ("observation", "4"),
        ("solution", "It is 4."),
    ]
    assert (trace.prompt, trace.final_answer) == ("What is 2+2?", "It is 4.")
    assert trace.meta["system"] == "Be short."
    assert trace.meta["history"] == [
        {"role": "user", "content": "Hello"},
        {"role": "assistant", "content": "Hi"},
    ]
    assert spans_hold(record, trace) == 3


def test_a_thought_that_never_ended_has_no_answer() -> None:
    [trace] = read("openai-chat", said(content="<think>Two and"))

    assert (trace.final_answer, trace.meta["truncated"]) == ("(no answer)", True)


@given(traces())
def test_what_was_written_is_read_as_the_same_trace(trace: ReasoningTrace) -> None:
    [back] = converted("openai-chat", [trace])

    assert without_place(back) == trace


def test_an_imported_record_is_exported_to_the_byte() -> None:
    raw = [as_line(record) for record in VARIANTS.values()]

    assert exported("openai-chat", raw) == b"".join(raw)


def test_what_is_no_conversation_is_rejected_and_the_rest_goes_on() -> None:
    bad = [
        {"messages": []},
        {"messages": [1]},
        {"messages": [QUESTION]},
        {"messages": [{"role": 5, "content": "x"}]},
        {"messages": [{"role": "user", "content": 5}]},
        said(content="x" * 50_001),
        said(content=None),
        {**said(content="4"), "tunix_rt": {"steps": [[0, "t", 5, 900]]}},
        {**said(content="4"), "tunix_rt": 5},
    ]

    assert rejected(read("openai-chat", *bad, said(content="4"))) == [True] * 9 + [False]
