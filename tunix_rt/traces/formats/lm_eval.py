"""lm-eval `samples_*.jsonl`: what a model answered to each document of a task.

A document has a line for each filter, as `meta.filter` says, and a trace for each of its answers.
Where a choice was scored and no text written, there is no trace.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from tunix_rt.traces.reading.assembling import NO_PROMPT
from tunix_rt.traces.reading.carrying import from_response
from tunix_rt.traces.reading.chatting import chat, turns
from tunix_rt.traces.reading.facts import facts, number, score, texts
from tunix_rt.traces.schema import ReasoningTrace
from tunix_rt.traces.schema_record import Record, Rejected, each

METRICS = ("exact_match", "acc", "math_verify", "pass@1", "acc_norm", "prompt_level_strict_acc")


def recognises(record: dict[str, object]) -> bool:
    """A document's number, its arguments and the responses to them."""
    return {"doc_id", "arguments", "resps"} <= record.keys()


def read(record: Record, source: str) -> Iterator[ReasoningTrace | Rejected]:
    """One trace per response."""
    found = record.decode(dict[str, Any])
    prompt = _prompt(found.get("arguments"))
    responses = list(_responses(found.get("resps")))
    if not responses:
        raise ValueError("resps: no text was written, choices were scored")
    meta = _meta(found)
    several = len(responses) > 1

    def trace(index: int) -> ReasoningTrace:
        field, said = responses[index]
        own = {**meta, "generation": index if several else None}
        return from_response({}, prompt, said, field, own)

    parts = enumerate(responses)
    yield from each(record, ((field, partial(trace, index)) for index, (field, _) in parts))


def _prompt(arguments: Any) -> str:
    """The first argument of the first request; a templated chat is its last question."""
    first = arguments
    for _ in range(2):
        if isinstance(first, Mapping) and first:
            first = next(iter(first.values()))
        elif isinstance(first, list) and first:
            first = first[0]
    if isinstance(first, list) and first:
        answered = [*first, {"role": "assistant", "content": "."}]
        return chat(turns(answered, "arguments")).prompt
    if not isinstance(first, str):
        raise ValueError("arguments: no prompt in them")
    return first or NO_PROMPT


def _responses(resps: Any) -> Iterator[tuple[str, str]]:
    """Each text that was written, and where it stands."""
    for i, group in enumerate(resps if isinstance(resps, list) else []):
        if isinstance(group, str):
            yield f"resps.{i}", group
        for j, one in enumerate(group if isinstance(group, list) else []):
            if isinstance(one, str):
                yield f"resps.{i}.{j}", one


def _meta(record: dict[str, Any]) -> dict[str, Any]:
    known = facts(record, expected=("target",))
    named = record.get("metrics")
    names = (*METRICS, *(named if isinstance(named, list) else ()))
    scored = next((v for n in names if (v := number(_field(record, n))) is not None), None)
    doc = record.get("doc_id")
    return {
        "expected_answer": known["expected_answer"],
        **score(scored),
        "doc_id": doc if isinstance(doc, int | str) and len(str(doc)) < 100 else None,
        **texts(record, "filter", "doc_hash"),
    }


def _field(record: dict[str, Any], name: Any) -> Any:
    return record.get(name) if isinstance(name, str) else None
