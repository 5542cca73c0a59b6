"""Run a pipeline: stages judge one trace after the other, or wait until they have seen them all.

Stages up to one that waits share a pass over the traces, so the bodies are read once and once
more for each stage that waits. Nothing is decided by ids, dates or the order of rows: who of
equals is kept, what chance draws and in which order the selection stands follow from contents
and the seed. A run that was killed begins anew: its decisions are taken away first.
"""

import hashlib
import shutil
import struct
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from tunix_rt.curate import query
from tunix_rt.curate.roll import Entry, Roll
from tunix_rt.curate.schema import (
    Around,
    CurateConfig,
    Drop,
    Each,
    ItemText,
    Mark,
    Outcomes,
    Pipeline,
    Said,
    Seen,
    Whole,
)
from tunix_rt.curate.seeing import key_of, seen
from tunix_rt.curate.staging import checked, name_of, stage, versions
from tunix_rt.curate.wording import chance
from tunix_rt.kit.errors import BadInput
from tunix_rt.runs.schema import Run
from tunix_rt.tasks import query as suites
from tunix_rt.traces import query as traces
from tunix_rt.traces import walking
from tunix_rt.traces.schema import group_of

BATCH = 500
WRITTEN = 2_000
"""Decisions of one transaction."""


@dataclass(frozen=True)
class Selection:
    """What a pipeline found; `funnel` has a line for each stage and one for the limit."""

    looked_at: int
    kept: int
    selection_sha256: str
    pipeline_sha256: str
    versions: dict[str, str]
    funnel: list[dict[str, Any]]


def curate(run: Run, config: CurateConfig) -> Selection:
    """Decide on every trace of a pipeline's filter, inside a run of any kind.

    `BadInput` where nothing matches; that everything is dropped is a result.
    """
    with run.store.read() as connection:
        require(connection, config.pipeline)
    _forget(run)
    scratch = run.folder / "curate"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    roll = Roll(scratch)
    try:
        return _Work(run, config, roll, scratch).done()
    finally:
        roll.close()
        shutil.rmtree(scratch, ignore_errors=True)


def require(connection: Any, pipeline: Pipeline) -> None:
    """Refuse a pipeline that names what is not there."""
    if pipeline.filter.deleted:
        raise BadInput("Deleted traces cannot be curated.")
    for options in checked(pipeline):
        for name in getattr(options, "suites", ()):
            suites.get(connection, name)
        query.require_evaluations(connection, getattr(options, "evaluations", ()))


def identity(pipeline: Pipeline) -> str:
    """sha256 of all that decides: filter, stages with every option, versions, seed, limit."""
    stages = [
        [config.stage, options.model_dump(mode="json")]
        for config, options in zip(pipeline.stages, checked(pipeline), strict=True)
    ]
    said = {
        **pipeline.model_dump(mode="json", exclude={"name", "stages"}),
        "stages": stages,
        "versions": versions(pipeline),
    }
    return hashlib.sha256(msgspec.json.encode(said, order="sorted")).hexdigest()


@dataclass(frozen=True)
class _Segment:
    """Stages of one pass: those that judge at once, and at most one that waits, behind them."""

    each: list[tuple[int, Each]]
    whole: tuple[int, Whole] | None


