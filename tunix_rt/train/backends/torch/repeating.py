"""The same batch again and again through the trainer itself, to be timed or tried."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from tunix_rt.registry.loading.jax import Loaded
from tunix_rt.train.backends.torch import keeping, sft, stepping
from tunix_rt.train.course.holding import HeldOut
from tunix_rt.train.course.journal import Journal
from tunix_rt.train.schema import Progress, TrainJob


class Mark(NamedTuple):
    """When something was."""

    wall: float
    cpu: float


@dataclass(slots=True)
class Repeated:
    """What came of it."""

    handed: list[Mark] = field(default_factory=list)
    """When the trainer drew each batch."""
    told: list[Mark] = field(default_factory=list)
    """When it told each step."""
    seen: list[tuple[float, float]] = field(default_factory=list)
    """Loss of each step, and norm of its gradient."""
    resumed_from: int = 0


def repeated(
    job: TrainJob,
    loaded: Loaded,
    method: sft.Method,
    batch: Callable[[], tuple[list[dict[str, Any]], int]],
    *,
    steps: int,
    kind: str,
) -> Repeated:
    """Train to step `steps` in the job's folder; `batch` gives its parts and its tokens."""
    found = Repeated()

    def report(progress: Progress) -> None:
        found.told.append(_now())
        found.seen.append((progress.loss, progress.gradient_norm))

    def again(_: int) -> tuple[list[dict[str, Any]], int]:
        found.handed.append(_now())
        return batch()

    course = stepping.Course(
        batch=again,
        taken_on=lambda _: "",
        steps=steps,
        loss=method.loss,
        held_out=HeldOut(job.recipe, steps, None, keeping.Best(job.folder)),
        kind=kind,
    )
    job.folder.mkdir(parents=True, exist_ok=True)
    journal = Journal(job.folder / "steps.jsonl")
    try:
        own = replace(job, report=report)
        found.resumed_from = stepping.run(own, loaded, course, journal, method.build)
    finally:
        journal.close()
    return found


def _now() -> Mark:
    return Mark(time.perf_counter(), time.process_time())
