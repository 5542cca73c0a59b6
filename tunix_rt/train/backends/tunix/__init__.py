"""Google Tunix on JAX: supervised training of Gemma 3 and Qwen 3 on CPU, GPU or TPU.

Rooms: `optimising` (schedule and
optimizer), `identity` (what a checkpoint belongs to), `sft` (the training).
The same recipe, examples, libraries and threads give the same bits, also when
a run was killed in between.
"""

from pathlib import Path

from tunix_rt.kit.errors import MissingExtra
from tunix_rt.train.schema import TrainJob, TrainResult


def train(job: TrainJob) -> TrainResult:
    """Train to the end, from the newest checkpoint in the job's folder if there is one."""
    _require_tunix()
    from tunix_rt.train.backends.tunix import sft

    return sft.train(job)


def initialise(job: TrainJob) -> Path:
    """Write the model that `train` starts from to `initial` in the job's folder."""
    _require_tunix()
    from tunix_rt.train.backends.tunix import sft

    return sft.initialise(job)


def _require_tunix() -> None:
    try:
        import tunix  # noqa: F401
    except ImportError as error:
        raise MissingExtra(
            "The tunix backend is not installed.", hint="pip install 'tunix-rt[tunix]'"
        ) from error
