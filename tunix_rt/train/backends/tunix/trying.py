"""One step of a training on its longest batch: compiled, done, kept, restored and done again."""

import time
from pathlib import Path
from typing import Any

from tunix_rt.registry.loading import jax as loading
from tunix_rt.rendering.batching import make_rows
from tunix_rt.train.backends.tunix import keeping, sft, stepping
from tunix_rt.train.backends.tunix.optimising import learning_rate
from tunix_rt.train.backends.tunix.placing import devices
from tunix_rt.train.backends.tunix.starting import start_model
from tunix_rt.train.schema import Recipe, TrainJob
from tunix_rt.train.schema_dry import DoesNotFit, Tried, TriedStep


def room(recipe: Recipe) -> int | None:
    """Bytes that are free on the first device of a recipe; null where it has the machine's own."""
    first = devices(recipe.device, recipe.mesh.fsdp * recipe.mesh.tp)[0]
    said = first.memory_stats() or {}
    if "bytes_limit" in said:
        return int(said["bytes_limit"] - said["bytes_in_use"])
    return None


def try_out(job: TrainJob, mesh: Any) -> Tried:
    """Two steps of `job` in its folder, which holds nothing; `DoesNotFit` where memory ends."""
    import jax

    try:
        return _tried(job, mesh)
    except jax.errors.JaxRuntimeError as error:
        if "RESOURCE_EXHAUSTED" not in str(error):
            raise
        raise DoesNotFit("A step on the longest batch took more memory than there is.") from None


def _tried(job: TrainJob, mesh: Any) -> Tried:
    recipe = job.recipe
    start = start_model(job)
    rows = make_rows(job.examples, start.tokenizer, recipe.rendering(), vocab=start.shape.vocab)
    loaded, _ = sft.prepared(job, start, mesh)
    batches, _ = sft.batches_of(job, loaded, rows)
    lines, width = max(batches.shapes, key=lambda one: one[0] * one[1] ** 2)
    batch = sft.fed(job, batches.first_of((lines, width)))
    with loading.quiet():
        rate = learning_rate(recipe.optimizer, recipe.steps_of(batches.steps))
        first = _trainer(job, loaded.model, rate)
        began = time.perf_counter()
        compiled_bytes = first.apart.compile(batch)
        compiling = time.perf_counter() - began
        losses, seconds = [], []

        def step(trainer: Any) -> None:
            began = time.perf_counter()
            losses.append(float(trainer.apart.advance(batch)[0]))
            seconds.append(time.perf_counter() - began)

        step(first)
        kept = _kept(first, job.folder)
        step(first)
        program = first.apart.compiled
        del first
        second = _trainer(job, loaded.model, rate)
        second.apart.compiled = program
        went_on = int(second.train_steps) == 1
        step(second)
        second.checkpoint_manager.close()
    device = devices(recipe.device, 1)[0]
    return Tried(
        layout=batches.layout,
        step=TriedStep(
            lines=lines,
            width=width,
            loss=losses[0],
            compile_seconds=compiling,
            step_seconds=min(seconds[1:]),
            checkpoint_bytes=kept,
            restored=went_on and losses[2] == losses[1],
            device=f"{device.platform}: {device.device_kind}",
        ),
        compiled_bytes=compiled_bytes,
    )


def _trainer(job: TrainJob, model: Any, rate: Any) -> Any:
    """A trainer that goes on from what lies in the job's folder, its model apart."""
    folder = job.folder / "checkpoints"
    found = stepping.trainer(model, job.recipe, rate, steps=3, folder=folder)
    found.jit_train_and_eval_step(cache_nnx_graph=True)
    return found


def _kept(trainer: Any, folder: Path) -> int:
    """Keep the first step; bytes on disk."""
    only_lora = keeping.has_lora(trainer.model)
    keeper = trainer.checkpoint_manager
    keeper.save(1, trainer.model, trainer.optimizer, save_only_lora_params=only_lora, force=True)
    keeper.close()
    return sum(one.stat().st_size for one in folder.rglob("*") if one.is_file())
