"""OpenR1-Math: a problem with several generations, each a trace with its own label.

The lists beside the generations may be short or missing; what they do not say is unknown.
The label is what Math-Verify said, and where it said nothing what the Llama judge said.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

from tunix_rt.traces.reading.carrying import from_response
from tunix_rt.traces.reading.facts import facts, text
from tunix_rt.traces.schema import ReasoningTrace
from tunix_rt.traces.schema_record import Record, Rejected, each


def recognises(record: dict[str, object]) -> bool:
    """A problem with a list of generations."""
    return "problem" in record and isinstance(record.get("generations"), list)


def read(record: Record, source: str) -> Iterator[ReasoningTrace | Rejected]:
    """One trace per generation."""
    found = record.decode(dict[str, Any])
    text(found.get("problem"), "problem")
    generations = found.get("generations")
    if not isinstance(generations, list) or not generations:
        raise ValueError("generations: is no list of texts")
    yield from each(
        record,
        ((f"generations.{i}", partial(_trace, found, i)) for i in range(len(generations))),
    )


def _trace(record: dict[str, Any], index: int) -> ReasoningTrace:
    field = f"generations.{index}"
    said = text(record["generations"][index], field)
    return from_response({}, record["problem"], said, field, _meta(record, index))


def _meta(record: dict[str, Any], index: int) -> dict[str, Any]:
    label = _at(record, "correctness_math_verify", index, bool)
    if label is None:
        label = _at(record, "correctness_llama", index, bool)
    reason = _at(record, "finish_reasons", index, str)
    complete = _at(record, "is_reasoning_complete", index, bool)
    return {
        **facts({k: record.get(k) for k in ("answer", "source", "model")}),
        "label": label,
        "finish_reason": reason,
        "truncated": True if complete is False or reason == "length" else None,
        "generation": index,
        "uuid": _known(record, "uuid"),
        "problem_type": _known(record, "problem_type"),
    }


def _known(record: dict[str, Any], name: str) -> str | None:
    value = record.get(name)
    return value if isinstance(value, str) else None


def _at(record: dict[str, Any], name: str, index: int, kind: type) -> Any:
    """What a list says of one generation; None where it is short or says nothing."""
    values = record.get(name)
    if not isinstance(values, list) or index >= len(values):
        return None
    return values[index] if isinstance(values[index], kind) else None
