"""Supervised training with Tunix's PeftTrainer: the loss is on the response alone.

The trainer skips the batches it has already seen when it goes on from a
checkpoint, so batches are numbered from the beginning and depend on nothing
but seed and number.
"""

import math
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tunix_rt.registry.loading import jax as loading
from tunix_rt.registry.loading.shape import Shape
from tunix_rt.registry.loading.weights import sha256_of
from tunix_rt.rendering.batching import Rows, batch_at, count_tokens, make_rows
from tunix_rt.rendering.tokenizing import build_from
from tunix_rt.train.backends.tunix.identity import claim_folder, identify
from tunix_rt.train.backends.tunix.journal import Journal
from tunix_rt.train.backends.tunix.listening import Listener
from tunix_rt.train.backends.tunix.optimising import learning_rate, optimizer
from tunix_rt.train.schema import FolderModel, NanoModel, TrainJob, TrainResult

WINDOW = 1024
"""Least attention window of a new model; Gemma's own small models have 512 and 1024."""


def initialise(job: TrainJob) -> Path:
    """Write the untrained model to `initial`; a model from a folder is its own."""
    model = job.recipe.model
    if isinstance(model, FolderModel):
        return Path(model.path)
    loading.export(_new_model(job, model), job.folder / "initial")
    return job.folder / "initial"


def train(job: TrainJob) -> TrainResult:
    """Train to the end and export; what is on disk decides where it begins."""
    began, recipe = time.monotonic(), job.recipe
    loaded = _start_model(job)
    rows = make_rows(job.examples, loaded.tokenizer, recipe.rendering(), vocab=loaded.shape.vocab)
    claim_folder(
        job.folder,
        identify(
            recipe,
            examples_sha256=rows.examples_sha256,
            tokenizer_sha256=loaded.tokenizer.sha256(),
            base_sha256=_base_sha256(loaded),
        ),
    )
    steps = _steps(job, len(rows))
    journal = Journal(job.folder / "steps.jsonl")
    try:
        resumed_from = _run(job, loaded.model, rows, journal, steps)
    finally:
        journal.close()
    first = batch_at(rows, 0, size=recipe.batch_size, seed=recipe.seed)
    weights = loading.export(loaded, job.folder / "model")
    last = journal.rows[-10:]
    return TrainResult(
        model=job.folder / "model",
        steps=steps,
        resumed_from=resumed_from,
        parameters=loaded.shape.parameters(),
        examples=len(rows),
        dropped=rows.dropped,
        first_loss=journal.rows[0].loss,
        final_loss=sum(row.loss for row in last) / len(last),
        seconds=time.monotonic() - began,
        tokens=count_tokens(rows, steps, size=recipe.batch_size, seed=recipe.seed),
        first_batch_sha256=first.sha256(),
        weights_sha256=weights,
        tokenizer_sha256=loaded.tokenizer.sha256(),
    )


def _run(job: TrainJob, model: Any, rows: Rows, journal: Journal, steps: int) -> int:
    """Run the trainer to the last step; the step of the checkpoint it went on from."""
    recipe = job.recipe
    with loading.quiet():
        import orbax.checkpoint as ocp
        from tunix.sft import peft_trainer

        rate = learning_rate(recipe.optimizer, steps)
        listener = Listener(job, journal, steps, rate)
        trainer = peft_trainer.PeftTrainer(
            model,
            optimizer(recipe.optimizer, rate),
            peft_trainer.TrainingConfig(
                eval_every_n_steps=steps + 1,
                max_steps=steps,
                checkpoint_root_directory=str((job.folder / "checkpoints").resolve()),
                checkpointing_options=ocp.CheckpointManagerOptions(
                    save_decision_policy=ocp.checkpoint_managers.FixedIntervalPolicy(
                        recipe.checkpoints.every
                    ),
                    max_to_keep=recipe.checkpoints.keep,
                    cleanup_tmp_directories=True,
                ),
            ),
            metrics_logger=listener.metrics,
        )
        trainer.with_gen_model_input_fn(_model_input()).with_loss_fn(_loss())
        trainer.with_training_hooks(listener.hooks())
        resumed_from = int(trainer.train_steps)
        try:
            trainer.train(_batches(rows, steps, recipe.batch_size, recipe.seed, listener))
        except BaseException:
            trainer.checkpoint_manager.close()  # a save may be under way in its own thread
            raise
    return resumed_from


def _batches(
    rows: Rows, steps: int, size: int, seed: int, listener: Listener
) -> Iterator[dict[str, Any]]:
    for step in range(steps):
        batch = batch_at(rows, step, size=size, seed=seed)
        listener.tokens.append(int(batch.present.sum()))
        yield {"tokens": batch.tokens, "weights": batch.weights, "present": batch.present}


def _model_input() -> Callable[[Any], dict[str, Any]]:
    """What the model is called with. Padding is on the right and attends to nothing."""
    import jax.numpy as jnp

    def model_input(batch: dict[str, Any]) -> dict[str, Any]:
        present = batch["present"].astype(bool)
        length = present.shape[1]
        causal = jnp.tril(jnp.ones((length, length), bool))
        return {
            "tokens": batch["tokens"],
            "weights": batch["weights"],
            "positions": jnp.broadcast_to(jnp.arange(length), present.shape),
            "attention_mask": causal[None] & present[:, None, :],
        }

    return model_input


def _loss() -> Callable[..., Any]:
    """Mean cross entropy of the tokens by their weights, from integer labels."""
    import jax.numpy as jnp
    import optax

    def loss(model: Any, tokens: Any, weights: Any, positions: Any, attention_mask: Any) -> Any:
        logits, _ = model(tokens, positions, None, attention_mask)
        each = optax.softmax_cross_entropy_with_integer_labels(
            logits[:, :-1].astype(jnp.float32), tokens[:, 1:]
        )
        counted = weights[:, 1:].astype(jnp.float32)
        total = counted.sum()
        return (each * counted).sum() / jnp.where(total > 0, total, 1.0)

    return loss


def _start_model(job: TrainJob) -> loading.Loaded:
    model = job.recipe.model
    if isinstance(model, NanoModel):
        return _new_model(job, model)
    return loading.load(Path(model.path))


def _new_model(job: TrainJob, model: NanoModel) -> loading.Loaded:
    recipe = job.recipe
    tokenizer = build_from(job.examples, recipe.tokenizer.vocab_size)
    window = max(WINDOW, recipe.max_seq_length)
    shape = Shape(
        kind="gemma3_text",
        vocab=tokenizer.size,
        width=model.width,
        hidden=model.hidden,
        layers=model.layers,
        heads=model.heads,
        kv_heads=model.kv_heads,
        head_width=model.head_width,
        window=window,
        local_theta=10_000,
        global_theta=10_000,
        tied=True,
        context=window,
    )
    return loading.create(shape, tokenizer, recipe.seed)


def _base_sha256(loaded: loading.Loaded) -> str:
    """Of the weights that training starts from; empty for a model made from nothing."""
    if loaded.source is None:
        return ""
    files = sorted(loaded.source.glob("*.safetensors"))
    return "+".join(sha256_of(file) for file in files)


def _steps(job: TrainJob, rows: int) -> int:
    recipe = job.recipe
    if recipe.steps is not None:
        return recipe.steps
    return math.ceil((recipe.epochs or 1.0) * rows / recipe.batch_size)
