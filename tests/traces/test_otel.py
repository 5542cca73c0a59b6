import json
from typing import Any

import pytest

from tests.making import trace
from tests.traces.reading import read, rejected, written
from tunix_rt.traces.importing import read_all
from tunix_rt.traces.schema import TRACE
from tunix_rt.traces.schema_record import Record


def attribute(name: str, value: Any) -> dict[str, Any]:
    return {"key": name, "value": value if isinstance(value, dict) else {"stringValue": value}}


def span(**named: Any) -> dict[str, Any]:
    said = [attribute(name.replace("__", "."), value) for name, value in named.items()]
    return {"traceId": "t" * 32, "spanId": "s" * 16, "name": "chat", "attributes": said}


def request(*spans: Any) -> dict[str, Any]:
    resource = {"attributes": [attribute("service.name", "shop")]}
    return {"resourceSpans": [{"resource": resource, "scopeSpans": [{"spans": list(spans)}]}]}


GEN_AI = {
    "gen_ai__input__messages": json.dumps(
        [{"role": "user", "parts": [{"type": "text", "content": "2+2?"}]}]
    ),
    "gen_ai__output__messages": json.dumps(
        [
            {
                "role": "assistant",
                "parts": [
                    {"type": "reasoning", "content": "Two."},
                    {"type": "tool_call", "name": "add", "arguments": {"a": 2}},
                    {"type": "text", "content": "4"},
                ],
            }
        ]
    ),
}
PLAIN = {
    "openinference__span__kind": "LLM",
    "input__value": json.dumps({"messages": [{"role": "user", "content": "2+2?"}]}),
    "output__value": json.dumps({"role": "assistant", "content": "<think>Two.</think>4"}),
}
OLD = {
    "gen_ai__prompt__0__role": "user",
    "gen_ai__prompt__0__content": "2+2?",
    "gen_ai__completion__0__content": "<think>Two.</think>4",
}
INFERRED = {
    "openinference__span__kind": "LLM",
    "llm__input_messages__0__message__role": "user",
    "llm__input_messages__0__message__content": "2+2?",
    "llm__output_messages__0__message__role": "assistant",
    "llm__output_messages__0__message__reasoning_content": "Two.",
    "llm__output_messages__0__message__content": "4",
}


@pytest.mark.parametrize("said", [GEN_AI, PLAIN, OLD, INFERRED])
def test_a_call_of_a_model_is_a_trace_in_either_vocabulary(said: dict[str, Any]) -> None:
    [found] = read("otel", request(span(**said)))

    assert (found.prompt, found.final_answer, found.steps[0].content) == ("2+2?", "4", "Two.")
    assert (found.meta["trace"], found.meta["span"]) == ("t" * 32, "s" * 16)


def test_a_span_on_a_line_of_its_own_is_read_too() -> None:
    [found] = read("otel", span(**GEN_AI))

    assert found.final_answer == "4"
    assert [step.type for step in found.steps] == ["thought", "tool_call"]


def test_spans_around_a_call_are_passed_over_and_calls_without_words_rejected() -> None:
    agent = span(gen_ai__operation__name="invoke_agent", gen_ai__output__messages="[]")
    empty = span(gen_ai__output__messages='[{"role": "assistant", "parts": []}]')

    found = read("otel", request(agent, empty, span(**OLD)), request(agent))

    assert rejected(found) == [True, False, True]
    assert found[0].reason.startswith("span ssss")
    assert "no span in it" in found[2].reason


def test_values_of_every_type_are_read() -> None:
    parts = {"kvlistValue": {"values": [attribute("n", {"intValue": "5"})]}}
    listed = {"arrayValue": {"values": [{"boolValue": True}, parts, {}, 7]}}
    odd = span(
        **OLD, gen_ai__usage__output_tokens={"intValue": "42"}, x=listed, y={"intValue": "x"}
    )

    [found] = read("otel", odd)

    assert found.meta["tokens"] == 42


def test_a_trace_from_elsewhere_is_written_as_one_request() -> None:
    record = json.loads(written("otel", [TRACE.validate_python(trace(3))]))

    [one] = record["resourceSpans"][0]["scopeSpans"][0]["spans"]
    named = {each["key"] for each in one["attributes"]}
    assert {"gen_ai.input.messages", "gen_ai.output.messages", "gen_ai.request.model"} <= named
    assert (len(one["traceId"]), len(one["spanId"])) == (32, 16)


def test_of_several_calls_each_is_kept_as_a_request_of_its_own() -> None:
    both = request(span(**GEN_AI), span(**PLAIN))
    record = Record(1, json.dumps(both).encode())

    kept = [json.loads(one.raw) for one, _ in read_all("otel", [record], "x")]

    assert kept == [request(span(**GEN_AI)), request(span(**PLAIN))]
