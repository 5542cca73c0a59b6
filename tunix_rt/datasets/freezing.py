"""A choice of traces in, an immutable version out; its hash is over what it says.

Rows stream from the store into Parquet shards, which are blobs; the manifest is written
last, and the version exists once its row does. Whatever happens before that leaves nothing.
"""

import hashlib
import os
import re
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tunix_rt import __version__
from tunix_rt.curate.chosen import freezable, pipeline_of
from tunix_rt.datasets import query, query_rows, selecting, shards, slabs
from tunix_rt.datasets.reading import version
from tunix_rt.datasets.schema import (
    SCHEMA_VERSION,
    TRAIN,
    Build,
    Curated,
    Judged,
    Shard,
    SplitCount,
    Stats,
    Version,
)
from tunix_rt.datasets.splitting import Said
from tunix_rt.kit.again import Again
from tunix_rt.kit.apart import cores
from tunix_rt.kit.errors import BadInput, Conflict
from tunix_rt.kit.ids import iso, new_id, now
from tunix_rt.rendering.proofs import proven
from tunix_rt.rendering.schema_proofs import ProvenRendering
from tunix_rt.runs import query as runs
from tunix_rt.runs import query_read
from tunix_rt.store import Store
from tunix_rt.store.blobs import Blobs, full

Report = Callable[[int, int, str], None]
"""Told how many rows are done, of how many, and in words; may raise, which ends the freezing."""


LEFT_AFTER = 24 * 3600
"""Seconds after which nobody writes to a half-written file any more."""


IDS = b',"trace_ids":['
"""Where the ids begin in a manifest: last."""


@dataclass(frozen=True, slots=True)
class Size:
    """How the work is cut."""

    slab: int = slabs.SLAB
    """Traces of one slab. The hashes of a version depend on it."""

    processes: int = field(default_factory=lambda: cores(slabs.MOST_PROCESSES))


def freeze(
    store: Store,
    build: Build,
    *,
    report: Report | None = None,
    build_id: str | None = None,
    size: Size | None = None,
) -> Version:
    """Choose, write shards and manifest as blobs, and record the version; all or nothing.

    Called again with the `build_id` of a version that exists, it says what that is.
    """
    key = dataset_key(build.dataset_name, build.dataset_version)
    with store.read() as connection:
        known = query.build_of(connection, key)
        if known is None and build.curation not in (None, build_id):
            freezable(connection, build.curation)
    if known is not None:
        if known != build_id:
            raise query.taken(key)
        return version(store, key)
    chosen = selecting.select(store, build)
    with store.write() as connection:
        query_rows.let_go(connection, key)  # of a process that was killed
    made = _Making(store, build, key, build_id or new_id(), size or Size())
    return made.write(chosen, report or _silent)


def dataset_key(name: str, version: str) -> str:
    """The contract's key: name-version, other characters than [A-Za-z0-9._-] become `_`."""
    return re.sub(r"[^A-Za-z0-9._-]", "_", f"{name}-{version}")


def _silent(done: int, total: int, text: str) -> None:
    """Nobody wants to know."""


