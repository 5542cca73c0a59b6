"""One ReasoningTrace per line, as the REST contract has it."""

from collections.abc import Iterable, Iterator

from tunix_rt.traces.schema import AnyTrace, parse
from tunix_rt.traces.schema_record import Record, Written


def recognises(record: dict[str, object]) -> bool:
    """A prompt, steps and a final answer."""
    return {"prompt", "steps", "final_answer"} <= record.keys()


def read(record: Record, source: str) -> Iterator[AnyTrace]:
    """The trace on this line."""
    if record.broken:
        raise ValueError(record.broken)
    yield parse(record.raw)


def write(traces: Iterable[Written]) -> Iterator[bytes]:
    """One line per trace: as it was read, or canonical JSON."""
    for one in traces:
        yield (one.original if one.format == "jsonl" and one.original else one.body) + b"\n"
