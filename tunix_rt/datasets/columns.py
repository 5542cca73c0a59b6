"""Rows as Arrow columns and back: the shape of a shard's Parquet file."""

from collections.abc import Iterator, Sequence
from itertools import accumulate, chain, pairwise
from typing import Any

import msgspec
from msgspec.structs import astuple

from tunix_rt.rendering.schema import StepRow, TraceRow


def schema() -> Any:
    """The columns of what rows say."""
    import pyarrow as pa

    step = pa.struct([("i", pa.int64()), ("type", pa.string()), ("content", pa.string())])
    return pa.schema(
        [
            ("prompt", pa.string()),
            ("final_answer", pa.string()),
            ("steps", pa.list_(step)),
            ("trace_version", pa.string()),
            ("meta", pa.string()),
            ("source", pa.string()),
            ("model", pa.string()),
            ("group", pa.string()),
            ("split", pa.string()),
            ("weight", pa.float64()),
            ("part", pa.string()),
            ("verdict", pa.string()),
            ("first_error", pa.int32()),
            ("step_verdicts", pa.list_(pa.string())),
            ("expected_answer", pa.string()),
            ("verifier", pa.string()),
            ("sha256", pa.binary(32)),
        ]
    )


WORDS = ["trace_version", "source", "model", "group", "split", "part", "verdict", "verifier"]
"""Columns of few different values."""


def ids_schema() -> Any:
    """The columns of which traces they were."""
    import pyarrow as pa

    return pa.schema([("id", pa.string()), ("created_at", pa.string())])


_PLAIN = (
    "prompt",
    "final_answer",
    "trace_version",
    "source",
    "model",
    "group",
    "split",
    "weight",
    "part",
    "verdict",
    "first_error",
    "step_verdicts",
    "expected_answer",
    "verifier",
)


def table(rows: Sequence[TraceRow], prints: Sequence[bytes]) -> Any:
    """Rows and the hashes of their traces as columns."""
    import pyarrow as pa

    shape = schema()
    given = dict(
        zip(TraceRow.__struct_fields__, zip(*map(astuple, rows), strict=True), strict=True)
    )
    columns = {name: pa.array(given[name], shape.field(name).type) for name in _PLAIN}
    steps = list(chain.from_iterable(given["steps"]))
    fields = [
        pa.array([step.i for step in steps], pa.int64()),
        pa.array([step.type for step in steps], pa.string()),
        pa.array([step.content for step in steps], pa.string()),
    ]
    ends = [0, *accumulate(map(len, given["steps"]))]
    kind = shape.field("steps").type
    flat = pa.StructArray.from_arrays(fields, fields=list(kind.value_type))
    columns["steps"] = pa.ListArray.from_arrays(pa.array(ends, pa.int32()), flat, type=kind)
    metas = [None if meta is None else _encoder.encode(meta).decode() for meta in given["meta"]]
    columns["meta"] = pa.array(metas, pa.string())
    columns["sha256"] = pa.array(prints, pa.binary(32))
    return pa.Table.from_arrays([columns[name] for name in shape.names], schema=shape)


def ids_table(rows: Sequence[TraceRow]) -> Any:
    """Which traces rows were."""
    import pyarrow as pa

    columns = [[row.id for row in rows], [row.created_at for row in rows]]
    return pa.Table.from_arrays([pa.array(c, pa.string()) for c in columns], schema=ids_schema())


_encoder = msgspec.json.Encoder(order="sorted")
_metas = msgspec.json.Decoder(dict[str, Any])


def rows(batch: Any, ids: Any) -> Iterator[TraceRow]:
    """Rows from batches of both files."""
    plain = {name: batch.column(name).to_pylist() for name in _PLAIN}
    nested = batch.column("steps")
    ends = [0, *accumulate(nested.value_lengths().to_pylist())]
    flat = nested.flatten()
    steps = list(map(StepRow, *(field.to_pylist() for field in flat.flatten())))
    texts = batch.column("meta").to_pylist()
    metas = [None if text is None else _metas.decode(text) for text in texts]
    own = [steps[start:stop] for start, stop in pairwise(ends)]
    return map(
        TraceRow,
        ids.column("id").to_pylist(),
        ids.column("created_at").to_pylist(),
        plain["trace_version"],
        plain["prompt"],
        plain["final_answer"],
        own,
        metas,
        plain["source"],
        plain["model"],
        plain["group"],
        plain["split"],
        plain["weight"],
        plain["part"],
        plain["verdict"],
        plain["first_error"],
        plain["step_verdicts"],
        plain["expected_answer"],
        plain["verifier"],
    )