class _Work:
    """One run of a pipeline."""

    def __init__(self, run: Run, config: CurateConfig, roll: Roll, scratch: Path) -> None:
        self._run, self._config, self._pipeline = run, config, config.pipeline
        self._scratch = scratch
        self._roll = roll
        self._waiting: list[dict[str, Any]] = []
        self._dropped: list[Counter[str]] = [Counter() for _ in range(len(self._stages) + 1)]
        modules = [stage(one.stage) for one in self._stages]
        self._needs = frozenset(need for module in modules for need in module.NEEDS)

    def done(self) -> Selection:
        """Every pass, then the order of what is left."""
        segments = list(self._segments())
        of = len(segments)
        for number in range(1, of + 1):
            self._pass(segments.pop(0), number, of)  # what a stage remembered goes with it
            if number == 1 and not len(self._roll):
                raise BadInput("No trace matches the pipeline's filter.")
            self._run.result(self._found())
        kept, digest = self._order()
        return Selection(
            looked_at=len(self._roll),
            kept=kept,
            selection_sha256=digest,
            pipeline_sha256=identity(self._pipeline),
            versions=versions(self._pipeline),
            funnel=self._funnel(),
        )

    @property
    def _stages(self) -> Sequence[Any]:
        return self._pipeline.stages

    def _segments(self) -> Iterator[_Segment]:
        each: list[tuple[int, Each]] = []
        for place, options in enumerate(checked(self._pipeline)):
            begun = stage(self._stages[place].stage).begin(options, self._around(place))
            if callable(begun):
                each.append((place, begun))
                continue
            yield _Segment(each, (place, begun))
            each = []
        yield _Segment(each, None)

    def _around(self, place: int) -> Around:
        folder = self._scratch / f"{place:02d}"
        folder.mkdir()
        seed = self._pipeline.seed
        return Around(seed, folder, self._again, self._items, self._outcomes)

    def _pass(self, segment: _Segment, number: int, of: int) -> None:
        """Show every living trace to the stages of a segment."""
        done, total = 0, self._total(number)
        for traces_ in self._first(total) if number == 1 else self._next(segment):
            for trace in traces_:
                self._judge(trace, segment)
            done += len(traces_)
            self._run.progress(done, max(total, done), f"pass {number} of {of}: {done:,} traces")
            self._write(WRITTEN)
        if segment.whole is not None:
            place, whole = segment.whole
            for count, (spot, said) in enumerate(whole.end()):
                self._take(place, spot, said)
                if count % WRITTEN == 0:
                    self._run.check_cancelled()
                    self._write(WRITTEN)
        self._write(0)

    def _judge(self, trace: Seen, segment: _Segment) -> None:
        for place, judge in segment.each:
            if (said := judge(trace)) is not None:
                self._take(place, trace.place, said)
                if isinstance(said, Drop):
                    return
        if segment.whole is not None:
            place, whole = segment.whole
            if (dropped := whole.see(trace)) is not None:
                self._take(place, trace.place, dropped)

    def _take(self, stage_place: int, place: int, said: Said) -> None:
        """Write down what a stage says of a trace."""
        roll = self._roll
        if isinstance(said, Mark):
            roll.weights[place] *= said.weight
            roll.parts[place] = said.part or roll.parts[place]
            return
        roll.alive[place] = 0
        self._dropped[stage_place][said.reason] += 1
        [entry] = roll.entries([place])
        decided: dict[str, Any] = {"trace_id": entry.id, "stage": stage_place}
        decided |= {"reason": said.reason[:60], "evidence": said.evidence}
        if said.twin is not None:
            decided["twin_id"] = roll.entries([said.twin])[0].id
        self._waiting.append(decided)

    def _first(self, total: int) -> Iterator[list[Seen]]:
        """The traces of the filter; of a sampled dry run, some of them by their content."""
        few, store = self._config.sample, self._run.store
        share = 2**64 if few is None or few >= total else few * 2**64 // total
        seed = self._pipeline.seed
        for rows in walking.batches(store, self._pipeline.filter, size=BATCH):
            chosen = [row for row in rows if chance(key_of(row), seed ^ 1) < share]
            start = len(self._roll)
            self._roll.add((row.id, bytes(row.content_hash)) for row in chosen)
            with store.read() as connection:
                yield seen(connection, list(enumerate(chosen, start)), self._needs)

    def _next(self, segment: _Segment) -> Iterator[list[Seen]]:
        """Who is still alive; who was deleted since the first pass is so no longer."""
        places = [place for place, _ in segment.each]
        places += [segment.whole[0]] if segment.whole else [len(self._stages)]
        for entries in self._roll.living(BATCH):
            found = self._read(entries)
            there = {trace.place for trace in found}
            for entry in entries:
                if entry.place not in there:
                    self._take(places[0], entry.place, Drop("deleted meanwhile"))
            yield found

    def _read(self, entries: Sequence[Entry]) -> list[Seen]:
        places = {entry.id: entry.place for entry in entries}
        with self._run.store.read() as connection:
            rows = list(traces.by_ids(connection, list(places)))
            return seen(connection, [(places[row.id], row) for row in rows], self._needs)

    def _total(self, number: int) -> int:
        if number > 1:
            return sum(self._roll.alive)
        return walking.length(self._run.store, self._pipeline.filter)

    def _again(self, places: Sequence[int]) -> Iterator[Seen]:
        for start in range(0, len(places), BATCH):
            self._run.check_cancelled()
            yield from self._read(self._roll.entries(places[start : start + BATCH]))

    def _items(self, names: Sequence[str]) -> list[ItemText]:
        with self._run.store.read() as connection:
            return [
                ItemText(name, row.key, row.prompt)
                for name in names
                for row in suites.items(connection, name)
            ]

    def _outcomes(self, evaluations: Sequence[str]) -> dict[int, list[Outcomes]]:
        found: dict[int, list[Outcomes]] = {}
        with self._run.store.read() as connection:
            for prompt, outcome in query.outcomes(connection, evaluations):
                found.setdefault(int(group_of(prompt), 16), []).append(outcome)
        return found

    def _write(self, at_least: int) -> None:
        if self._waiting and len(self._waiting) >= at_least:
            with self._run.write() as connection:
                query.add(connection, self._run.id, self._waiting)
            self._waiting = []

    def _order(self) -> tuple[int, str]:
        """Cut to the limit, write what is kept in its order, and hash it."""
        seed, limit, digest, kept = self._pipeline.seed, self._pipeline.limit, hashlib.sha256(), 0
        if limit is not None and sum(self._roll.alive) > limit:
            for place in islice(self._roll.drawn(seed, self._scratch), limit, None):
                self._take(len(self._stages), place, Drop("limit", {"limit": limit}))
                self._write(WRITTEN)
            self._write(0)
        total = sum(self._roll.alive)
        places = self._roll.order(seed, self._scratch)
        while some := list(islice(places, WRITTEN)):
            for entry in self._roll.entries(some):
                weight = round(self._roll.weights[entry.place], 6)
                part = self._roll.parts[entry.place]
                digest.update(entry.content_hash + struct.pack("<dB", weight, part))
                said = {"place": kept, "weight": weight, "part": part or None}
                self._waiting.append({"trace_id": entry.id, **said})
                kept += 1
            self._write(0)
            self._run.progress(kept, total, f"{kept:,} kept written")
        return kept, digest.hexdigest()

    def _funnel(self) -> list[dict[str, Any]]:
        lines, came = [], len(self._roll)
        for place, reasons in enumerate(self._dropped):
            left = came - reasons.total()
            if place < len(self._stages) or reasons:
                counts = [list(one) for one in reasons.most_common()]
                name = name_of(self._pipeline, place)
                line = {"place": place, "stage": name, "came": came, "kept": left}
                lines.append({**line, "reasons": counts})
            came = left
        return lines

    def _found(self) -> dict[str, Any]:
        """What is known so far."""
        kept = sum(self._roll.alive)
        return {"looked_at": len(self._roll), "kept": kept, "funnel": self._funnel()}


def _forget(run: Run) -> None:
    """Take away what an attempt that died left behind."""
    while True:
        run.check_cancelled()
        with run.write() as connection:
            if not query.forget_some(connection, run.id):
                return
