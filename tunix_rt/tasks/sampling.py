"""A few tasks to look at, made in a process of their own so that no config can stop the server."""

import atexit

from tunix_rt.tasks.making import Elsewhere, require_installed
from tunix_rt.tasks.schema import Draw, Sample, ShownStep, Task

SAMPLES = 3
SECONDS = 20.0

_elsewhere = Elsewhere(SECONDS)
atexit.register(_elsewhere.close)


def samples(draw: Draw, count: int = SAMPLES) -> list[Sample]:
    """The first tasks of a draw; fewer where making them takes long."""
    require_installed(draw.generator)
    make, made = _elsewhere.of(draw), list[Task]()
    while len(made) < count and (more := make(len(made), count - len(made))):
        made += more
    return [_shown(task) for task in made]


def _shown(task: Task) -> Sample:
    return Sample(
        key=task.key,
        prompt=task.prompt,
        expected=task.expected,
        verifier=task.verifier,
        family=task.family,
        steps=[ShownStep(type=step.type, content=step.content) for step in task.steps],
        meta=dict(task.meta),
    )
