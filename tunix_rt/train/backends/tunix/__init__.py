"""Google Tunix on JAX: Gemma 3 and Qwen 3, taught or practising, on CPU, GPU or TPU.

Rooms: `starting` (the model to begin with), `optimising` (schedule and optimizer), `adapting`
(LoRA), `numbering` (precision), `placing` (devices), `compiling` (kept programs), `stepping` (one
step), `looping` (the trainer), `choosing` (which layout is fastest), `identity` (what a checkpoint
belongs to), `keeping` and `rewinding` (which of them stay, and back to an earlier one), `holding`
(held-out loss), `benching` (how fast steps are), `sft` (being taught), `preferring` (pairs),
`rollouts`, `rounds` and `grpo` (practising), `trying` (a step of a dry run), `leaving` (the model
of a checkpoint).
The same recipe, examples, libraries and threads give the same bits, also when
a run was killed in between.
"""

from pathlib import Path

from tunix_rt.registry.loading.jax import require_tunix
from tunix_rt.train.course import rewinding
from tunix_rt.train.schema import Recipe, TrainJob, TrainResult
from tunix_rt.train.schema_bench import StepBench, StepTimes
from tunix_rt.train.schema_dry import Tried
from tunix_rt.train.schema_machine import Mesh

CAN = frozenset({"start", "profile", "rewind", "bench", "weights_at", "try_out"})
"""What not every backend can."""


def train(job: TrainJob) -> TrainResult:
    """Train to the end, from the newest checkpoint in the job's folder if there is one."""
    require_tunix()
    from tunix_rt.train.backends.tunix import compiling, grpo, placing, preferring, sft

    if job.cache is not None:
        compiling.keep_compiled(job.cache)
    with placing.placed(job.recipe.device, job.recipe.mesh):
        if job.recipe.method == "grpo":
            return grpo.train(job)
        if job.pairs is not None:
            return preferring.train(job)
        return sft.train(job)


def initialise(job: TrainJob) -> Path:
    """Write the model that `train` starts from to `initial` in the job's folder."""
    require_tunix()
    from tunix_rt.train.backends.tunix import starting

    return starting.initialise(job)


def bench(asked: StepBench) -> StepTimes:
    """How fast training steps of one size are here."""
    require_tunix()
    from tunix_rt.train.backends.tunix import benching

    return benching.bench(asked)


def weights_at(job: TrainJob, step: int, folder: Path) -> None:
    """Write the model that `train` had after a step that it has kept to `folder`."""
    require_tunix()
    from tunix_rt.train.backends.tunix import leaving, placing

    with placing.placed("cpu", Mesh()):
        leaving.weights_at(job, step, folder)


def room(recipe: Recipe) -> int | None:
    """Bytes that are free on the device of a recipe; null where it has the machine's own."""
    require_tunix()
    from tunix_rt.train.backends.tunix import trying

    return trying.room(recipe)


def try_out(job: TrainJob) -> Tried:
    """One step of `job` on its longest batch, kept, restored and done again."""
    require_tunix()
    from tunix_rt.train.backends.tunix import compiling, placing, trying

    if job.cache is not None:
        compiling.keep_compiled(job.cache)
    with placing.placed(job.recipe.device, job.recipe.mesh):
        return trying.try_out(job)


def rewind(folder: Path, step: int) -> None:
    """Forget what was checkpointed behind `step`; `BadInput` where there is no such one."""
    rewinding.rewind(folder, step)
