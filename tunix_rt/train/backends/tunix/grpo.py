"""Group relative policy optimisation with the parts of Tunix: its sampler, losses and trainer.

A round is a batch of problems, each answered by a group of rollouts, and one or more steps on
them. Problems, seeds and therefore rollouts are functions of the recipe's seed, the round and the
weights alone: what was killed goes on with the same bits. Why not Tunix's own learner: decision
0026.
"""

import json
import time
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from tunix_rt.registry.loading import jax as loading
from tunix_rt.train.backends.tunix import keeping
from tunix_rt.train.backends.tunix.listening import Listener
from tunix_rt.train.backends.tunix.looking import Looks
from tunix_rt.train.backends.tunix.optimising import learning_rate, optimizer
from tunix_rt.train.backends.tunix.placing import bind
from tunix_rt.train.backends.tunix.rounds import Rounds
from tunix_rt.train.backends.tunix.starting import start_model
from tunix_rt.train.course.beginning import base_sha256
from tunix_rt.train.course.identity import claim_folder, identify
from tunix_rt.train.course.journal import Journal
from tunix_rt.train.course.rewinding import steps as checkpointed
from tunix_rt.train.schema import TrainJob, TrainResult
from tunix_rt.train.schema_grpo import Grpo, Measured, Practised


def train(job: TrainJob) -> TrainResult:
    """Practise to the end and export; what is on disk decides where it begins."""
    began, recipe, practice = time.monotonic(), job.recipe, job.practice
    assert recipe.grpo is not None
    assert practice is not None
    assert recipe.steps is not None
    loaded = start_model(job)
    claim_folder(
        job.folder,
        identify(
            recipe,
            problems_sha256=practice.sha256,
            tokenizer_sha256=loaded.tokenizer.sha256(),
            base_sha256=base_sha256(loaded.source),
        ),
    )
    rounds = Rounds(job, loaded)
    before = _before(job, rounds)
    journal = Journal(job.folder / "steps.jsonl")
    try:
        looks, counted, resumed_from = _run(job, loaded, rounds, journal)
    finally:
        journal.close()
    taken = best = len(counted)
    if looks.stopped is not None and (kept := looks.rolled_back()) is not None:
        best, folder = kept
        loaded = loading.load(folder)
    weights = loading.export(loaded, job.folder / "model")
    rounds.sampler.refresh(loaded.model)
    return TrainResult(
        model=job.folder / "model",
        steps=taken,
        resumed_from=resumed_from,
        parameters=loaded.shape.parameters(),
        examples=len(practice.pool),
        dropped=0,
        first_loss=journal.first_loss,
        final_loss=journal.final_loss,
        seconds=time.monotonic() - began,
        tokens=sum(counted),
        first_batch_sha256=rounds.first_sha256(),
        weights_sha256=weights,
        tokenizer_sha256=loaded.tokenizer.sha256(),
        practised=Practised(
            before=before,
            after=rounds.measured(),
            rounds=-(-taken // recipe.grpo.iterations),
            stopped=looks.stopped,
            best_step=best,
        ),
    )


def _run(
    job: TrainJob, loaded: loading.Loaded, rounds: Rounds, journal: Journal
) -> tuple[Looks, list[int], int]:
    """Run the trainer; what was seen, the tokens of each step, and the step it went on from."""
    recipe, options = job.recipe, job.recipe.grpo
    steps = recipe.steps
    assert options is not None
    assert steps is not None
    beta = options.beta
    with loading.quiet():
        from tunix.sft import peft_trainer

        rate = learning_rate(recipe.optimizer, steps)
        listener = Listener(job, journal, steps, rate)

        class Trainer(peft_trainer.PeftTrainer):  # type: ignore[misc]
            """Tells what the loss says beside the loss."""

            def _post_process_train_step(self, aux: Any) -> None:
                told = listener.more.setdefault(self.train_steps + 1, {})
                told["clipped"] = aux["pg_clipfrac"]
                if beta:
                    told["kl"] = aux["kl"]

        moved = optimizer(recipe.optimizer, rate)
        folder = job.folder / "checkpoints"
        config = keeping.trainer_config(recipe, loaded.model, moved, steps=steps, folder=folder)
        trainer = Trainer(loaded.model, moved, config, metrics_logger=listener.metrics)
        bind(trainer)
        trainer.with_gen_model_input_fn(lambda example: {"train_example": example})
        trainer.with_loss_fn(policy_loss(loaded, options), has_aux=True)
        trainer.with_training_hooks(listener.hooks())
        resumed_from = int(trainer.train_steps)
        looks = Looks(job, loaded, rounds, after=resumed_from)
        counted = [0] * resumed_from
        with keeping.closing(trainer, job.folder):
            trainer.train(_examples(job, rounds, looks, listener, counted))
            if listener.stopped is None:
                looks.at(int(trainer.train_steps))
    if listener.stopped is not None:
        raise listener.stopped
    return looks, counted, resumed_from


def _examples(
    job: TrainJob, rounds: Rounds, looks: Looks, listener: Listener, counted: list[int]
) -> Iterator[Any]:
    """What the trainer takes a step on, one after the other; those it has done are empty."""
    options, steps = job.recipe.grpo, job.recipe.steps
    assert options is not None
    assert steps is not None
    done = len(counted)
    for step in range(steps):
        if step < done:
            yield ()
            continue
        seen: dict[str, float] = {}
        if step % options.iterations == 0:
            updated = rounds.settle()
            seen = looks.at(step)
            if looks.stopped is not None or listener.stopped is not None:
                return
            example, numbers, tokens = rounds.begin(step // options.iterations)
            if step > done:
                listener.more.setdefault(step, {}).update(updated)
        listener.tokens[step + 1] = tokens
        counted.append(tokens)
        listener.more.setdefault(step + 1, {}).update(numbers | seen)
        rounds.handed_out()
        yield example


def policy_loss(loaded: loading.Loaded, options: Grpo) -> Any:
    """Tunix's clipped policy loss, with the options of the recipe."""
    from tunix.rl import (
        algo_core,  # noqa: F401  registers the loss
        function_registry,
    )
    from tunix.rl.grpo.grpo_learner import GRPOConfig

    config: Any = GRPOConfig(
        num_generations=options.group,
        num_iterations=options.iterations,
        beta=options.beta,
        epsilon=options.clip,
        loss_agg_mode=options.aggregation,
        kl_loss_mode="low_var_kl",
    )
    config.temperature = options.temperature
    config.epsilon_high = options.clip if options.clip_high is None else options.clip_high
    loss = function_registry.get_policy_loss_fn("grpo")
    pad, eos = loaded.tokenizer.pad_id(), loaded.tokenizer.eos_id()

    def of_example(model: Any, train_example: Any) -> Any:
        return loss(model, train_example, algo_config=config, pad_id=pad, eos_id=eos)

    return of_example


def _before(job: TrainJob, rounds: Rounds) -> Measured:
    """The model on held-out problems before its first step; measured once and kept."""
    path = job.folder / "before.json"
    assert job.practice is not None
    if path.is_file() and checkpointed(job.folder):
        return Measured(**json.loads(path.read_text("utf-8")))
    found = rounds.measured()
    job.practice.ready(found)
    part = path.with_name("before.json.part")
    part.write_text(json.dumps(asdict(found)) + "\n", "utf-8")
    part.replace(path)
    return found
