"""PyTorch with transformers, TRL and PEFT: Gemma 3, Qwen and Llama, taught or practising.

Rooms: `placing` (the device and its threads), `starting` (the model to begin with, LoRA, and the
folder that is left), `optimising` (schedule and optimizer), `feeding` (batches as tensors),
`stepping` (TRL's trainers, fed and kept as ours), `keeping` (checkpoints, and the best weights),
`holding` (held-out loss), `sft` (being taught), `preferring` (pairs), `rollouts`, `rounds` and
`grpo` (practising), `repeating` (one batch again and again), `benching` (how fast steps are),
`trying` (a step of a dry run), `leaving` (the model of a checkpoint). The same recipe, examples,
libraries and threads give the same bits on a CPU, also when a run was killed in between.
"""

from functools import cache
from pathlib import Path

from tunix_rt.kit.collecting import lasting
from tunix_rt.kit.errors import BadInput, MissingExtra
from tunix_rt.registry.loading.jax import quiet
from tunix_rt.train.backends.torch.optimising import KNOWN
from tunix_rt.train.course import rewinding
from tunix_rt.train.schema import Recipe, TrainJob, TrainResult
from tunix_rt.train.schema_bench import StepBench, StepTimes
from tunix_rt.train.schema_dry import Tried
from tunix_rt.train.schema_machine import Mesh

CAN = frozenset({"start", "rewind", "bench", "weights_at", "try_out"})
"""What not every backend can."""


def train(job: TrainJob) -> TrainResult:
    """Train to the end, from the newest checkpoint in the job's folder if there is one."""
    check(job.recipe)
    _require_trl()
    from tunix_rt.train.backends.torch import grpo, placing, preferring, sft

    with placing.placed(job.recipe.device) as kind:
        if job.practice is not None:
            return grpo.train(job, kind)
        if job.pairs is not None:
            return preferring.train(job, kind)
        return sft.train(job, kind)


def initialise(job: TrainJob) -> Path:
    """Write the model that `train` starts from to `initial` in the job's folder."""
    from tunix_rt.train.backends.torch import starting

    return starting.initialise(job)


def bench(asked: StepBench) -> StepTimes:
    """How fast training steps of one size are here, through TRL's trainer."""
    check(Recipe(batching=asked.batching, device=asked.device))
    _require_trl()
    from tunix_rt.train.backends.torch import benching

    return benching.bench(asked)


def weights_at(job: TrainJob, step: int, folder: Path) -> None:
    """Write the model that `train` had after a step that it has kept to `folder`."""
    _require_trl()
    from tunix_rt.train.backends.torch import leaving

    leaving.weights_at(job, step, folder)


def room(recipe: Recipe) -> int | None:
    """Bytes that are free on the device of a recipe; null where it has the machine's own."""
    check(recipe)
    _require_trl()
    from tunix_rt.train.backends.torch import placing

    with placing.placed(recipe.device) as kind:
        return placing.room(kind)


def try_out(job: TrainJob) -> Tried:
    """One step of `job` on its longest batch, kept, restored and done again."""
    check(job.recipe)
    _require_trl()
    from tunix_rt.train.backends.torch import placing, trying

    with placing.placed(job.recipe.device) as kind:
        return trying.try_out(job, kind)


def rewind(folder: Path, step: int) -> None:
    """Forget what was checkpointed behind `step`; `BadInput` where there is no such one."""
    rewinding.rewind(folder, step)


def check(recipe: Recipe) -> None:
    """Refuse what a recipe may ask of other backends, and this one cannot."""
    if recipe.mesh != Mesh():
        raise BadInput(
            "The torch backend trains on one device, and mesh asks for several.",
            hint='backend = "tunix" shares the work.',
        )
    if recipe.batching.layout == "packed":
        raise BadInput(
            "The torch backend does not pack rows.", hint='Set batching.layout = "buckets".'
        )
    if recipe.device.startswith("tpu"):
        raise BadInput("The torch backend knows no TPU.", hint='backend = "tunix" does.')
    if recipe.optimizer.name not in KNOWN:
        raise BadInput(
            f"The torch backend does not know the optimizer {recipe.optimizer.name}.",
            hint=f"It has {' and '.join(sorted(KNOWN))}.",
        )


@cache
def _require_trl() -> None:
    try:
        with quiet(), lasting():
            import peft  # noqa: F401
            import torch  # noqa: F401
            import trl  # noqa: F401
    except ImportError as error:
        raise MissingExtra(
            "The torch backend is not installed.", hint="pip install 'tunix-rt[torch]'"
        ) from error
