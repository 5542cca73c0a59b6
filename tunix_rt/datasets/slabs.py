"""Build a slab: consecutive chosen traces in, the shards of each split out; in any process.

A slab is a function of its traces and the request alone, so slabs are built side by side, a
core each, and put together in their order. What they say travels as JSON.
"""

import os
from array import array
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import msgspec

from tunix_rt.datasets import annotating, query_rows, reading, shards
from tunix_rt.datasets.query_rows import Stored
from tunix_rt.datasets.schema import TRAIN, Build, Shard
from tunix_rt.datasets.splitting import Splitter, key_of
from tunix_rt.kit.apart import Apart, Broke
from tunix_rt.kit.collecting import seldom
from tunix_rt.kit.errors import BadInput, Broken, NotFound, TunixError
from tunix_rt.kit.settings import Settings
from tunix_rt.rendering.schema import TraceRow
from tunix_rt.store import Store, open_store

SLAB = 25_000
"""Traces; of a version of schema 3 this is for ever, for its hashes depend on it."""

BATCH = 1_000
UNKNOWN = "unknown"
MOST_PROCESSES = 8
SLAB_SECONDS = 3_600.0
CACHE_MB = 8
MEMORY = 8 * 2**30
BUILDER = f"{__name__}:build_apart"


class Task(msgspec.Struct):
    """One slab to build: 16 bytes of each id, its part's number and its weight, in hex."""

    home: str
    database: str
    build: dict[str, Any]
    folder: str
    parent: int
    """The process that waits for it."""

    number: int
    ids: str
    parts: str
    names: list[str | None]
    """Of the parts, by their numbers."""

    weights: str


class Slab(msgspec.Struct):
    """What became of a slab."""

    shards: list[dict[str, Any]]
    ids: list[str]
    """Of the traces that are in it, in no order that matters."""

    splits: str
    """Hex of eight bytes of a prompt and one of its split, where meta names the splits."""

    names: list[str]
    verdicts: dict[str, int]
    sources: dict[str, int]
    models: dict[str, int]
    licences: dict[str, int]
    verifiers: list[tuple[str, str, str, int]]
    parts: dict[str, int]
    steps: int
    fewest: int
    most: int
    chars: int
    refused: tuple[str, str, str | None] | None = None


def build_apart(given: dict[str, Any]) -> dict[str, Any]:
    """Build one slab in a process of its own; a refusal comes back as what it says."""
    task = msgspec.convert(given, Task)
    try:
        store = _opened(task.home, task.database)
        built = build_slab(store, task, wanted=lambda: os.getppid() == task.parent)
    except TunixError as error:
        return {"refused": (type(error).__name__, error.message, error.hint)}
    said: dict[str, Any] = msgspec.to_builtins(built)
    return said


def build_slab(store: Store, task: Task, *, wanted: Callable[[], bool] = lambda: True) -> Slab:
    """Read the traces of a slab, divide them, and write their shards, while they are `wanted`."""
    build = Build.model_validate(task.build)
    counts = _Counts(store, build, Path(task.folder), task.number)
    try:
        with seldom():
            for stored, notes in _fetched(store, task):
                if not wanted():
                    raise Broken("The process that waited for these rows is gone.")
                rows = annotating.rows(stored)
                for row, (part, weight) in zip(rows, notes, strict=True):
                    row.part, row.weight = part, weight
                counts.take(rows, stored)
        return counts.finish()
    except BaseException:
        counts.abandon()
        raise


@contextmanager
def builders(store: Store, processes: int) -> Iterator[Any]:
    """A function that builds slabs in their order, from tasks; one process is this one."""
    if processes == 1:
        yield lambda tasks: (build_slab(store, task) for task in tasks)
        return
    crew = [Apart(BUILDER, seconds=SLAB_SECONDS, memory=MEMORY) for _ in range(processes)]
    pool = ThreadPoolExecutor(len(crew))
    try:
        yield lambda tasks: _shared(crew, pool, tasks)
    finally:
        pool.shutdown(cancel_futures=True)  # a slab that waits would start a builder anew
        for one in crew:
            one.close()


def _shared(crew: list[Apart], pool: ThreadPoolExecutor, tasks: Iterable[Task]) -> Iterator[Slab]:
    """Whichever builder is free takes the next slab; one slab a builder waits meanwhile."""
    free: SimpleQueue[Apart] = SimpleQueue()
    for one in crew:
        free.put(one)
    begun: deque[Future[Slab]] = deque()
    for task in tasks:
        begun.append(pool.submit(_asked, free, task))
        if len(begun) > 2 * len(crew):
            yield begun.popleft().result()
    while begun:
        yield begun.popleft().result()


def _asked(free: SimpleQueue[Apart], task: Task) -> Slab:
    builder = free.get()
    try:
        answer = builder(msgspec.to_builtins(task))
    except Broke as error:
        raise Broken(f"Rows could not be written: {error}.") from None
    finally:
        free.put(builder)
    if refused := answer.get("refused"):
        kind, message, hint = refused
        raise _KINDS.get(kind, Broken)(message, hint=hint)
    return msgspec.convert(answer, Slab)