@dataclass(frozen=True, slots=True)
class _Making:
    """One version on its way to be."""

    store: Store
    build: Build
    key: str
    build_id: str
    size: Size

    def write(self, chosen: selecting.Selected, report: Report) -> Version:
        """Write the chosen traces, record the version; or take everything back."""
        store, whole, total = self.store, _Whole(), len(chosen)
        try:
            with _folder(store.blobs, self.build_id) as folder:
                tasks = self._tasks(chosen, folder)
                processes = min(self.size.processes, -(-total // self.size.slab))
                with slabs.builders(store, processes) as built:
                    for slab in built(tasks):
                        whole.add(slab)
                        _hold(store, self.key, slab.ids)
                        done = min(total, whole.slabs * self.size.slab)
                        report(done, total, f"{done:,} of {total:,} rows")
                whole.said.check()
                frozen = whole.version(self.build, self.key, self.build_id)
                if self.build.curation is not None and frozen.trace_count < total:
                    raise _gone(total - frozen.trace_count, total)
                frozen.curation = _curated(store, self.build)
                frozen.rendering = _proven(whole, self.build)
                whole.keep(store.blobs)
            manifest, _ = store.blobs.put(_manifest(store.blobs, frozen))
            with store.write() as connection:
                query.add(connection, frozen, manifest)
                runs.link(connection, _edges(frozen))
        except BaseException:
            self._take_back()
            raise
        return frozen

    def _take_back(self) -> None:
        """Note no trace for a version that is not; what another froze meanwhile holds its own."""
        store, key = self.store, self.key
        with store.read() as connection:
            winner = query.build_of(connection, key)
        held: Iterator[Sequence[str]] = iter(())
        if winner is not None:
            held = shards.ids_of(shards.frozen(store.blobs), version(store, key).shards)
        with store.write() as connection:
            query_rows.let_go(connection, key, whole=winner is not None)
            for ids in held:
                query_rows.hold(connection, key, ids)

    def _tasks(self, chosen: selecting.Selected, folder: Path) -> Iterator[slabs.Task]:
        store = self.store
        database = store.engine.url.render_as_string(hide_password=False)
        given = self.build.model_dump(mode="json")
        for number, (ids, parts, weights) in enumerate(chosen.slabs(self.size.slab)):
            yield slabs.Task(
                home=str(store.home),
                database=database,
                build=given,
                folder=str(folder),
                parent=os.getpid(),
                number=number,
                ids=ids,
                parts=parts,
                names=list(chosen.names),
                weights=weights,
            )


@contextmanager
def _folder(blobs: Blobs, build_id: str) -> Iterator[Path]:
    """A folder for files that are half written, beside the blobs they will be."""
    try:
        blobs.folder.mkdir(parents=True, exist_ok=True)
        _clear(blobs.folder, build_id)
        folder = Path(tempfile.mkdtemp(prefix=f".new-{build_id}-", dir=blobs.folder))
    except OSError as error:
        raise full(blobs.folder, error) from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _gone(missing: int, chosen: int) -> Conflict:
    """The refusal to freeze a part of what a curation says it kept."""
    return Conflict(
        f"{missing:,} of the {chosen:,} traces that the curation chose were deleted since.",
        hint="Restore them, or curate again.",
    )


def _clear(folder: Path, build_id: str) -> None:
    """Remove what a killed process left half written: of this build, and of others a day ago."""
    for left in folder.glob(".new-*"):
        with suppress(OSError):  # it ends right now, by itself
            old = time.time() - left.stat().st_mtime > LEFT_AFTER
            if not left.is_dir() and old:
                left.unlink()
            elif old or left.name.startswith(f".new-{build_id}"):
                shutil.rmtree(left)


def _curated(store: Store, build: Build) -> Curated | None:
    """How the curation that a version is made of came to what it kept."""
    if build.curation is None:
        return None
    with store.read() as connection:
        pipeline = pipeline_of(connection, build.curation)
        found = query_read.get(connection, build.curation).result
    return Curated(
        run_id=build.curation,
        pipeline=pipeline.model_dump(mode="json"),
        **{name: found[name] for name in Curated.model_fields if name in found},
    )


def _proven(whole: "_Whole", build: Build) -> ProvenRendering | None:
    """The rendering of a request, proven over the rows that are about to be frozen."""
    if build.rendering is None:
        return None
    rows = Again(lambda: shards.rows_of(shards.unfrozen, whole.files()))
    return proven(rows, build.rendering, despite=build.despite)


class _Whole:
    """The slabs of a version, put together in their order."""

    def __init__(self) -> None:
        self.slabs = 0
        self.said = Said()
        self._shards: dict[str, list[Shard]] = {}
        self._counts: dict[str, Counter[str]] = {name: Counter() for name in _COUNTED}
        self._verifiers: Counter[tuple[str, str, str]] = Counter()
        self._steps = self._most = self._chars = 0
        self._fewest = 2**31

    def add(self, slab: slabs.Slab) -> None:
        """Take what became of the next slab."""
        self.slabs += 1
        self.said.add(slab.splits, slab.names)
        for given in slab.shards:
            shard = Shard.model_validate(given)
            self._shards.setdefault(shard.split, []).append(shard)
        for name, counts in self._counts.items():
            counts.update(getattr(slab, name))
        for subject, verifier, number_of, rows in slab.verifiers:
            self._verifiers[subject, verifier, number_of] += rows
        self._steps += slab.steps
        self._fewest, self._most = min(self._fewest, slab.fewest), max(self._most, slab.most)
        self._chars += slab.chars

    def files(self) -> list[Shard]:
        """Every shard so far, each named by the place it was written at; training first."""
        names = sorted(self._shards, key=lambda name: (name != TRAIN, name))
        return [shard for name in names for shard in self._shards[name]]

    def keep(self, blobs: Blobs) -> None:
        """Make every file a blob."""
        for shard in self.files():
            place = Path(shard.name)
            blobs.keep(shards.rows_file(place), shard.sha256)
            blobs.keep(shards.ids_file(place), shard.ids_sha256)

    def version(self, build: Build, key: str, build_id: str) -> Version:
        """Everything that says what the version is."""
        names = sorted(self._shards, key=lambda name: (name != TRAIN, name))
        if not names:
            raise BadInput(selecting.EMPTY)
        if build.split_by != "meta.split" and (empty := sorted(build.splits.keys() - set(names))):
            raise BadInput(
                f"The split {empty[0]!r} got no prompt: its share is {build.splits[empty[0]]:.3g}.",
                hint="Give it a larger share, freeze more prompts, or take another seed.",
            )
        files = [
            one.model_copy(update={"name": f"{name}-{number:05}.parquet"})
            for name in names
            for number, one in enumerate(self._shards[name])
        ]
        splits = [split_of(name, self._shards[name]) for name in names]
        count = sum(split.rows for split in splits)
        counted = {name: dict(counts.most_common()) for name, counts in self._counts.items()}
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
            stats=self._stats(count),
            session_id=build.session_id,
            parent_dataset_id=build.parent_dataset_id,
            training_run_id=build.training_run_id,
            provenance=build.provenance,
            content_sha256=content_of(splits),
            file_sha256=files_of(files),
            size_bytes=sum(shard.size_bytes for shard in files),
            tool_version=__version__,
            recipe=build.model_dump(mode="json"),
            shards=files,
            splits=splits,
            verifiers=[
                Judged(subject=said[0], verifier=said[1], version=said[2], rows=number)
                for said, number in sorted(self._verifiers.items())
            ],
            verdicts=counted["verdicts"],
            sources=counted["sources"],
            models=counted["models"],
            licences=counted["licences"],
            parts=counted["parts"],
        )

    def _stats(self, count: int) -> Stats:
        return Stats(
            trace_count=count,
            avg_step_count=round(self._steps / count, 2),
            min_step_count=self._fewest,
            max_step_count=self._most,
            avg_total_chars=round(self._chars / count, 2),
        )


_COUNTED = ("verdicts", "sources", "models", "licences", "parts")


def split_of(name: str, files: Sequence[Shard]) -> SplitCount:
    """One split from its shards."""
    told = "".join(f"{one.rows} {one.content_sha256}\n" for one in files)
    sha256 = hashlib.sha256(told.encode()).hexdigest()
    return SplitCount(name=name, rows=sum(one.rows for one in files), content_sha256=sha256)


def content_of(splits: Sequence[SplitCount]) -> str:
    """The hash of a whole version from those of its splits."""
    told = "".join(f"{split.name} {split.rows} {split.content_sha256}\n" for split in splits)
    return hashlib.sha256(told.encode()).hexdigest()


def files_of(files: Sequence[Shard]) -> str:
    """The hash over every shard."""
    return hashlib.sha256("".join(f"{one.sha256}\n" for one in files).encode()).hexdigest()


def _manifest(blobs: Blobs, frozen: Version) -> Iterator[bytes]:
    """The manifest as JSON; the ids of its traces are never in memory together."""
    yield frozen.model_dump_json().encode()[:-1] + IDS
    first = True
    for ids in shards.ids_of(shards.frozen(blobs), frozen.shards):
        yield (b"" if first else b",") + ",".join(f'"{one}"' for one in ids).encode()
        first = False
    yield b"]}"


def _hold(store: Store, key: str, ids: Sequence[str]) -> None:
    """Note that the version holds these traces; in their order, near ones meet in the index."""
    with store.write() as connection:
        query_rows.hold(connection, key, sorted(ids))


def _edges(frozen: Version) -> Sequence[runs.Edge]:
    key = frozen.dataset_key
    edges: list[runs.Edge] = [
        ("trace", f"source:{name}"[:256], f"{n:,} traces of {name}", "dataset", key, key, "chosen")
        for name, n in frozen.sources.items()
    ]
    if (curated := frozen.curation) is not None:
        name = str(curated.pipeline.get("name"))
        edges.append(("run", curated.run_id, name, "dataset", key, key, "curated"))
    if parent := frozen.parent_dataset_id:
        edges.append(("dataset", parent, parent, "dataset", key, key, "parent"))
    return edges
