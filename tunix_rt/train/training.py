"""Train: hand a job to the backend its recipe names."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol, cast

from tunix_rt.kit.alone import alone
from tunix_rt.kit.catalog import Catalog
from tunix_rt.kit.errors import BadInput
from tunix_rt.kit.memory import keep_freed
from tunix_rt.train import estimating
from tunix_rt.train.schema import Recipe, TrainJob, TrainResult
from tunix_rt.train.schema_bench import StepBench, StepTimes
from tunix_rt.train.schema_dry import DoesNotFit, Tried


class Backend(Protocol):
    """What a module in `train/backends` provides; its `CAN` names which of `Able` beside."""

    def train(self, job: TrainJob) -> TrainResult:
        """Train to the end, from the newest checkpoint in the job's folder if there is one."""
        ...

    def initialise(self, job: TrainJob) -> Path:
        """Write the model that `train` starts from to `initial` in the job's folder."""
        ...


class Able(Backend, Protocol):
    """What a backend provides that can everything."""

    def rewind(self, folder: Path, step: int) -> None:
        """Forget what was checkpointed behind `step`; `BadInput` where there is no such one."""
        ...

    def bench(self, asked: StepBench) -> StepTimes:
        """How fast training steps of one size are here."""
        ...

    def weights_at(self, job: TrainJob, step: int, folder: Path) -> None:
        """Write the model that `train` had after a step that it has kept to `folder`."""
        ...

    def room(self, recipe: Recipe) -> int | None:
        """Bytes that are free on the device of a recipe; null where it has the machine's own."""
        ...

    def try_out(self, job: TrainJob) -> Tried:
        """One step of `job` on its longest batch, kept, restored and done again."""
        ...


CANNOT = {
    "start": "cannot begin with a checkpoint of another run",
    "profile": "traces no steps",
    "rewind": "goes back to no checkpoint",
    "bench": "has no benchmark",
    "weights_at": "leaves no model of a checkpoint, so its runs cannot be forked",
    "try_out": "tries no steps",
}
"""What not every backend can, and what is said of one that does not name it in its `CAN`.

`start` and `profile` are of a job or its recipe; the others are functions of the backend, `try_out`
with `room`.
"""

FULL = ("out of memory", "resource_exhausted", "defaultcpuallocator")
"""What a RuntimeError says, in small letters, where memory ends: of JAX or torch on a GPU, of JAX
where it plans, of torch on a CPU.
"""

backends = Catalog[Backend]("tunix_rt.train.backends", kind="training backend")


class Unable(BadInput):
    """A backend has no function for what is asked."""


def train(job: TrainJob) -> TrainResult:
    """Train `job`; called again on a folder where it was killed, it goes on bit for bit.

    `DoesNotFit` where memory ends; what was checkpointed stays.
    """
    keep_freed()
    backend = _backend(job)
    with _saying_what_fits(job.recipe, "The training"):
        return backend.train(job)


def initialise(job: TrainJob) -> Path:
    """Write the untrained model of `job`, so that it can be measured before; its folder."""
    return _backend(job).initialise(job)


def rewind(recipe: Recipe, folder: Path, step: int) -> None:
    """Forget what a training checkpointed behind `step`, so that it goes on from there."""
    _able(recipe.backend, "rewind").rewind(folder, step)


def bench(backend: str, asked: StepBench) -> StepTimes:
    """How fast a backend's training steps are here, in a process of their own: no measurement has
    the memory of the one before it.
    """
    _able(backend, "bench")
    return alone(_bench, backend, asked)


def _bench(backend: str, asked: StepBench) -> StepTimes:
    keep_freed()
    return _able(backend, "bench").bench(asked)


def weights_at(job: TrainJob, step: int, folder: Path) -> None:
    """Write the model that a training had after a step that it has kept to `folder`."""
    _able(job.recipe.backend, "weights_at").weights_at(job, step, folder)


def room(job: TrainJob) -> int | None:
    """Bytes that are free where `job` would compute; null where that is the machine's own memory.

    A job that `train` would refuse is refused here.
    """
    _backend(job)
    return _able(job.recipe.backend, "try_out").room(job.recipe)


def try_out(job: TrainJob) -> Tried:
    """One step of `job` on its longest batch, kept, restored and done again.

    `DoesNotFit` where memory ends.
    """
    keep_freed()
    backend = _able(job.recipe.backend, "try_out")
    with _saying_what_fits(job.recipe, "A step on the longest batch"):
        return backend.try_out(job)


@contextmanager
def _saying_what_fits(recipe: Recipe, what: str) -> Iterator[None]:
    """Where memory ends in `what`, say what may fit."""
    try:
        yield
    except (MemoryError, RuntimeError) as error:
        if isinstance(error, RuntimeError) and not any(said in str(error).lower() for said in FULL):
            raise
        raise DoesNotFit(what, estimating.halved(recipe)) from None


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
    check(job, _can(backend))
    return backend


def _able(name: str, ability: str) -> Able:
    """A backend that has a function; refused is one that does not name it."""
    backend = backends.load(name)
    if ability not in _can(backend):
        raise Unable(f"The training backend {name!r} {CANNOT[ability]}.")
    return cast(Able, backend)


def _can(backend: Backend) -> Collection[str]:
    found: Collection[str] = getattr(backend, "CAN", ())
    return found


def check(job: TrainJob, can: Collection[str]) -> None:
    """Refuse what a job asks for and its backend, which can do that, would leave undone."""
    asked = {"start": job.start, "profile": job.recipe.profile}
    for name, given in asked.items():
        if given is not None and name not in can:
            raise BadInput(f"The training backend {job.recipe.backend!r} {CANNOT[name]}.")
