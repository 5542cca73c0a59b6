"""OpenTelemetry: calls of models in OTLP JSON, as OpenInference or `gen_ai` attributes.

A record is an export request or a single span. A span that is no call of a model, as one around an
agent or a tool, is passed over.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

import msgspec

from tunix_rt.traces.reading.carrying import answer_of, carry, joined, messages_of
from tunix_rt.traces.reading.lining import lines
from tunix_rt.traces.reading.spanning import Span, is_call, spans, trace_of
from tunix_rt.traces.schema import ReasoningTrace, content_hash
from tunix_rt.traces.schema_record import Part, Record, Rejected, Written, each

Json = dict[str, Any]


def recognises(record: dict[str, object]) -> bool:
    """Spans of resources, or a span with its ids and attributes."""
    return "resourceSpans" in record or {"traceId", "spanId", "attributes"} <= record.keys()


def read(record: Record, source: str) -> Iterator[Part | ReasoningTrace | Rejected]:
    """One trace per call of a model; of several calls each is kept as a request of its own."""
    found = [span for span in spans(record.decode(dict[str, Any])) if is_call(span)]
    if not found:
        raise ValueError("no span in it is the call of a model that gave something back")
    make: Callable[[Span], ReasoningTrace | Part] = trace_of if len(found) == 1 else _part_of
    yield from each(record, ((_name(span), partial(make, span)) for span in found))


def write(traces: Iterable[Written]) -> Iterator[bytes]:
    """One export request per line, with one span of `gen_ai` attributes."""
    return lines(traces, "otel", _convert)


def _part_of(span: Span) -> Part:
    return Part(msgspec.json.encode(span.alone), trace_of(span))


def _name(span: Span) -> str:
    return f"span {str(span.raw.get('spanId'))[:40]}"


def _convert(trace: ReasoningTrace) -> Json:
    thought, meta = joined(trace), trace.meta or {}
    ids = content_hash(trace.body()).hex()
    reply = [
        {"type": "reasoning", "content": thought.text},
        {"type": "text", "content": answer_of(trace)},
    ]
    asked = [
        {"role": one["role"], "parts": [{"type": "text", "content": one["content"]}]}
        for one in messages_of(trace)
    ]
    said: Json = {
        "gen_ai.operation.name": "chat",
        "gen_ai.input.messages": json.dumps(asked, ensure_ascii=False),
        "gen_ai.output.messages": json.dumps(
            [{"role": "assistant", "parts": reply, "finish_reason": "stop"}], ensure_ascii=False
        ),
    }
    if isinstance(model := meta.get("model"), str):
        said["gen_ai.request.model"] = model
    carry(said, trace, thought.spans, lambda one: trace_of(Span("", one, _ids(ids), {})))
    return {
        "resourceSpans": [
            {
                "resource": {"attributes": [_text("service.name", "tunix-rt")]},
                "scopeSpans": [{"scope": {"name": "tunix-rt"}, "spans": [_span(ids, said)]}],
            }
        ]
    }


def _ids(ids: str) -> Json:
    return {"traceId": ids[:32], "spanId": ids[32:48]}


def _span(ids: str, said: Json) -> Json:
    return {
        **_ids(ids),
        "name": "chat",
        "kind": 3,
        "startTimeUnixNano": "0",
        "endTimeUnixNano": "0",
        "attributes": [_text(name, value) for name, value in said.items()],
    }


def _text(name: str, value: str) -> Json:
    return {"key": name, "value": {"stringValue": value}}
