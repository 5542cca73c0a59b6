"""One step of a training on its longest batch: compiled, done, kept, restored and done again."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from tunix_rt.registry.loading import jax as loading
from tunix_rt.rendering.batching import make_rows
from tunix_rt.rendering.schema_batching import Layout
from tunix_rt.train.backends.tunix import grpo, keeping, preferring, sft, stepping
from tunix_rt.train.backends.tunix.looping import trainer_class
from tunix_rt.train.backends.tunix.optimising import learning_rate, optimizer
from tunix_rt.train.backends.tunix.placing import devices
from tunix_rt.train.backends.tunix.rounds import Rounds
from tunix_rt.train.backends.tunix.starting import prepared, start_model
from tunix_rt.train.course.pairs import PairBatches, make_pairs
from tunix_rt.train.course.trying import Size, Steps, first_round, largest, tried, without_warmup
from tunix_rt.train.schema import Recipe, TrainJob
from tunix_rt.train.schema_dry import Tried, TriedRound
from tunix_rt.train.schema_grpo import Grpo

STEPS = 3
"""More than are taken, so that no trainer ends by itself."""


def room(recipe: Recipe) -> int | None:
    """Bytes that are free on the first device of a recipe; null where it has the machine's own."""
    first = devices(recipe.device, recipe.mesh.fsdp * recipe.mesh.tp)[0]
    said = first.memory_stats() or {}
    if "bytes_limit" in said:
        return int(said["bytes_limit"] - said["bytes_in_use"])
    return None


def try_out(job: TrainJob) -> Tried:
    """Two steps of `job` in its folder, which holds nothing."""
    job = replace(job, recipe=without_warmup(job.recipe))
    device = devices(job.recipe.device, 1)[0]
    trial = _trial_of(job)
    with loading.quiet():
        steps, compiled_bytes = _stepped(trial)
    return tried(
        job.folder,
        steps,
        layout=trial.layout,
        size=trial.size,
        device=f"{device.platform}: {device.device_kind}",
        compiled_bytes=None if compiled_bytes is None else compiled_bytes + trial.beside,
        round=trial.round,
    )


@dataclass(frozen=True, slots=True)
class _Trial:
    """What is tried."""

    layout: Layout
    size: Size
    batch: Any
    trainer: Callable[[], Any]
    """Makes one that goes on from what lies in the job's folder."""
    beside: int = 0
    """Bytes that the compiled step knows nothing of."""
    round: TriedRound | None = None


def _trial_of(job: TrainJob) -> _Trial:
    if job.practice is not None:
        return _of_rounds(job, job.recipe.grpo or Grpo())
    return (_of_rows if job.pairs is None else _of_pairs)(job)


def _of_rows(job: TrainJob) -> _Trial:
    recipe, start = job.recipe, start_model(job)
    rows = make_rows(job.examples, start.tokenizer, recipe.rendering(), vocab=start.shape.vocab)
    loaded, _ = prepared(job, start)
    batches, _ = sft.batches_of(job, loaded, rows)
    size = largest(batches.shapes)
    rate = learning_rate(recipe.optimizer, recipe.steps_of(batches.steps))
    folder = job.folder / "checkpoints"
    return _Trial(
        layout=batches.layout,
        size=size,
        batch=sft.fed(job, batches.first_of(size)),
        trainer=lambda: stepping.trainer(loaded.model, recipe, rate, steps=STEPS, folder=folder),
    )


def _of_pairs(job: TrainJob) -> _Trial:
    recipe, (start, _) = job.recipe, prepared(job, start_model(job))
    pairs = make_pairs(job.pairs or (), start.tokenizer, recipe, vocab=start.shape.vocab)
    batches = PairBatches(pairs, recipe, start.tokenizer.pad_id())
    rate = learning_rate(recipe.optimizer, recipe.steps_of(batches.steps))
    return _Trial(
        layout=batches.layout,
        size=largest(batches.shapes),
        batch=preferring.feeding(job)(batches.at(0)),
        trainer=lambda: preferring.trainer_of(job, start.model, rate, STEPS),
        beside=keeping.bytes_of(start.model) if recipe.method == "dpo" else 0,
    )


def _of_rounds(job: TrainJob, options: Grpo) -> _Trial:
    recipe, (loaded, _) = job.recipe, prepared(job, start_model(job))
    first = first_round(job, Rounds(job, loaded))
    rate = learning_rate(recipe.optimizer, recipe.steps or STEPS)

    def trainer() -> Any:
        moved, folder = optimizer(recipe.optimizer, rate), job.folder / "checkpoints"
        config = keeping.trainer_config(recipe, loaded.model, moved, steps=STEPS, folder=folder)
        kind = trainer_class(grpo.gradients_of(loaded, recipe))
        return grpo.with_loss(kind(loaded.model, moved, config), loaded, recipe)

    return _Trial(
        layout="padded",
        size=first.size,
        batch=first.example,
        trainer=trainer,
        beside=keeping.bytes_of(loaded.model) if options.beta else 0,
        round=first.tried,
    )


def _stepped(trial: _Trial) -> tuple[Steps, int | None]:
    """Three steps, and the bytes that the compiled one says it takes."""
    seen, seconds = [], []

    def step(trainer: Any) -> None:
        began = time.perf_counter()
        loss, _, norm = trainer.apart.advance(trial.batch)
        seen.append((float(loss), float(norm)))
        seconds.append(time.perf_counter() - began)

    first = _ready(trial)
    began = time.perf_counter()
    compiled_bytes = first.apart.compile(trial.batch)
    compiling = time.perf_counter() - began
    step(first)
    _keep(first)
    step(first)
    program = first.apart.compiled
    del first
    second = _ready(trial)
    second.apart.compiled = program
    went_on = int(second.train_steps) == 1
    step(second)
    second.checkpoint_manager.close()
    return Steps(seen, min(seconds[1:]), compiling, went_on), compiled_bytes


def _ready(trial: _Trial) -> Any:
    """A trainer whose model is apart."""
    found = trial.trainer()
    found.jit_train_and_eval_step(cache_nnx_graph=True)
    return found


def _keep(trainer: Any) -> None:
    """Keep the first step."""
    only_lora = keeping.has_lora(trainer.model)
    keeper = trainer.checkpoint_manager
    keeper.save(1, trainer.model, trainer.optimizer, save_only_lora_params=only_lora, force=True)
    keeper.close()
