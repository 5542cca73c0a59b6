"""Make tasks: here or in a process of their own, and keep those that are slow to make.

A generator meets what a stranger chose as its config, and a library that promises no bound on time
or memory. In a process of its own it can be killed; a task that was kept is never made again.
"""

import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from itertools import islice
from typing import Any

import msgspec

from tunix_rt.kit.apart import Apart, Broke
from tunix_rt.kit.errors import BadInput, MissingExtra, NotFound, TunixError
from tunix_rt.store import Connection, Store
from tunix_rt.tasks import query_made
from tunix_rt.tasks.generating import generators, is_installed, read_config
from tunix_rt.tasks.schema import Draw, Task

BATCH = 200
MOST = 10_000
BATCH_SECONDS = 2.0
"""After this many seconds fewer tasks are a batch too, so that a slow family can be watched."""

TASK_SECONDS = 60.0
"""How long one task may take before its process is ended."""

MEMORY = 3 * 2**30
"""Bytes of address space; libraries for numbers reserve much more than they use."""

REFUSALS: dict[str, type[TunixError]] = {
    error.__name__: error for error in (BadInput, MissingExtra, NotFound)
}

Make = Callable[[int, int], list[Task]]
"""At least one task from a place on, and at most so many; none where the stream ends."""

Writing = Callable[[], AbstractContextManager[Connection]]


def here(draw: Draw) -> Make:
    """Make tasks in this process: for configs that its own user wrote."""
    config = read_config(draw.generator, draw.config)
    plugin = generators.load(draw.generator)

    def make(start: int, most: int) -> list[Task]:
        stream = plugin.generate(config, draw.seed, draw.split, start)
        made = list(islice(stream, 1))  # the first one may load a library, or solve a game
        end = time.monotonic() + BATCH_SECONDS
        for task in islice(stream, most - 1):
            made.append(task)
            if time.monotonic() > end:
                break
        return made

    return make


def batch(draw: dict[str, Any], start: int, most: int) -> dict[str, Any]:
    """What a process of its own is asked: tasks as JSON, or why there are none."""
    try:
        made = here(Draw.model_validate(draw))(start, most)
    except tuple(REFUSALS.values()) as error:
        return {"refused": [type(error).__name__, error.message, error.hint]}
    return {"tasks": msgspec.to_builtins(made)}


def require_installed(generator: str) -> None:
    """`MissingExtra` when the library that a generator needs is not there."""
    needs = generators.load(generator).NEEDS
    if needs is not None and not is_installed(generator):
        raise MissingExtra(f"The generator {generator!r} needs {needs[0]}.", hint=needs[1])


class Elsewhere:
    """Makes tasks in a process of its own, which is killed when one takes too long."""

    def __init__(self, seconds: float = TASK_SECONDS) -> None:
        self._apart = Apart("tunix_rt.tasks.making:batch", seconds=seconds, memory=MEMORY)

    def of(self, draw: Draw) -> Make:
        """Make the tasks of one draw."""
        read_config(draw.generator, draw.config)
        return lambda start, most: self._make(draw, start, most)

    def close(self) -> None:
        """End the process."""
        self._apart.close()

    def _make(self, draw: Draw, start: int, most: int) -> list[Task]:
        try:
            answer = self._apart(draw.model_dump(include=set(Draw.model_fields)), start, most)
        except Broke as error:
            raise BadInput(
                f"The generator {draw.generator!r} could not make task {start}: {error}.",
                hint="Choose a smaller problem in its config.",
            ) from None
        if "refused" in answer:
            name, message, hint = answer["refused"]
            raise REFUSALS[name](message, hint=hint)
        return msgspec.convert(answer["tasks"], list[Task])


def stream(make: Make) -> Iterator[Task]:
    """Tasks one after the other, made in batches that grow: to begin a batch may cost something."""
    start, most = 0, BATCH
    while made := make(start, most):
        yield from made
        start += len(made)
        most = min(2 * most, MOST)


def kept(store: Store, draw: Draw, make: Make, write: Writing | None = None) -> Iterator[Task]:
    """Tasks one after the other; what was kept is read, and what was slow to make is kept."""
    plugin = generators.load(draw.generator)
    if not plugin.CACHED:
        yield from stream(make)
        return
    config = plugin.Config.model_validate(draw.config)
    named = [draw.generator, plugin.VERSION, config.model_dump_json(), draw.seed, draw.split]
    key = hashlib.sha256(msgspec.json.encode(named)).hexdigest()
    start = 0
    while True:
        with store.read() as connection:
            found = query_made.page(connection, key, start, BATCH)
        if found:
            yield from msgspec.convert(found, list[Task])
            start += len(found)
            continue
        made = make(start, BATCH)
        if not made:
            return
        with (write or store.write)() as connection:
            made_by = (draw.generator, plugin.VERSION)
            query_made.add(connection, key, start, msgspec.to_builtins(made), made_by)
        yield from made
        start += len(made)
