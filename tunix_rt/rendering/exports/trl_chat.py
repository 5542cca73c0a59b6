"""TRL prompt and completion as messages, the steps inside a think tag."""

from collections.abc import Iterable, Iterator

from tunix_rt.rendering.schema import TraceRow
from tunix_rt.rendering.writing.lining import lines
from tunix_rt.rendering.writing.wording import KEY, Json, asked, beside, text_of

KIND, FILE = "lines", "{split}.jsonl"
TAUGHT = "whole"
READ_BY = "TRL's SFTTrainer, which trains on the completion only"


def export(rows: Iterable[TraceRow]) -> Iterator[bytes]:
    """One prompt and completion per trace."""
    return lines(map(_record, rows))


def _record(row: TraceRow) -> Json:
    text = text_of(row)
    return {
        "prompt": asked(row),
        "completion": [{"role": "assistant", "content": text.text}],
        KEY: beside(row, text.spans),
    }
