"""OpenTelemetry spans in OTLP's JSON: which are calls of a model, and what was said in them.

Two vocabularies are read: OpenInference (`llm.*`) and OpenTelemetry's own (`gen_ai.*`), the latter
also as it was before messages became one attribute.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from tunix_rt.traces.reading.calling import called, returned, sent, unfolded
from tunix_rt.traces.reading.carrying import carried
from tunix_rt.traces.reading.facts import texts, whole
from tunix_rt.traces.schema import ReasoningTrace

Json = dict[str, Any]
CALLS = {"chat", "text_completion", "generate_content", "completion"}
_VALUES = ("stringValue", "boolValue", "doubleValue", "bytesValue")


class Span(NamedTuple):
    """A span with what its resource and its attributes say."""

    service: str
    attributes: Json
    raw: Json
    alone: Json
    """The same request with no other span in it."""


def spans(record: Mapping[str, Any]) -> Iterator[Span]:
    """Every span of a request, or the one that a record is."""
    if "resourceSpans" not in record:
        yield Span("", attributes(record.get("attributes")), dict(record), dict(record))
        return
    for resource in _objects(record["resourceSpans"], "resourceSpans"):
        held = resource.get("resource")
        known = attributes(held.get("attributes")) if isinstance(held, dict) else {}
        for scope in _objects(resource.get("scopeSpans") or [], "scopeSpans"):
            for span in _objects(scope.get("spans") or [], "spans"):
                alone = {**resource, "scopeSpans": [{**scope, "spans": [span]}]}
                yield Span(
                    texts(known, "service.name").get("service.name", ""),
                    attributes(span.get("attributes")),
                    span,
                    {"resourceSpans": [alone]},
                )


def attributes(listed: Any) -> Json:
    """Attributes by name; an SDK's own JSON has them so already."""
    if isinstance(listed, dict):
        return listed
    return {
        one["key"]: _value(one.get("value"))
        for one in (listed if isinstance(listed, list) else [])
        if isinstance(one, dict) and isinstance(one.get("key"), str)
    }


def is_call(span: Span) -> bool:
    """Whether a span is the call of a model that gave something back."""
    said = span.attributes
    kind = said.get("openinference.span.kind")
    if isinstance(kind, str):
        return kind.upper() == "LLM" and bool(_output(said))
    operation = said.get("gen_ai.operation.name")
    return (not isinstance(operation, str) or operation in CALLS) and bool(_spoken(said, "output"))


def trace_of(span: Span) -> ReasoningTrace:
    """The trace in the call of a model."""
    said = span.attributes
    asked = _spoken(said, "input") or sent(unfolded(said.get("input.value")))
    return called(carried(said), asked, _output(said), _meta(span))


def _output(said: Json) -> list[Json]:
    return _spoken(said, "output") or returned(unfolded(said.get("output.value")))


def _spoken(said: Json, side: str) -> list[Json]:
    """The messages of one side of a call, in whichever vocabulary they are."""
    listed = unfolded(said.get(f"gen_ai.{side}.messages"))
    if isinstance(listed, list):
        told = unfolded(said.get("gen_ai.system_instructions")) if side == "input" else None
        system = [{"role": "system", "parts": told}] if isinstance(told, list) else []
        return [_parted(one) for one in [*system, *listed] if isinstance(one, dict)]
    old = "prompt" if side == "input" else "completion"
    grouped = _indexed(said, f"llm.{side}_messages")
    if grouped:
        return [_inferred(one) for one in grouped]
    role = "user" if side == "input" else "assistant"
    return [{"role": role, **one} for one in _indexed(said, f"gen_ai.{old}")]


