"""Rows to render, made by hand."""

from typing import Any

from tunix_rt.rendering.schema import StepRow, TraceRow


def row(*steps: str, **changes: Any) -> TraceRow:
    """A row with these steps; its answer is 12 if nothing else is said."""
    said: dict[str, Any] = {
        "id": "r",
        "created_at": "",
        "trace_version": "1.0",
        "prompt": "What is 7 + 5?",
        "final_answer": "12",
        "steps": [StepRow(i, "calculation", text) for i, text in enumerate(steps)],
        "meta": None,
    }
    return TraceRow(**(said | changes))
