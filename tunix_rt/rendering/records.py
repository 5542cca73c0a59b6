"""A frozen trace as the contract's export records, one JSON line each."""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID, uuid5

import msgspec

from tunix_rt.rendering.schema import ExportFormat, TraceRow
from tunix_rt.rendering.templates import gemma

EXAMPLES = UUID("6f1cf6e0-3c0e-5d5c-9d63-6f9c0f7a51c4")
"""Namespace of training example ids: the same trace has the same example id for ever."""

BLOCK = 65_536
"""Bytes that are sent at once."""


def lines(traces: Iterable[TraceRow], format: ExportFormat) -> Iterator[bytes]:
    """One encoded line per trace."""
    render = {"trace": _trace, "tunix_sft": _tunix_sft, "training_example": _example}[format]
    encoder = msgspec.json.Encoder()
    for trace in traces:
        yield encoder.encode(render(trace)) + b"\n"


def blocks(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in fewer pieces: each piece of an answer costs a change of threads."""
    ready: list[bytes] = []
    size = 0
    for line in lines:
        ready.append(line)
        size += len(line)
        if size >= BLOCK:
            yield b"".join(ready)
            ready, size = [], 0
    if ready:
        yield b"".join(ready)


def _metadata(trace: TraceRow) -> dict[str, Any]:
    return {
        **(trace.meta or {}),
        "created_at": trace.created_at,
        "trace_version": trace.trace_version,
    }


def _contents(trace: TraceRow) -> list[str]:
    return [step.content for step in trace.steps]


def _trace(trace: TraceRow) -> dict[str, Any]:
    return {
        "id": trace.id,
        "prompts": trace.prompt,
        "trace_steps": _contents(trace),
        "final_answer": trace.final_answer,
        "metadata": _metadata(trace),
    }


def _tunix_sft(trace: TraceRow) -> dict[str, Any]:
    text = gemma.render(trace.prompt, _contents(trace), trace.final_answer)
    return {
        "id": trace.id,
        "prompts": text.prompt + text.response,
        "final_answer": trace.final_answer,
        "metadata": {**_metadata(trace), "format": "tunix_sft"},
    }


def _example(trace: TraceRow) -> dict[str, Any]:
    return {
        "id": str(uuid5(EXAMPLES, trace.id)),
        "prompt": f"{trace.prompt}\n\nPlease show your reasoning steps.",
        "response": gemma.reasoning(_contents(trace), trace.final_answer),
        "metadata": {**_metadata(trace), "source_trace_id": trace.id},
    }