_KINDS: dict[str, type[TunixError]] = {"BadInput": BadInput, "NotFound": NotFound}


@lru_cache(1)
def _opened(home: str, database: str) -> Store:
    shards.save_memory()
    return open_store(Settings(home=Path(home), database=database), cache_mb=CACHE_MB)


Note = tuple[str | None, float]
"""The part and the weight of a trace."""


def _fetched(store: Store, task: Task) -> Iterator[tuple[list[Stored], list[Note]]]:
    ids = [_dashed(task.ids[at : at + 32]) for at in range(0, len(task.ids), 32)]
    parts = [task.names[number] for number in bytes.fromhex(task.parts)] or [None] * len(ids)
    weights = array("d", bytes.fromhex(task.weights)) or array("d", [1.0]) * len(ids)
    for start in range(0, len(ids), BATCH):
        some = ids[start : start + BATCH]
        with store.read() as connection:
            rows = query_rows.rows(connection, some)
        here = slice(start, start + BATCH)
        notes = dict(zip(some, zip(parts[here], weights[here], strict=True), strict=True))
        yield rows, [notes[row.id] for row in rows]


def _dashed(plain: str) -> str:
    return f"{plain[:8]}-{plain[8:12]}-{plain[12:16]}-{plain[16:20]}-{plain[20:]}"


class _Counts:
    """The splits of a slab on their way into shards, and what is counted of their rows."""

    def __init__(self, store: Store, build: Build, folder: Path, number: int) -> None:
        self._build, self._folder, self._number = build, folder, number
        self._splitter = Splitter(build, _held_out(store, build.parent_dataset_id, build.split_by))
        self._writers: dict[str, shards.Writer] = {}
        self._ids: list[str] = []
        self._verdicts: Counter[str] = Counter()
        self._sources: Counter[str] = Counter()
        self._models: Counter[str] = Counter()
        self._licences: Counter[str] = Counter()
        self._verifiers: Counter[tuple[str, str, str]] = Counter()
        self._parts: Counter[str] = Counter()
        self._steps = self._most = self._chars = 0
        self._fewest = 2**31

    def take(self, rows: Sequence[TraceRow], stored: Sequence[Stored]) -> None:
        """Count some rows and hand each to its split."""
        if not rows:
            return
        for row, own in zip(rows, stored, strict=True):
            row.split = self._splitter.split_of(row)
            self._writer(row.split).add(row, own.content_hash, own.total_chars + len(row.prompt))
        unnamed = self._build.licence or UNKNOWN
        self._ids += [row.id for row in rows]
        self._verdicts.update([row.verdict or "none" for row in rows])
        self._sources.update([row.source for row in rows])
        self._models.update([row.model or UNKNOWN for row in rows])
        self._licences.update([annotating.licence_of(row) or unnamed for row in rows])
        self._verifiers.update(
            [
                ("answer", one.answer_verifier, one.answer_version or "")
                for one in stored
                if one.answer_verifier
            ]
        )
        self._verifiers.update(
            [
                ("steps", one.steps_verifier, one.steps_version or "")
                for one in stored
                if one.steps_verifier
            ]
        )
        self._parts.update([row.part for row in rows if row.part is not None])
        numbers = [len(row.steps) for row in rows]
        self._steps += sum(numbers)
        self._fewest, self._most = min(self._fewest, *numbers), max(self._most, *numbers)
        self._chars += sum([own.total_chars for own in stored])

    def finish(self) -> Slab:
        """Close the shards; training first, then the other splits by name."""
        files: list[Shard] = []
        for name in sorted(self._writers, key=lambda name: (name != TRAIN, name)):
            files += self._writers[name].close()
        said, names = self._splitter.said()
        return Slab(
            shards=[one.model_dump() for one in files],
            ids=self._ids,
            splits=said,
            names=names,
            verdicts=dict(self._verdicts),
            sources=dict(self._sources),
            models=dict(self._models),
            licences=dict(self._licences),
            verifiers=[(*said_by, n) for said_by, n in self._verifiers.items()],
            parts=dict(self._parts),
            steps=self._steps,
            fewest=self._fewest,
            most=self._most,
            chars=self._chars,
        )

    def abandon(self) -> None:
        """Let go of files that are half written."""
        for writer in self._writers.values():
            writer.abandon()

    def _writer(self, split: str) -> shards.Writer:
        if split not in self._writers:
            place = self._folder / f"{self._number}-{split}"
            self._writers[split] = shards.Writer(place, split)
        return self._writers[split]


@lru_cache(1)
def _held_out(store: Store, parent: str | None, split_by: str) -> frozenset[bytes]:
    """The prompt groups that the parent version keeps from training."""
    if parent is None:
        return frozenset()
    held = [one for one in reading.version(store, parent).shards if one.split != TRAIN]
    found: set[bytes] = set()
    for shard in held:
        with shards.Reader(shards.frozen(store.blobs), shard) as reader:
            for prompts in reader.column("prompt"):
                found.update(key_of(prompt, split_by) for prompt in prompts.to_pylist())
    return frozenset(found)
