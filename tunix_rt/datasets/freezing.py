"""A choice of traces in, an immutable version out; its hash is over what it says.

The content hash is taken over the canonical traces in their order, without ids and
dates, so the same choice of the same traces has the same hash on any machine.
"""

import hashlib
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec
import zstandard
from pydantic import ValidationError

from tunix_rt import __version__
from tunix_rt.datasets import query
from tunix_rt.datasets.schema import SCHEMA_VERSION, Build, Manifest, Stats
from tunix_rt.kit.errors import BadInput
from tunix_rt.kit.ids import iso, new_id, now
from tunix_rt.runs import query as runs
from tunix_rt.store import Connection, Row, Store
from tunix_rt.traces import indexing
from tunix_rt.traces import query as traces
from tunix_rt.traces import query_marks as marks
from tunix_rt.traces.schema import TraceFilter

COLUMNS = frozenset({"source", "model", "verdict", "q"})
"""What a filter says of a trace's row; everything else is about its meta."""

EMPTY = "Dataset is empty. No traces matched the filters."


def freeze(store: Store, build: Build) -> Manifest:
    """Choose, write rows and manifest as blobs, and record the version; all or nothing."""
    key = dataset_key(build.dataset_name, build.dataset_version)
    wanted, meta = split_filters(build.filters)
    indexing.ready(store, wanted)
    with store.read() as connection:
        if query.exists(connection, key):
            raise query.taken(key)
        ids = _choose(connection, build, wanted, meta)
        if not ids:
            raise BadInput(EMPTY)
        rows = _Rows(traces.by_ids(connection, ids))
        file_sha256, size = store.blobs.put(rows.compressed())
    moment = now()
    manifest = Manifest(
        dataset_key=key,
        build_id=new_id(),
        dataset_name=build.dataset_name,
        dataset_version=build.dataset_version,
        dataset_schema_version=SCHEMA_VERSION,
        created_at=iso(moment),
        filters=build.filters,
        selection_strategy=build.selection_strategy,
        seed=build.seed,
        trace_ids=rows.ids,
        trace_count=len(rows.ids),
        stats=rows.stats(),
        session_id=build.session_id,
        parent_dataset_id=build.parent_dataset_id,
        training_run_id=build.training_run_id,
        provenance=build.provenance,
        content_sha256=rows.content.hexdigest(),
        file_sha256=file_sha256,
        size_bytes=size,
        verdicts=dict(rows.verdicts),
        tool_version=__version__,
    )
    manifest_sha256, _ = store.blobs.put([manifest.model_dump_json().encode()])
    with store.write() as connection:
        query.add(connection, manifest, manifest_sha256, moment)
        marks.hold(connection, key, rows.ids)
        runs.link(connection, _edges(manifest, rows.sources))
    return manifest


def dataset_key(name: str, version: str) -> str:
    """The contract's key: name-version, other characters than [A-Za-z0-9._-] become `_`."""
    return re.sub(r"[^A-Za-z0-9._-]", "_", f"{name}-{version}")


def split_filters(filters: dict[str, Any]) -> tuple[TraceFilter, dict[str, Any]]:
    """The part of the filters that the trace table answers, and the part about meta."""
    columns = {name: value for name, value in filters.items() if name in COLUMNS}
    try:
        wanted = TraceFilter.model_validate(columns)
    except ValidationError as error:
        first = error.errors()[0]
        raise BadInput(f"filters.{first['loc'][0]}: {first['msg'].lower()}") from None
    return wanted, {name: value for name, value in filters.items() if name not in columns}


def _choose(
    connection: Connection, build: Build, wanted: TraceFilter, meta: dict[str, Any]
) -> list[str]:
    """Ids in manifest order: newest first, or as the seed shuffles them."""
    if meta:
        found = query.matching(connection, wanted)
        ids = [row.id for row in found if _has_meta(row, meta)]
        ids.reverse()
    else:
        all_needed = build.selection_strategy == "random"
        ids = traces.select_ids(connection, wanted, limit=None if all_needed else build.limit)
    if build.selection_strategy == "random":
        ids.reverse()  # oldest first: later imports must not move earlier traces
        random.Random(build.seed).shuffle(ids)
    return ids[: build.limit]


def _has_meta(row: Row[Any], meta: dict[str, Any]) -> bool:
    own = traces.payload(row).meta or {}
    return all(own.get(name) == value for name, value in meta.items())


class _Rows:
    """The rows of a dataset on their way into a blob, counted as they pass."""

    def __init__(self, rows: Iterable[Row[Any]]) -> None:
        self._rows = rows
        self.ids: list[str] = []
        self.content = hashlib.sha256()
        self.verdicts: Counter[str] = Counter()
        self.sources: Counter[str] = Counter()
        self._steps: list[int] = []
        self._chars = 0

    def compressed(self) -> Iterator[bytes]:
        """JSON lines {id, created_at, trace}, zstd-compressed."""
        packer = zstandard.ZstdCompressor(level=6, write_checksum=True).compressobj()
        for row in self._rows:
            body = traces.raw(row)
            self.content.update(body + b"\n")
            self.ids.append(row.id)
            self.verdicts[row.verdict or "none"] += 1
            self.sources[row.source] += 1
            self._steps.append(row.step_count)
            self._chars += row.total_chars
            line = {"id": row.id, "created_at": iso(row.created_at), "trace": msgspec.Raw(body)}
            yield packer.compress(msgspec.json.encode(line) + b"\n")
        yield packer.flush()

    def stats(self) -> Stats:
        """The contract's numbers."""
        count = len(self.ids)
        return Stats(
            trace_count=count,
            avg_step_count=round(sum(self._steps) / count, 2),
            min_step_count=min(self._steps),
            max_step_count=max(self._steps),
            avg_total_chars=round(self._chars / count, 2),
        )


def _edges(manifest: Manifest, sources: Counter[str]) -> Sequence[runs.Edge]:
    key = manifest.dataset_key
    edges: list[runs.Edge] = [
        (
            "trace",
            f"source:{source}",
            f"{count:,} traces of {source}",
            "dataset",
            key,
            key,
            "chosen",
        )
        for source, count in sources.items()
    ]
    if manifest.parent_dataset_id:
        parent = manifest.parent_dataset_id
        edges.append(("dataset", parent, parent, "dataset", key, key, "parent"))
    return [(*e[:1], e[1][:256], *e[2:]) for e in edges]
