"""Train: hand a job to the backend its recipe names."""

from pathlib import Path
from typing import Protocol

from tunix_rt.kit.catalog import Catalog
from tunix_rt.kit.errors import BadInput
from tunix_rt.train.schema import TrainJob, TrainResult


class Backend(Protocol):
    """What a module in `train/backends` provides."""

    def train(self, job: TrainJob) -> TrainResult:
        """Train to the end, from the newest checkpoint in the job's folder if there is one."""
        ...

    def initialise(self, job: TrainJob) -> Path:
        """Write the model that `train` starts from to `initial` in the job's folder."""
        ...


backends = Catalog[Backend]("tunix_rt.train.backends", kind="training backend")


def train(job: TrainJob) -> TrainResult:
    """Train `job`; called again on a folder where it was killed, it goes on bit for bit."""
    return _backend(job).train(job)


def initialise(job: TrainJob) -> Path:
    """Write the untrained model of `job`, so that it can be measured before; its folder."""
    return _backend(job).initialise(job)


def _backend(job: TrainJob) -> Backend:
    if next(iter(job.examples), None) is None:
        raise BadInput("There are no examples to train on.")
    return backends.load(job.recipe.backend)
