"""Small traces for the detectors."""

from typing import Any

from tunix_rt.verify.checking import detector
from tunix_rt.verify.schema import StepInput, TraceInput, TraceWarning


def given(
    *contents: str, prompt: str = "How many are 3 and 4?", answer: str = "7", **more: Any
) -> TraceInput:
    """A trace of these steps; `types` are theirs, `meta` is the trace's."""
    types = more.get("types") or ["step"] * len(contents)
    steps = tuple(
        StepInput(index=i, type=kind, content=said)
        for i, (kind, said) in enumerate(zip(types, contents, strict=True))
    )
    meta = more.get("meta") or {}
    return TraceInput(prompt=prompt, steps=steps, final_answer=answer, meta=meta)


def warned(name: str, trace: TraceInput) -> list[TraceWarning]:
    """What one detector says of a trace."""
    found = list(detector(name).detect(trace))
    for warning in found:
        assert warning.kind == name.replace("-", "_")
        if warning.start is not None:
            assert warning.step is not None
            assert 0 <= warning.start < (warning.end or 0) <= len(trace.steps[warning.step].content)
    return found
