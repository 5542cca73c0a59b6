"""A choice of traces in, an immutable version out; its hash is over what it says.

Rows stream from the store into Parquet shards, which are blobs; the manifest is written
last, and the version exists once its row does. Whatever happens before that leaves nothing.
"""

import hashlib
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tunix_rt import __version__
from tunix_rt.datasets import annotating, query, query_rows, selecting, shards
from tunix_rt.datasets.reading import version
from tunix_rt.datasets.schema import (
    SCHEMA_VERSION,
    TRAIN,
    Build,
    Judged,
    Shard,
    SplitCount,
    Stats,
    Version,
)
from tunix_rt.datasets.splitting import Splitter, key_of
from tunix_rt.kit.ids import iso, new_id, now
from tunix_rt.rendering.schema import TraceRow
from tunix_rt.runs import query as runs
from tunix_rt.store import Row, Store
from tunix_rt.store.blobs import Blobs, full

BATCH = 2_000
HELD_AT_ONCE = 20_000
"""Traces whose membership is noted in one transaction."""

Report = Callable[[int, int, str], None]
"""Told how many rows are done, of how many, and in words; may raise, which ends the freezing."""


def freeze(
    store: Store, build: Build, *, report: Report | None = None, build_id: str | None = None
) -> Version:
    """Choose, write shards and manifest as blobs, and record the version; all or nothing.

    Called again with the `build_id` of a version that exists, it only finishes noting which
    traces the version holds: what was left when the process was killed there.
    """
    key = dataset_key(build.dataset_name, build.dataset_version)
    with store.read() as connection:
        known = query.build_of(connection, key)
    if known is not None:
        if known != build_id:
            raise query.taken(key)
        frozen = version(store, key)
        _hold(store, frozen)
        return frozen
    chosen = selecting.select(store, build)
    frozen = _write(store, build, key, chosen, report or _silent, build_id or new_id())
    _hold(store, frozen)
    return frozen


def dataset_key(name: str, version: str) -> str:
    """The contract's key: name-version, other characters than [A-Za-z0-9._-] become `_`."""
    return re.sub(r"[^A-Za-z0-9._-]", "_", f"{name}-{version}")


def _silent(done: int, total: int, text: str) -> None:
    """Nobody wants to know."""


def _write(
    store: Store,
    build: Build,
    key: str,
    chosen: selecting.Selected,
    report: Report,
    build_id: str,
) -> Version:
    made: list[str] = []
    try:
        with _folder(store.blobs, build_id) as folder:
            counts = _Counts(Splitter(build, _held_out(store, build)), store.blobs, folder, made)
            for row, stored, part in _rows(store, chosen, counts.known, report):
                counts.take(row, stored, build, part)
            counts.splitter.check()
            frozen = _version(build, key, build_id, counts)
        manifest, _ = store.blobs.put(_manifest(store.blobs, frozen))
        made.append(manifest)
        with store.write() as connection:
            query.add(connection, frozen, manifest)
            runs.link(connection, _edges(frozen))
    except BaseException:
        for sha256 in made:
            store.blobs.drop(sha256)
        raise
    return frozen


