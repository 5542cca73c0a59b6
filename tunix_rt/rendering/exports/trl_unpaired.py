"""TRL unpaired preferences: a completion, and whether it is right."""

from collections.abc import Iterable, Iterator

from tunix_rt.rendering.schema import TraceRow
from tunix_rt.rendering.writing.lining import lines
from tunix_rt.rendering.writing.trusting import outcome
from tunix_rt.rendering.writing.wording import KEY, Json, asked, beside, text_of

KIND, FILE = "lines", "{split}.jsonl"
READ_BY = "TRL's KTOTrainer"


def export(rows: Iterable[TraceRow]) -> Iterator[bytes]:
    """One completion per trace that is right or wrong; what is undecided is left out."""
    return lines(
        _record(row, judged == "right") for row in rows if (judged := outcome(row)) is not None
    )


def _record(row: TraceRow, right: bool) -> Json:
    text = text_of(row)
    return {
        "prompt": asked(row),
        "completion": [{"role": "assistant", "content": text.text}],
        "label": right,
        KEY: beside(row, text.spans),
    }
