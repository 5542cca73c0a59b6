"""TRL prompt and completion as texts, the steps inside a think tag."""

from collections.abc import Iterable, Iterator

from tunix_rt.rendering.schema import TraceRow
from tunix_rt.rendering.writing.lining import lines
from tunix_rt.rendering.writing.wording import KEY, Json, beside, text_of

KIND, FILE = "lines", "{split}.jsonl"
TAUGHT = "whole"
READ_BY = "TRL's SFTTrainer, for models without a chat template"


def export(rows: Iterable[TraceRow]) -> Iterator[bytes]:
    """One prompt and completion per trace."""
    return lines(map(_record, rows))


def _record(row: TraceRow) -> Json:
    text = text_of(row)
    return {"prompt": row.prompt, "completion": text.text, KEY: beside(row, text.spans)}