@contextmanager
def _folder(blobs: Blobs, build_id: str) -> Iterator[Path]:
    """A folder for files that are half written, beside the blobs they will be."""
    try:
        blobs.folder.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(dir=blobs.folder, prefix=f".new-{build_id}-"))
    except OSError as error:
        raise full(blobs.folder, error) from error
    for left in blobs.folder.glob(f".new-{build_id}-*"):
        if left != folder:
            shutil.rmtree(left, ignore_errors=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _rows(
    store: Store, chosen: selecting.Selected, known: annotating.Known, report: Report
) -> Iterator[tuple[TraceRow, Row[object], int]]:
    done, total = 0, len(chosen)
    for ids, parts in chosen.batches(BATCH):
        with store.read() as connection:
            found = annotating.rows(connection, ids, known)
        part_of = dict(zip(ids, parts, strict=True))
        for row, stored in found:
            yield row, stored, part_of[row.id]
        done += len(ids)
        report(done, total, f"{done:,} of {total:,} rows")


def _held_out(store: Store, build: Build) -> set[bytes]:
    """The prompt groups that the parent version keeps from training."""
    if build.parent_dataset_id is None:
        return set()
    parent = version(store, build.parent_dataset_id)
    held = [shard for shard in parent.shards if shard.split != TRAIN]
    found: set[bytes] = set()
    for shard in held:
        with shards.Reader(store.blobs, shard) as reader:
            for prompts in reader.column("prompt"):
                found.update(key_of(prompt, build.split_by) for prompt in prompts.to_pylist())
    return found


@dataclass
class _Counts:
    """What is counted of the rows on their way into the shards of their splits."""

    splitter: Splitter
    blobs: Blobs
    folder: Path
    made: list[str]
    known: annotating.Known = field(default_factory=annotating.Known)
    writers: dict[str, shards.Writer] = field(default_factory=dict)
    verdicts: Counter[str] = field(default_factory=Counter)
    sources: Counter[str] = field(default_factory=Counter)
    models: Counter[str] = field(default_factory=Counter)
    licences: Counter[str] = field(default_factory=Counter)
    parts: Counter[int] = field(default_factory=Counter)
    steps: int = 0
    fewest: int = 2**31
    most: int = 0
    chars: int = 0

    def take(self, row: TraceRow, stored: Row[object], build: Build, part: int) -> None:
        """Count one row and hand it to its split."""
        row.split = split = self.splitter.split_of(row)
        if split not in self.writers:
            self.writers[split] = shards.Writer(self.blobs, self.folder, split, self.made)
        size = int(stored.total_chars)
        self.writers[split].add(row, bytes(stored.content_hash), size + len(row.prompt))
        self.verdicts[row.verdict or "none"] += 1
        self.sources[row.source] += 1
        self.models[row.model or annotating.UNKNOWN] += 1
        self.licences[annotating.licence_of(row) or build.licence or annotating.UNKNOWN] += 1
        self.parts[part] += 1
        number = len(row.steps)
        self.steps += number
        self.fewest, self.most = min(self.fewest, number), max(self.most, number)
        self.chars += size

    def stats(self, count: int) -> Stats:
        """The contract's numbers."""
        return Stats(
            trace_count=count,
            avg_step_count=round(self.steps / count, 2),
            min_step_count=self.fewest,
            max_step_count=self.most,
            avg_total_chars=round(self.chars / count, 2),
        )

    def finish(self) -> tuple[list[Shard], list[SplitCount]]:
        """Close every split; training first, then the others by name."""
        names = sorted(self.writers, key=lambda name: (name != TRAIN, name))
        splits = []
        for name in names:
            sha256 = self.writers[name].close()
            splits.append(
                SplitCount(name=name, rows=self.writers[name].rows, content_sha256=sha256)
            )
        return [shard for name in names for shard in self.writers[name].shards], splits


def _version(build: Build, key: str, build_id: str, counts: _Counts) -> Version:
    files, splits = counts.finish()
    count = sum(split.rows for split in splits)
    judged = sorted(counts.known.verifiers.items())
    return Version(
        dataset_key=key,
        build_id=build_id,
        dataset_name=build.dataset_name,
        dataset_version=build.dataset_version,
        dataset_schema_version=SCHEMA_VERSION,
        created_at=iso(now()),
        filters=build.filters,
        selection_strategy=build.selection_strategy,
        seed=build.seed,
        trace_count=count,
        stats=counts.stats(count),
        session_id=build.session_id,
        parent_dataset_id=build.parent_dataset_id,
        training_run_id=build.training_run_id,
        provenance=build.provenance,
        content_sha256=content_of(splits),
        file_sha256=files_of(files),
        size_bytes=sum(shard.size_bytes for shard in files),
        verdicts=dict(counts.verdicts),
        tool_version=__version__,
        recipe=build.model_dump(mode="json"),
        shards=files,
        splits=splits,
        sources=dict(counts.sources.most_common()),
        models=dict(counts.models.most_common()),
        parts={part.name: counts.parts[at] for at, part in enumerate(build.mixture)},
        verifiers=[
            Judged(subject=said[0], verifier=said[1], version=said[2], rows=number)
            for said, number in judged
        ],
        licences=dict(counts.licences.most_common()),
    )


def content_of(splits: Sequence[SplitCount]) -> str:
    """The hash of a whole version from those of its splits."""
    told = "".join(f"{split.name} {split.rows} {split.content_sha256}\n" for split in splits)
    return hashlib.sha256(told.encode()).hexdigest()


def files_of(files: Sequence[Shard]) -> str:
    """The hash over every shard."""
    return hashlib.sha256("".join(f"{one.sha256}\n" for one in files).encode()).hexdigest()


def _manifest(blobs: Blobs, frozen: Version) -> Iterator[bytes]:
    """The manifest as JSON; the ids of its traces are never in memory together."""
    yield frozen.model_dump_json().encode()[:-1] + b',"trace_ids":['
    first = True
    for ids in shards.ids_of(blobs, frozen.shards):
        yield (b"" if first else b",") + ",".join(f'"{one}"' for one in ids).encode()
        first = False
    yield b"]}"


def _hold(store: Store, frozen: Version) -> None:
    """Note which traces the version holds; said again, it changes nothing."""
    waiting: list[str] = []
    for ids in shards.ids_of(store.blobs, frozen.shards):
        waiting += ids
        if len(waiting) >= HELD_AT_ONCE:
            _held(store, frozen.dataset_key, waiting)
            waiting = []
    _held(store, frozen.dataset_key, waiting)


def _held(store: Store, key: str, ids: Sequence[str]) -> None:
    with store.write() as connection:
        query_rows.hold(connection, key, ids)


def _edges(frozen: Version) -> Sequence[runs.Edge]:
    key = frozen.dataset_key
    edges: list[runs.Edge] = [
        ("trace", f"source:{name}"[:256], f"{n:,} traces of {name}", "dataset", key, key, "chosen")
        for name, n in frozen.sources.items()
    ]
    if parent := frozen.parent_dataset_id:
        edges.append(("dataset", parent, parent, "dataset", key, key, "parent"))
    return edges
