"""An exam from stored traces: verified ones, in a seeded order, one error in each.

A trace is verified when the step verifier finds claims and none false, and its answer is not
wrong. Kinds take turns, those with the fewest items first, so they come out as even as the
traces allow: a trace without a unit cannot lose one.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from random import Random
from typing import Any

from tunix_rt.exams import query
from tunix_rt.exams.planting import Clean, plant
from tunix_rt.exams.schema import ErrorKind, ExamConfig, Planted
from tunix_rt.kit.errors import BadInput
from tunix_rt.runs.schema import Run
from tunix_rt.store import Row
from tunix_rt.traces import indexing
from tunix_rt.traces import query as traces
from tunix_rt.traces.schema import ReasoningTrace
from tunix_rt.verify.judging import judge_answer

READ = 200
"""Traces read at a time."""

Turn = tuple[ErrorKind, bool]
"""A kind, and whether what follows is computed from it."""


def make(run: Run, config: ExamConfig) -> int:
    """Make and freeze the exam of a config; how many items it has."""
    indexing.ready(run.store, config.filter)
    with run.write() as connection:
        query.begin(connection, config, run.id)
    with run.store.read() as connection:
        ids = traces.select_ids(connection, config.filter)
    ids.sort()
    Random(config.seed).shuffle(ids)
    digest, count = hashlib.sha256(), 0
    found = _items(run, config, ids)
    while items := list(islice(found, READ)):
        rows = [{"position": count + place, **item} for place, item in enumerate(items)]
        for item in items:
            digest.update(repr(sorted(item["planted"].items())).encode(errors="replace"))
        with run.write() as connection:
            query.add(connection, config.name, rows)
        count += len(items)
        run.progress(count, config.count, f"{count:,} errors planted")
    with run.write() as connection:
        if not count:
            query.discard(connection, config.name)
        else:
            query.finish(connection, config.name, count, digest.hexdigest())
    if not count:
        raise BadInput(
            "No trace that matches is verified and has a place for such an error.",
            hint="tunix-rt verify run shows which steps hold.",
        )
    run.log(f"{config.name}: {count:,} errors planted in {count:,} of {len(ids):,} traces")
    return count


def _items(run: Run, config: ExamConfig, ids: list[str]) -> Iterator[dict[str, Any]]:
    done: Counter[Turn] = Counter({turn: 0 for turn in _turns(config)})
    for row in _rows(run, ids):
        trace = traces.payload(row)
        clean = Clean(trace)
        if clean.verdict.outcome != "right" or judge_answer(trace).outcome == "wrong":
            continue
        random = Random(f"{config.seed}/{row.id}")
        for turn, _ in sorted(done.items(), key=lambda item: item[1]):
            planted = plant(clean, turn[0], random, propagate=turn[1])
            if planted is not None:
                done[turn] += 1
                yield _item(row, trace, planted)
                break
        if done.total() >= config.count:
            return


def _turns(config: ExamConfig) -> list[Turn]:
    """Every kind, with and without what follows from it where that makes a difference."""
    ways = {"both": (False, True), "always": (True,), "never": (False,)}[config.propagate]
    worded = {"unit", "illegal_move", "dropped_step"}
    return [(k, way) for k in config.kinds for way in ((False,) if k in worded else ways)]


def _rows(run: Run, ids: list[str]) -> Iterator[Row[Any]]:
    for start in range(0, len(ids), READ):
        run.check_cancelled()
        with run.store.read() as connection:
            rows = list(traces.by_ids(connection, ids[start : start + READ]))
        yield from rows


def _item(row: Row[Any], trace: ReasoningTrace, planted: Planted) -> dict[str, Any]:
    return {
        "trace_id": row.id,
        "prompt": trace.prompt,
        "clean": {
            "steps": [{"type": step.type, "content": step.content} for step in trace.steps],
            "final_answer": trace.final_answer,
        },
        "kind": planted.kind,
        "propagated": planted.propagated,
        "planted": planted.model_dump(mode="json"),
    }
