"""The long work of making many tasks: stored as traces, or frozen as a suite."""

import time
from collections.abc import Iterator
from itertools import islice

import msgspec

from tunix_rt.runs import query as runs
from tunix_rt.runs.schema import Job, Run
from tunix_rt.tasks import making, suites
from tunix_rt.tasks.generating import different
from tunix_rt.tasks.schema import Item, MakeTasks, Task
from tunix_rt.traces import query_write
from tunix_rt.traces.schema import parse

BATCH = 500
"""Traces of one transaction."""


def run_name(config: MakeTasks) -> str:
    """What a run of this config is called in the list of runs."""
    return f"{config.count:,} {config.generator} tasks as {config.name}"


def make(run: Run, config: MakeTasks) -> None:
    """Make the tasks; started again, it reads what was kept and stores only what is missing."""
    elsewhere = making.Elsewhere()
    try:
        source = making.kept(run.store, config, elsewhere.of(config), run.write)
        watched = _watched(run, source, config)
        tasks = different(config.generator, watched, config.split, config.count)
        if config.into == "traces":
            _as_traces(run, config, tasks)
        else:
            _as_suite(run, config, tasks)
    finally:
        elsewhere.close()


def _watched(run: Run, tasks: Iterator[Task], config: MakeTasks) -> Iterator[Task]:
    began = time.monotonic()
    for number, task in enumerate(tasks):
        rate = number / max(time.monotonic() - began, 1e-9)
        run.progress(min(number, config.count), config.count, f"{number:,} made, {rate:,.0f}/s")
        yield task


def _as_traces(run: Run, config: MakeTasks, tasks: Iterator[Task]) -> None:
    done = added = 0
    while batch := list(islice(tasks, BATCH)):
        lines = (msgspec.json.encode(trace) for trace in suites.traces(iter(batch)))
        ready = [query_write.prepare(parse(line), config.name) for line in lines]
        with run.write() as connection:
            found = query_write.add_once(connection, ready)
            query_write.settle_tally(connection)
        done += len(batch)
        added += sum(is_new for _, is_new in found.values())
        run.result({"tasks": done, "added": added, "source": config.name})
    run.log(f"{done:,} tasks made, {added:,} of them new, stored as traces from {config.name}")


def _as_suite(run: Run, config: MakeTasks, tasks: Iterator[Task]) -> None:
    items = [Item(t.key, t.family, t.verifier, t.prompt, t.expected, t.data) for t in tasks]
    origin = suites.origin(config)
    name = config.name
    with run.write() as connection:
        suites.freeze(connection, name, origin, items)
        edge = ("run", run.id, run_name(config), "suite", name, name, "made")
        runs.link(connection, [edge])
    run.result({"tasks": len(items), "suite": name})
    run.log(f"{len(items):,} tasks frozen as the suite {name}")


jobs = [Job("tasks", MakeTasks, make)]
