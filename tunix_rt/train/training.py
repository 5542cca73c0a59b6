"""Train: hand a job to the backend its recipe names."""

from collections.abc import Collection
from pathlib import Path
from typing import Any, Protocol

from tunix_rt.kit.catalog import Catalog
from tunix_rt.kit.errors import BadInput, MissingExtra
from tunix_rt.train.schema import Recipe, TrainJob, TrainResult
from tunix_rt.train.schema_bench import StepBench, StepTimes
from tunix_rt.train.schema_dry import Tried


class Backend(Protocol):
    """What a module in `train/backends` provides."""

    def train(self, job: TrainJob) -> TrainResult:
        """Train to the end, from the newest checkpoint in the job's folder if there is one."""
        ...

    def initialise(self, job: TrainJob) -> Path:
        """Write the model that `train` starts from to `initial` in the job's folder."""
        ...

    def rewind(self, folder: Path, step: int) -> None:
        """Forget what was checkpointed behind `step`; `BadInput` where there is no such one."""
        ...


CANNOT = {"start": "cannot begin with a checkpoint of another run", "profile": "traces no steps"}
"""What is said of a backend that has not named it in its `CAN`."""

backends = Catalog[Backend]("tunix_rt.train.backends", kind="training backend")


def train(job: TrainJob) -> TrainResult:
    """Train `job`; called again on a folder where it was killed, it goes on bit for bit."""
    return _backend(job).train(job)


def initialise(job: TrainJob) -> Path:
    """Write the untrained model of `job`, so that it can be measured before; its folder."""
    return _backend(job).initialise(job)


def rewind(recipe: Recipe, folder: Path, step: int) -> None:
    """Forget what a training checkpointed behind `step`, so that it goes on from there."""
    backends.load(recipe.backend).rewind(folder, step)


def bench(backend: str, asked: StepBench) -> StepTimes:
    """How fast a backend's training steps are here."""
    module = backends.load(backend)
    if not hasattr(module, "bench"):
        raise BadInput(f"The training backend {backend!r} has no benchmark.")
    found: StepTimes = module.bench(asked)
    return found


def weights_at(job: TrainJob, step: int, folder: Path) -> None:
    """Write the model that a training had after a step that it has kept to `folder`."""
    module = backends.load(job.recipe.backend)
    if not hasattr(module, "weights_at"):
        raise BadInput(f"A run of the training backend {job.recipe.backend!r} cannot be forked.")
    module.weights_at(job, step, folder)


def room(recipe: Recipe) -> int | None:
    """Bytes that are free on the device of a recipe; null where it has the machine's own."""
    return _asked(recipe, "room")(recipe)  # type: ignore[no-any-return]


def try_out(job: TrainJob) -> Tried:
    """One step of `job` on its longest batch, kept, restored and done again."""
    return _asked(job.recipe, "try_out")(job)  # type: ignore[no-any-return]


def _asked(recipe: Recipe, name: str) -> Any:
    """What only some backends have."""
    module = backends.load(recipe.backend)
    if not hasattr(module, name):
        raise MissingExtra(f"The training backend {recipe.backend!r} tries no steps.")
    return getattr(module, name)


def _backend(job: TrainJob) -> Backend:
    given = job.examples if job.pairs is None else job.pairs
    if job.practice is None and next(iter(given), None) is None:
        if job.pairs is not None:
            raise BadInput(
                "There are no pairs to learn from.",
                hint="A pair is a right and a wrong trace of one prompt, both verified.",
            )
        raise BadInput("There are no examples to train on.")
    backend = backends.load(job.recipe.backend)
    check(job, getattr(backend, "CAN", frozenset()))
    return backend


def check(job: TrainJob, can: Collection[str]) -> None:
    """Refuse what a job asks for and its backend, which can do that, would leave undone."""
    asked = {"start": job.start, "profile": job.recipe.profile}
    for name, given in asked.items():
        if given is not None and name not in can:
            raise BadInput(f"The training backend {job.recipe.backend!r} {CANNOT[name]}.")
