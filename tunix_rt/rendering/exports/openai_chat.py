"""OpenAI chat messages, the steps as the last message's reasoning_content."""

from collections.abc import Iterable, Iterator

from tunix_rt.rendering.schema import TraceRow
from tunix_rt.rendering.writing.lining import lines
from tunix_rt.rendering.writing.wording import KEY, Json, asked, beside
from tunix_rt.traces.reading.carrying import answer_of, joined

KIND, FILE = "lines", "{split}.jsonl"
TAUGHT = "whole"
READ_BY = "TRL, Axolotl, Unsloth, vLLM's and DeepSeek's chat templates"


def export(rows: Iterable[TraceRow]) -> Iterator[bytes]:
    """One conversation per trace."""
    return lines(map(_record, rows))


def _record(row: TraceRow) -> Json:
    thought = joined(row)
    last = {"role": "assistant", "reasoning_content": thought.text, "content": answer_of(row)}
    return {"messages": [*asked(row), last], KEY: beside(row, thought.spans)}
