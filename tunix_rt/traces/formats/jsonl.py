"""One ReasoningTrace per line, as the REST contract has it."""

from collections.abc import Iterable, Iterator

from pydantic import ValidationError

from tunix_rt.traces.schema import TRACE, ReasoningTrace, Rejected, explain


def recognises(record: dict[str, object]) -> bool:
    """A prompt, steps and a final answer."""
    return {"prompt", "steps", "final_answer"} <= record.keys()


def read(
    lines: Iterable[tuple[int, bytes]], source: str
) -> Iterator[tuple[int, ReasoningTrace] | Rejected]:
    """Yield one trace per non-blank line."""
    for number, line in lines:
        if not line.strip():
            continue
        try:
            yield number, TRACE.validate_json(line)
        except ValidationError as error:
            yield explain(number, error)


def write(traces: Iterable[ReasoningTrace]) -> Iterator[bytes]:
    """One canonical JSON line per trace."""
    for trace in traces:
        yield trace.body() + b"\n"
