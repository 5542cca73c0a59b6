"""Rows of a frozen dataset made by hand, written, and read back by the house's own readers."""

import json
from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from tests.traces.reading import read
from tests.traces.round_trip import traces
from tunix_rt.rendering import exporting
from tunix_rt.rendering.schema import StepRow, TraceRow

ODD = "né\0e \u2028 \U0001f9ee \ufeff"
"""Text that some writer or reader may trip over."""


def row(number: int = 0, **changes: Any) -> TraceRow:
    """A right trace of two steps that were never verified one by one."""
    made: dict[str, Any] = {
        "id": f"{number:032x}",
        "created_at": "2026-11-21T21:00:00.000000Z",
        "trace_version": "1.0",
        "prompt": f"What is {number} + 1?",
        "final_answer": str(number + 1),
        "steps": steps(f"{number} + 1 = {number + 1}", f"So it is {number + 1}."),
        "meta": {"model": "m", "number": number},
        "source": "made",
        "model": "m",
        "verdict": "right",
        "expected_answer": str(number + 1),
        "verifier": "number",
    }
    return TraceRow(**{**made, **changes})


def steps(*contents: str) -> list[StepRow]:
    """Steps that say this."""
    return [StepRow(place, "thought", content) for place, content in enumerate(contents)]


def exported(name: str, rows: Sequence[TraceRow], *policy: str) -> bytes:
    """The bytes of one file."""
    return b"".join(exporting.content(name, rows, exporting.policy(name, policy)))


def records(name: str, rows: Sequence[TraceRow], *policy: str) -> list[Any]:
    """The records of a format of lines."""
    return [json.loads(line) for line in exported(name, rows, *policy).split(b"\n") if line]


def read_back(format: str, name: str, rows: Sequence[TraceRow]) -> list[Any]:
    """The traces that an import finds in what was exported."""
    return read(format, *[line for line in exported(name, rows).split(b"\n") if line])


def said(trace: Any) -> tuple[str, list[tuple[int, str, str]], str]:
    """What a trace says: its prompt, its steps and its answer."""
    told = [(step.i, step.type, step.content) for step in trace.steps]
    return trace.prompt, told, trace.final_answer


@st.composite
def verified_rows(draw: st.DrawFn) -> TraceRow:
    """Rows of any text, all of whose steps hold."""
    trace = draw(traces())
    made = [StepRow(step.i, step.type, step.content) for step in trace.steps]
    return row(
        prompt=trace.prompt,
        final_answer=trace.final_answer,
        trace_version=trace.trace_version,
        meta=trace.meta,
        steps=made,
        step_verdicts=["right"] * len(made),
    )
