"""PyTorch with transformers, TRL and PEFT: Gemma 3, Qwen and Llama, taught or practising.

Rooms: `placing` (the device and its threads), `starting` (the model to begin with, LoRA, and the
folder that is left), `optimising` (schedule and optimizer), `feeding` (batches as tensors),
`stepping` (TRL's trainers, fed and kept as ours), `keeping` (checkpoints, and the best weights),
`holding` (held-out loss), `sft` (being taught), `preferring` (pairs), `rollouts`, `rounds` and
`grpo` (practising), `benching` (how fast steps are). The same recipe, examples, libraries and
threads give the same bits on a CPU, also when a run was killed in between.
"""

from pathlib import Path

from tunix_rt.kit.errors import BadInput, MissingExtra
from tunix_rt.registry.loading.jax import quiet
from tunix_rt.train.backends.torch.optimising import KNOWN
from tunix_rt.train.course import rewinding
from tunix_rt.train.schema import Recipe, TrainJob, TrainResult
from tunix_rt.train.schema_bench import StepBench, StepTimes
from tunix_rt.train.schema_machine import Mesh

CAN = frozenset({"start"})
"""What not every backend does: begin with the weights of another run."""


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
    if recipe.checkpoints.max_gb is not None:
        raise BadInput(
            "The torch backend does not know checkpoints.max_gb yet.",
            hint="checkpoints.keep says how many stay.",
        )


def _require_trl() -> None:
    try:
        with quiet():
            import peft  # noqa: F401
            import torch  # noqa: F401
            import trl  # noqa: F401
    except ImportError as error:
        raise MissingExtra(
            "The torch backend is not installed.", hint="pip install 'tunix-rt[torch]'"
        ) from error
