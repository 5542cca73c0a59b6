"""`layout = "auto"`: the layout that takes the least time on the first batches of a training.

A choice is measured, and a second measurement may fall out otherwise. So it is kept beside the
checkpoints, and is part of what they belong to.
"""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tunix_rt.rendering.batching import Batches, Rows
from tunix_rt.rendering.schema_batching import Batching, Layout
from tunix_rt.train.course.identity import changes
from tunix_rt.train.schema import Recipe

NAME = "layout.json"
TRIED: tuple[Layout, ...] = ("padded", "buckets", "packed")
ENOUGH = 0.95
"""Rows that fill their batch so well are padded without a measurement."""

Measure = Callable[[Any], tuple[float, float]]
"""Seconds to compile a batch's shape, and to compute it."""


def settled(
    folder: Path, identity: dict[str, Any], rows: Rows, recipe: Recipe, measure: Measure
) -> Batching:
    """The recipe's batching with its layout settled; the one chosen before, if there was one."""
    own = recipe.batching
    if own.layout != "auto":
        return own
    path = folder / NAME
    if path.is_file():
        before = json.loads(path.read_text("utf-8"))
        if not changes(before["identity"], identity):
            return own.model_copy(update={"layout": before["layout"]})
    costs = _costs(rows, recipe, measure)
    layout = min(costs, key=lambda one: costs[one])
    folder.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{NAME}.part")
    said = {"layout": layout, "seconds": costs, "identity": identity}
    part.write_text(json.dumps(said, indent=2, sort_keys=True) + "\n", "utf-8")
    part.replace(path)
    return own.model_copy(update={"layout": layout})


def _costs(rows: Rows, recipe: Recipe, measure: Measure) -> dict[str, float]:
    """Seconds that a whole training would take in each layout, compiling counted."""
    found: dict[Layout, Batches] = {
        layout: Batches(
            rows,
            recipe.batching.model_copy(update={"layout": layout}),
            size=recipe.batch_size,
            seed=recipe.seed,
        )
        for layout in TRIED
    }
    tokens = rows.starts[-1]
    [(lines, width)], [share] = found["padded"].shapes, found["padded"].share
    if tokens / (lines * width * share) >= ENOUGH:
        return {"padded": 0.0}
    taught = found["padded"].tokens(recipe.steps_of(found["padded"].steps))
    costs: dict[str, float] = {}
    for layout, batches in found.items():
        ends = sorted(zip(batches.shapes, batches.share, strict=True), key=lambda one: one[0][1])
        timed = {shape: measure(batches.first_of(shape)) for shape in _outer(ends)}
        compiling = sum(one for one, _ in timed.values()) / len(timed) * len(ends)
        epoch = sum(share * _between(shape, timed) for shape, share in ends)
        costs[layout] = compiling + epoch * taught / tokens
    return costs


def _outer(ends: list[tuple[tuple[int, int], float]]) -> list[tuple[int, int]]:
    """The narrowest shape and the widest; what lies between costs in between."""
    return list(dict.fromkeys([ends[0][0], ends[-1][0]]))


def _between(shape: tuple[int, int], timed: dict[tuple[int, int], tuple[float, float]]) -> float:
    """Seconds of a batch, on the line through the measured widths."""
    ends = list(timed.items())
    (low, (_, fast)), (high, (_, slow)) = ends[0], ends[-1]
    if low == high:
        return fast
    return fast + (slow - fast) * (shape[1] - low[1]) / (high[1] - low[1])


def measured(compute: Callable[[Any], Any]) -> Measure:
    """Times `compute` on a batch: the first call with its compilation, then the faster of two."""

    def measure(batch: Any) -> tuple[float, float]:
        times = []
        for _ in range(3):
            began = time.perf_counter()
            compute(batch)
            times.append(time.perf_counter() - began)
        fastest = min(times[1:])
        return max(times[0] - fastest, 0.0), fastest

    return measure
