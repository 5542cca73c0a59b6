"""How fast training steps are here, against the fastest matrix product that is measured beside."""

import math
import time
from collections.abc import Callable
from statistics import median
from typing import Any

from tunix_rt.kit.memory import peak
from tunix_rt.registry.loading import jax as loading
from tunix_rt.registry.loading.tokenizer import build_tokenizer
from tunix_rt.rendering.batching import Batches
from tunix_rt.train.backends.tunix import stepping
from tunix_rt.train.backends.tunix.numbering import raised
from tunix_rt.train.backends.tunix.placing import devices, placed
from tunix_rt.train.course.sizing import ROWS, SHAPES, Machine, Timed, random_rows, step_times
from tunix_rt.train.schema import Optimizer, Recipe
from tunix_rt.train.schema_bench import StepBench, StepTimes
from tunix_rt.train.schema_machine import Mesh

CEILING_SECONDS = 0.5
"""How long matrix products are repeated."""


def bench(asked: StepBench) -> StepTimes:
    """Measure one size; the model has random weights."""
    with placed(asked.device, Mesh()), loading.quiet():
        ceiling = matmul_tflops("bfloat16" if asked.precision == "bfloat16" else "float32")
        shape = SHAPES[asked.size]
        tokenizer = build_tokenizer(["0123456789"], 32)
        model = loading.create(shape, tokenizer, 0).model
        raised(model, asked.precision)
        rows = random_rows(ROWS, asked.width, shape.vocab)
        batches = Batches(rows, asked.batching, size=32, seed=0)
        timed = _timed(asked, model, batches)
        machine = Machine(ceiling, *_memory(asked))
    return step_times(asked, machine, rows, batches, timed)


def matmul_tflops(dtype: str) -> float:
    """The fastest of several square matrix products, in 10^12 operations a second."""
    import jax
    import jax.numpy as jnp

    size = 1024 if jax.default_backend() == "cpu" else 8192
    one = jnp.ones((size, size), dtype)
    product = jax.jit(lambda a, b: a @ b)
    product(one, one).block_until_ready()
    fastest, end = math.inf, time.perf_counter() + CEILING_SECONDS
    while time.perf_counter() < end:
        began = time.perf_counter()
        product(one, one).block_until_ready()
        fastest = min(fastest, time.perf_counter() - began)
    return 2 * size**3 / fastest / 1e12


def ceiling(recipe: Recipe, model: Any) -> float:
    """Operations a second that all devices of a recipe reach in the numbers it computes in."""
    import jax
    from flax import nnx

    numbers = {"bfloat16": "bfloat16", "float32": "float32"}.get(recipe.precision)
    if numbers is None:
        numbers = str(jax.tree.leaves(nnx.state(model, nnx.Param))[0].dtype)
    return matmul_tflops(numbers) * 1e12 * recipe.mesh.fsdp * recipe.mesh.tp


def step_of(model: Any, precision: Any) -> Callable[[dict[str, Any]], Any]:
    """The trainer's own step, compiled once for each shape; it gives the loss."""
    recipe = Recipe(precision=precision, optimizer=Optimizer(name="adamw", learning_rate=1e-4))
    trainer = stepping.trainer(model, recipe, lambda _: 1e-4, steps=1, folder=None)
    step, _ = trainer.jit_train_and_eval_step(cache_nnx_graph=True)
    return lambda batch: step(batch)[0]


def _timed(asked: StepBench, model: Any, batches: Batches) -> list[Timed]:
    """Each shape of batch, in the order of the batches' shapes."""
    step = step_of(model, asked.precision)
    found = []
    for shape in batches.shapes:
        batch = stepping.fed(batches.first_of(shape))
        began = time.perf_counter()
        step(batch).block_until_ready()
        first = time.perf_counter() - began
        walls, cpus = [], []
        for _ in range(asked.steps):
            began, burnt = time.perf_counter(), time.process_time()
            step(batch).block_until_ready()
            walls.append(time.perf_counter() - began)
            cpus.append(time.process_time() - burnt)
        found.append(Timed(max(first - median(walls), 0.0), median(walls), median(cpus)))
    return found


def _memory(asked: StepBench) -> tuple[int, str]:
    """The peak of memory, and the device."""
    import jax

    [device] = devices(asked.device, 1)
    said = f"{jax.default_backend()}: {device.device_kind}"
    stats = device.memory_stats()
    if stats:
        return int(stats["peak_bytes_in_use"]), said
    return peak(), said