def _parted(message: Json) -> Json:
    """A message of `gen_ai`, whose content is parts, as a chat message."""
    content: list[Json] = []
    calls: list[Json] = []
    for part in message.get("parts") or []:
        if not isinstance(part, dict):
            continue
        kind, said = part.get("type"), part.get("content")
        if kind == "tool_call":
            calls.append({"function": {k: part.get(k) for k in ("name", "arguments")}})
        elif kind == "tool_call_response":
            answer = part.get("response", part.get("result"))
            content.append(
                {"type": "text", "text": answer if isinstance(answer, str) else str(answer)}
            )
        elif isinstance(said, str):
            content.append({"type": kind, "text": said})
    found = {"role": message.get("role"), "content": content, "tool_calls": calls}
    thoughts = [part["text"] for part in content if part["type"] == "reasoning"]
    if len(thoughts) == 1:  # as a field of its own, where a blank one is kept too
        found["reasoning_content"] = thoughts[0]
        found["content"] = [part for part in content if part["type"] != "reasoning"]
    return found


def _inferred(said: Json) -> Json:
    """A message of OpenInference, whose parts are attributes, as a chat message."""
    parts = [
        {
            "type": part.get("message_content.type"),
            "text": part.get("message_content.text") or part.get("message_content.reasoning"),
        }
        for part in _indexed(said, "message.contents")
    ]
    calls = [
        {
            "function": {
                "name": call.get("tool_call.function.name"),
                "arguments": call.get("tool_call.function.arguments"),
            }
        }
        for call in _indexed(said, "message.tool_calls")
    ]
    found = {
        "role": said.get("message.role"),
        "content": parts or said.get("message.content"),
        "tool_calls": calls,
    }
    return {
        **found,
        **texts({"reasoning_content": said.get("message.reasoning_content")}, "reasoning_content"),
    }


def _indexed(said: Json, prefix: str) -> list[Json]:
    """Attributes called `prefix.0.name` as one object per number, in their order."""
    found: dict[int, Json] = {}
    for name, value in said.items():
        if name.startswith(f"{prefix}."):
            index, _, rest = name[len(prefix) + 1 :].partition(".")
            if index.isdecimal() and len(index) < 7 and rest:
                found.setdefault(int(index), {})[rest] = value
    return [found[index] for index in sorted(found)]


def _meta(span: Span) -> Json:
    said = span.attributes
    models = texts(said, "gen_ai.response.model", "gen_ai.request.model", "llm.model_name")
    reasons = unfolded(said.get("gen_ai.response.finish_reasons"))
    reason = reasons[0] if isinstance(reasons, list) and reasons else said.get("llm.finish_reason")
    reason = reason if isinstance(reason, str) else None
    sessions = texts(said, "gen_ai.conversation.id", "session.id")
    return {
        "model": next(iter(models.values()), None),
        "finish_reason": reason,
        "truncated": True if reason in ("length", "max_tokens") else None,
        "session": next(iter(sessions.values()), None),
        "trace": texts(span.raw, "traceId").get("traceId"),
        "span": texts(span.raw, "spanId").get("spanId"),
        "tokens": _first(said, "gen_ai.usage.output_tokens", "llm.token_count.completion"),
    }


def _first(said: Json, *names: str) -> int | None:
    return next((v for name in names if (v := whole(said.get(name))) is not None), None)


def _value(value: Any) -> Any:
    """What an attribute of OTLP says."""
    if not isinstance(value, dict):
        return None
    for name in _VALUES:
        if name in value:
            return value[name]
    if "intValue" in value:
        given = value["intValue"]
        return (
            int(given) if isinstance(given, str) and given[:20].lstrip("-").isdecimal() else given
        )
    for name, inner in (
        ("arrayValue", value.get("arrayValue")),
        ("kvlistValue", value.get("kvlistValue")),
    ):
        if isinstance(inner, dict):
            listed = inner.get("values")
            if name == "kvlistValue":
                return attributes(listed)
            return [_value(one) for one in listed] if isinstance(listed, list) else []
    return None


def _objects(value: Any, name: str) -> list[Json]:
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise ValueError(f"{name}: is no list of objects")
    return value
