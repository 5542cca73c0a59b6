"""Group relative policy optimisation with the parts of Tunix: its sampler, losses and trainer.

A round is a batch of problems, each answered by a group of rollouts, and one or more steps on
them. Problems, seeds and therefore rollouts are functions of the recipe's seed, the round and the
weights alone: what was killed goes on with the same bits. Why not Tunix's own learner: decision
0026.
"""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from tunix_rt.registry.loading import jax as loading
from tunix_rt.train.backends.tunix import keeping
from tunix_rt.train.backends.tunix.listening import Listener
from tunix_rt.train.backends.tunix.looping import step_with
from tunix_rt.train.backends.tunix.numbering import computing
from tunix_rt.train.backends.tunix.optimising import learning_rate, optimizer
from tunix_rt.train.backends.tunix.placing import bind
from tunix_rt.train.backends.tunix.rounds import Rounds
from tunix_rt.train.backends.tunix.starting import exported, prepared, start_model
from tunix_rt.train.backends.tunix.stepping import cut, summed
from tunix_rt.train.course import practising, rounds
from tunix_rt.train.course.journal import Journal
from tunix_rt.train.course.looks import Looks
from tunix_rt.train.course.practising import Hands
from tunix_rt.train.course.turns import Turns
from tunix_rt.train.schema import Recipe, TrainJob, TrainResult


def train(job: TrainJob) -> TrainResult:
    """Practise to the end and export; what is on disk decides where it begins."""
    loaded, stored = prepared(job, start_model(job))

    def save(left: loading.Loaded, folder: Path) -> str:
        return exported(job, left, stored, folder)

    hands = Hands(Rounds, partial(_learn, partial(save, loaded)), loading.load, save)
    return practising.practise(job, loaded, hands)


def _learn(
    save: Callable[[Path], object],
    job: TrainJob,
    loaded: loading.Loaded,
    own: rounds.Rounds,
    journal: Journal,
) -> tuple[Turns, int]:
    """Run the trainer; the turns it took, and the step it went on from."""
    recipe, options = job.recipe, job.recipe.grpo
    steps = recipe.steps
    assert options is not None
    assert steps is not None
    beta = options.beta
    with loading.quiet():
        from tunix.sft import peft_trainer

        rate = learning_rate(recipe.optimizer, steps)
        listener = Listener(job, journal, steps, rate)

        own_gradients = gradients_of(loaded, recipe)

        class Trainer(peft_trainer.PeftTrainer):  # type: ignore[misc]
            """Tells what the loss says beside the loss."""

            def create_train_step_fn(self) -> Callable[..., Any]:
                return self._train_step if own_gradients is None else step_with(own_gradients)

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
        with_loss(trainer, loaded, recipe)
        resumed_from = int(trainer.train_steps)
        looks = Looks(job, own.accuracy, save, after=resumed_from)
        turns = Turns(job, own, looks, done=resumed_from)
        listener.follow(trainer, turns.over)
        with keeping.closing(trainer, job.folder, turns.named):
            trainer.train(_examples(steps, turns, listener))
            if listener.stopped is None:
                looks.at(int(trainer.train_steps))
    listener.end()
    return turns, resumed_from


def _examples(steps: int, turns: Turns, listener: Listener) -> Iterator[Any]:
    """What the trainer takes a step on, one after the other; those it has done are empty."""
    done = len(turns.counted.steps)
    for step in range(steps):
        if step < done:
            yield ()
            continue
        if turns.begins(step):
            listener.catch_up(step)
            if listener.is_stopped():
                return
        turn = listener.unless_cancelled(partial(turns.at, step))
        if turn is None:
            return
        listener.tokens[step + 1] = turn.tokens
        listener.more.setdefault(step + 1, {}).update(turn.numbers)
        yield turn.example


def gradients_of(loaded: loading.Loaded, recipe: Recipe) -> Callable[[Any, Any], Any] | None:
    """What takes the place of the trainer's own gradients where a recipe asks for several parts.

    A part counts by its tokens or by its answers that are learned, as the recipe averages losses;
    what is told beside the loss counts by its tokens.
    """
    import jax.numpy as jnp

    options, parts = recipe.grpo, recipe.accumulate
    assert options is not None
    if parts == 1:
        return None
    loss = policy_loss(loaded, recipe)

    def counted(mask: Any) -> Any:
        found = mask.sum() if options.aggregation == "token-mean" else mask.any(axis=-1).sum()
        return jnp.clip(found, min=1)

    def gradients(model: Any, example: Any) -> Any:
        every = example.completion_mask

        def share(model: Any, part: Any) -> Any:
            value, told = loss(model, part)
            own = part.completion_mask
            tokens = own.sum() / jnp.clip(every.sum(), min=1)
            told = {name: told[name] * tokens for name in ("kl", "pg_clipfrac")}
            return value * counted(own) / counted(every), told

        return summed(model, cut(example, parts), share)

    return gradients


def with_loss(trainer: Any, loaded: loading.Loaded, recipe: Recipe) -> Any:
    """The same trainer, which takes its steps on the rollouts of rounds."""
    trainer.with_gen_model_input_fn(lambda example: {"train_example": example})
    return trainer.with_loss_fn(policy_loss(loaded, recipe), has_aux=True)


def policy_loss(loaded: loading.Loaded, recipe: Recipe) -> Any:
    """Tunix's clipped policy loss, with the options of the recipe and in its numbers."""
    from tunix.rl import (
        algo_core,  # noqa: F401  registers the loss
        function_registry,
    )
    from tunix.rl.grpo.grpo_learner import GRPOConfig

    options = recipe.grpo
    assert options is not None
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
        model = computing(model, recipe.precision)
        return loss(model, train_example, algo_config=config, pad_id=pad, eos_id=eos)

    return of_example
