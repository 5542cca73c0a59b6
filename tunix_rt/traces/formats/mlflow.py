"""MLflow traces: the last call of a model in each, or where none was traced the whole of it."""

from collections.abc import Iterator
from typing import Any

from tunix_rt.traces.reading.calling import called, returned, sent, unfolded
from tunix_rt.traces.reading.facts import score, texts, whole
from tunix_rt.traces.schema import ReasoningTrace
from tunix_rt.traces.schema_record import Record

MODELS = ("CHAT_MODEL", "LLM")


def recognises(record: dict[str, object]) -> bool:
    """An info, and data with spans."""
    data = record.get("data")
    return isinstance(record.get("info"), dict) and isinstance(data, dict) and "spans" in data


def read(record: Record, source: str) -> Iterator[ReasoningTrace]:
    """One trace per trace."""
    found = record.decode(dict[str, Any])
    info, data = found.get("info"), found.get("data")
    info, data = info if isinstance(info, dict) else {}, data if isinstance(data, dict) else {}
    listed = data.get("spans")
    if not isinstance(listed, list):
        raise ValueError("data.spans: is no list of spans")
    spans = [span for span in listed if isinstance(span, dict)]
    calls = [span for span in spans if _of(span, "spanType") in MODELS and _of(span, "spanOutputs")]
    roots = [span for span in spans if not (span.get("parent_span_id") or span.get("parent_id"))]
    chosen = max(calls, key=_ended, default=roots[0] if roots else {})
    asked = _of(chosen, "spanInputs", "inputs") or unfolded(data.get("request"))
    said = _of(chosen, "spanOutputs", "outputs") or unfolded(data.get("response"))
    if said is None:
        raise ValueError("data.spans: no call of a model and no output")
    yield called(None, sent(asked), returned(said), _meta(info, asked, said))


def _of(span: dict[str, Any], name: str, plain: str = "") -> Any:
    """An attribute of a span, each of which is JSON; older spans have fields of their own."""
    attributes = span.get("attributes")
    inside = attributes.get(f"mlflow.{name}") if isinstance(attributes, dict) else None
    return unfolded(span.get(plain) if inside is None and plain else inside)


def _ended(span: dict[str, Any]) -> int:
    for name in ("end_time_unix_nano", "end_time"):
        try:
            return int(span.get(name) or 0)
        except (TypeError, ValueError):
            continue
    return 0


def _meta(info: dict[str, Any], asked: Any, said: Any) -> dict[str, Any]:
    models = [
        v for one in (said, asked) if isinstance(one, dict) for v in texts(one, "model").values()
    ]
    return {
        "model": models[0] if models else None,
        **_assessed(info.get("assessments")),
        "trace": next(iter(texts(info, "trace_id", "request_id").values()), None),
        "duration_ms": whole(info.get("execution_time_ms")),
    }


def _assessed(assessments: Any) -> dict[str, Any]:
    """The last feedback that says right or wrong, or gives a number; the expectation."""
    found: dict[str, Any] = {}
    for one in assessments if isinstance(assessments, list) else []:
        if not isinstance(one, dict):
            continue
        feedback, expected = one.get("feedback"), one.get("expectation")
        if isinstance(feedback, dict):
            found.update(
                {k: v for k, v in score(_said(feedback.get("value"))).items() if v is not None}
            )
        if isinstance(expected, dict) and isinstance(value := expected.get("value"), str | int):
            found["expected_answer"] = str(value)
    return found


def _said(value: Any) -> Any:
    return {"yes": True, "no": False}.get(value, value) if isinstance(value, str) else value
