"""The floor plan: which slice stands on which floor.

A slice may import slices from floors *below* it, never from its own floor and
never from above. `tests/laws/test_floorplan.py` enforces exactly this tuple,
and `doors()` assembles the API, the jobs and the command line from it, so
adding a slice means adding one name here and nothing anywhere else.
"""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

HOUSE = Path(__file__).parent

FLOORS: tuple[frozenset[str], ...] = (
    frozenset({"kit"}),
    frozenset({"store"}),
    frozenset({"runs"}),
    frozenset({"traces", "registry"}),
    frozenset({"generate", "tasks", "rendering"}),
    frozenset({"verify", "games"}),
    frozenset({"evaluate", "judges", "exams", "observers"}),
    frozenset({"curate"}),
    frozenset({"datasets"}),
    frozenset({"train"}),
    frozenset({"compare", "tune", "court", "bench"}),
    frozenset({"api", "client"}),
    frozenset({"cli"}),
)

ROOMS: tuple[frozenset[str], ...] = (
    frozenset({"schema"}),
    frozenset({"table"}),
    frozenset({"query"}),
    frozenset({"*"}),  # every other module: the work itself
    frozenset({"jobs"}),
    frozenset({"routes", "commands"}),
)
"""Inside one slice, a module may import only modules from rooms before its own."""

PLUGINS: dict[str, str] = {
    "traces.formats": "read",
    "tasks.generators": "generate",
    "rendering.templates": "pieces",
    "rendering.exports": "export",
    "generate.providers": "complete",
    "verify.answers": "check",
    "verify.steps": "check",
    "verify.detectors": "detect",
    "curate.stages": "begin",
    "train.backends": "train",
}
"""Folders in which one module is one plugin, and the function each must provide.

A plugin knows `kit`, its slice's `schema`, the `TOOLS`, its own library, and
nothing else: whatever more it needs (progress, rewards) is handed to it.
"""

TOOLS: tuple[str, ...] = (
    "curate.grouping",
    "curate.wording",
    "registry.loading",
    "rendering.batching",
    "rendering.planning",
    "rendering.schema_batching",
    "rendering.widths",
    "rendering.templates",
    "rendering.tokenizing",
    "rendering.writing",
    "traces.reading",
    "train.course",
    "verify.numbers",
    "verify.reading",
)
"""How any stage counts words and groups traces, how any plugin may load a model, how any backend
makes batches and keeps the course of a training, how any export words, groups and trusts its rows,
how any format cuts a text into steps, how any verifier or detector reads numbers, units and
answers."""


def rooms(room: str) -> Iterator[str]:
    """Yield every slice that has a module called `room`, without importing it."""
    for floor in FLOORS:
        for slice_ in sorted(floor):
            if (HOUSE / slice_ / f"{room}.py").is_file():
                yield slice_


def door(slice_: str, room: str, name: str) -> Any:
    """Object `name` of module `room` of one slice."""
    return getattr(import_module(f"tunix_rt.{slice_}.{room}"), name)


def doors(room: str, name: str) -> Iterator[Any]:
    """Yield object `name` from every slice that has a module called `room`."""
    for slice_ in rooms(room):
        yield door(slice_, room, name)
