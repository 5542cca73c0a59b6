"""A folder that datasets.load_dataset opens: parquet for each split, and a card."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from tunix_rt.rendering.schema import TraceRow
from tunix_rt.rendering.schema_export import About
from tunix_rt.rendering.writing.wording import Json
from tunix_rt.traces.reading.tabling import parquet

KIND, FILE = "folder", "data/{split}.parquet"
READ_BY = "Hugging Face datasets, and whatever reads its folders"

HEAD = "---\n"
_text = msgspec.json.Encoder().encode


def export(rows: Iterable[TraceRow]) -> Iterator[bytes]:
    """Every field of every row; the meta is JSON, as one column has one type."""
    return parquet(map(_record, rows), _schema())


def around(about: About) -> Iterator[tuple[str, bytes]]:
    """The card, whose head says where the splits are."""
    yield "README.md", _card(about).encode()


def _record(row: TraceRow) -> Json:
    found: Json = msgspec.structs.asdict(row)
    found["steps"] = [msgspec.structs.asdict(step) for step in row.steps]
    found["meta"] = _text(row.meta or {}).decode()
    return found


def _schema() -> Any:
    import pyarrow as pa

    text, real, whole = pa.string(), pa.float64(), pa.int64()
    step = pa.struct([("i", whole), ("type", text), ("content", text)])
    return pa.schema(
        [
            *((n, text) for n in ("id", "created_at", "trace_version", "prompt", "final_answer")),
            ("steps", pa.list_(step)),
            *((name, text) for name in ("meta", "source", "model", "group", "split")),
            ("weight", real),
            ("part", text),
            ("verdict", text),
            ("first_error", whole),
            ("step_verdicts", pa.list_(text)),
            ("expected_answer", text),
            ("verifier", text),
        ]
    )


def _card(about: About) -> str:
    """The card, with what `load_dataset` is told at its head."""
    files = "".join(
        f"  - split: {split}\n    path: {FILE.format(split=split)}\n" for split in about.splits
    )
    configs = f"configs:\n- config_name: default\n  data_files:\n{files}"
    return f"---\n{configs}{about.card.removeprefix(HEAD)}"
