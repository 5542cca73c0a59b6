"""Iterate a frozen version in its fixed order; a damaged file is refused, never half-read."""

import io
from collections.abc import Iterator
from itertools import islice
from typing import Any

import msgspec
import zstandard

from tunix_rt.datasets import query, shards
from tunix_rt.datasets.schema import Manifest, RowPage, RowSummary, Version
from tunix_rt.kit.errors import Broken, NotFound
from tunix_rt.rendering.schema import StepRow, TraceRow
from tunix_rt.store import Row, Store

SHOWN = 300
"""Characters of a prompt and of an answer that a page shows."""


def version(store: Store, key: str) -> Version:
    """What a version is, without the ids of its traces."""
    with store.read() as connection:
        return Version.model_validate(query.get(connection, key).summary)


def manifest(store: Store, key: str) -> Manifest:
    """The manifest of a version, as it was written."""
    return Manifest.model_validate_json(b"".join(manifest_bytes(store, key)))


def manifest_bytes(store: Store, key: str) -> Iterator[bytes]:
    """The manifest as it was written, a piece at a time."""
    with store.read() as connection:
        sha256 = query.get(connection, key).manifest_sha256
    file = store.blobs.open(sha256)  # here, so that a missing one is said before the first piece
    return _pieces(file)


def _pieces(file: Any) -> Iterator[bytes]:
    with file:
        while piece := file.read(1 << 18):
            yield piece


def rows(store: Store, key: str, *, split: str | None = None, start: int = 0) -> Iterator[TraceRow]:
    """The traces of a version, or of one split of it, in manifest order, from row `start` on."""
    with store.read() as connection:
        found = query.get(connection, key)
    frozen = Version.model_validate(found.summary)
    if not frozen.shards:
        return islice(_lines(store, found), start, None)
    if split is not None and split not in (names := [one.name for one in frozen.splits]):
        raise NotFound(
            f"The dataset {key} has no split {split!r}.", hint=f"Splits: {', '.join(names)}."
        )
    wanted = [shard for shard in frozen.shards if split in (None, shard.split)]
    return shards.rows_of(shards.frozen(store.blobs), wanted, start)


def page(store: Store, key: str, *, start: int, limit: int, split: str | None) -> RowPage:
    """Some rows, for a person to look at; `start` counts within the split that is asked for."""
    frozen = version(store, key)
    before = 0
    if split is not None:
        names = [one.name for one in frozen.splits]
        before = (
            sum(one.rows for one in frozen.splits[: names.index(split)]) if split in names else 0
        )
    found = list(islice(rows(store, key, split=split, start=start), limit + 1))
    return RowPage(
        data=[_summary(before + start + at, row) for at, row in enumerate(found[:limit])],
        pagination=RowPage.Pagination(
            limit=limit, start=start, next_start=start + limit if len(found) > limit else None
        ),
    )


def _summary(place: int, row: TraceRow) -> RowSummary:
    return RowSummary(
        place=place,
        trace_id=row.id,
        split=row.split,
        weight=row.weight,
        source=row.source,
        model=row.model,
        group=row.group,
        prompt=row.prompt[:SHOWN],
        final_answer=row.final_answer[:SHOWN],
        step_count=len(row.steps),
        verdict=row.verdict,
        first_error=row.first_error,
    )


def _lines(store: Store, found: Row[Any]) -> Iterator[TraceRow]:
    """The rows of a version of schema 2, which had one file of JSON lines."""
    decoder = msgspec.json.Decoder(_Line)
    with store.blobs.open(found.file_sha256) as file:
        stream = zstandard.ZstdDecompressor().stream_reader(file)
        count = 0
        try:
            for line in io.BufferedReader(stream, 1 << 18):
                yield decoder.decode(line).flat()
                count += 1
        except (zstandard.ZstdError, msgspec.DecodeError):
            count = -1
        if count != found.trace_count:  # a file cut at a frame's end decompresses in silence
            raise Broken(
                f"The file of dataset {found.key} is damaged.",
                hint=f"Restore blob {found.file_sha256} from a backup.",
            )


class _Line(msgspec.Struct):
    id: str
    created_at: str
    trace: "_Body"

    def flat(self) -> TraceRow:
        t = self.trace
        return TraceRow(
            self.id, self.created_at, t.trace_version, t.prompt, t.final_answer, t.steps, t.meta
        )


class _Body(msgspec.Struct):
    trace_version: str
    prompt: str
    final_answer: str
    steps: list[StepRow]
    meta: dict[str, Any] | None
