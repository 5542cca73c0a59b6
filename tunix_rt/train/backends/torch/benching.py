"""How fast training steps are here, against the fastest matrix product that is measured beside."""

from itertools import pairwise
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from tunix_rt.kit.memory import peak
from tunix_rt.registry.loading import torch as loading
from tunix_rt.registry.loading.jax import Loaded
from tunix_rt.registry.loading.tokenizer import build_tokenizer
from tunix_rt.rendering.batching import Batch, Batches
from tunix_rt.train.backends.torch import feeding, placing, sft
from tunix_rt.train.backends.torch.repeating import repeated
from tunix_rt.train.backends.torch.timing import matmul_tflops
from tunix_rt.train.course.sizing import ROWS, SHAPES, Machine, Timed, random_rows, step_times
from tunix_rt.train.schema import Optimizer, Recipe, TrainJob
from tunix_rt.train.schema_bench import StepBench, StepTimes
from tunix_rt.train.schema_keeping import Checkpoints


def bench(asked: StepBench) -> StepTimes:
    """Measure one size; the model has random weights."""
    with placing.placed(asked.device) as kind:
        shape = SHAPES[asked.size]
        loaded = loading.create(shape, build_tokenizer(["0123456789"], 32), 0)
        placing.take_threads(loaded.model)
        ceiling = matmul_tflops("bfloat16" if asked.precision == "bfloat16" else "float32", kind)
        rows = random_rows(ROWS, asked.width, shape.vocab)
        batches = Batches(rows, asked.batching, size=32, seed=0)
        timed = [_timed(asked, loaded, batches.first_of(one), kind) for one in batches.shapes]
        machine = Machine(ceiling, placing.taken(kind) or peak(), placing.device_name(kind))
    return step_times(asked, machine, rows, batches, timed)


def _timed(asked: StepBench, loaded: Loaded, batch: Batch, kind: str) -> Timed:
    """The same batch again and again, through the trainer itself."""
    steps = asked.steps + 1
    recipe = Recipe(
        backend="torch",
        precision=asked.precision,
        optimizer=Optimizer(name="adamw", learning_rate=1e-4, warmup_steps=0),
        checkpoints=Checkpoints(every=steps),
        steps=steps,
    )
    with TemporaryDirectory() as place:
        job = TrainJob(recipe, [], Path(place), lambda _: None)
        found = repeated(
            job,
            loaded,
            sft.TAUGHT,
            lambda: (feeding.fed(batch), int(batch.present.sum())),
            steps=steps,
            kind=kind,
        )
    marks = [found.handed[0], *found.told]
    walls, cpus = (
        [after[clock] - before[clock] for before, after in pairwise(marks)] for clock in (0, 1)
    )
    usual = median(walls[1:])
    return Timed(max(walls[0] - usual, 0.0), usual, median(cpus[1:]))
