"""Group relative policy optimisation: our rounds, and the loss of TRL's GRPOTrainer.

TRL's trainer is fed as the others are: rollouts come from `rounds`, where it would ask the model
by itself, and it computes the loss on them. It adds up the losses of tokens over every line, and
Tunix over those with something to learn: lines without are left out, and both are one number. It
does not bound the ratio of probabilities, and Tunix does, at e^20; and padding that a model chose
is a token like any other here, which Tunix's loss does not see.
"""

from functools import partial
from typing import Any

from tunix_rt.registry.loading import torch as loading
from tunix_rt.registry.loading.jax import Loaded
from tunix_rt.train.backends.torch import feeding, keeping, placing, sft, starting, stepping
from tunix_rt.train.backends.torch.rounds import Rounds
from tunix_rt.train.course import practising, rounds
from tunix_rt.train.course.holding import HeldOut
from tunix_rt.train.course.journal import Journal
from tunix_rt.train.course.looks import Looks
from tunix_rt.train.course.practising import Hands
from tunix_rt.train.course.rewinding import steps as checkpointed
from tunix_rt.train.course.turns import Turns
from tunix_rt.train.schema import TrainJob, TrainResult
from tunix_rt.train.schema_grpo import Aggregation, Grpo

LOSSES: dict[Aggregation, str] = {
    "token-mean": "bnpo",
    "sequence-mean-token-mean": "grpo",
    "sequence-mean-token-scale": "dr_grpo",
    "seq-mean-token-sum": "luspo",
    "sequence-mean-token-sum-norm": "luspo",
}
"""TRL's names of Tunix's aggregations; the last two are one while Tunix is given no norm."""


def train(job: TrainJob, kind: str) -> TrainResult:
    """Practise to the end and export; what is on disk decides where it begins."""
    hands = Hands(Rounds, partial(_learn, kind), loading.load, starting.exported)
    return practising.practise(job, start_model(job, kind=kind), hands)


def start_model(job: TrainJob, *, kind: str) -> Loaded:
    """The model to begin with, where it is asked."""
    loaded = starting.adapted(starting.start_model(job), job.recipe)
    placing.take_threads(loaded.model)
    loaded.model.to(kind)
    return loaded


def _learn(
    kind: str, job: TrainJob, loaded: Loaded, own: rounds.Rounds, journal: Journal
) -> tuple[Turns, int]:
    """Run the trainer; the turns it took, and the step it went on from."""
    options, steps = job.recipe.grpo, job.recipe.steps
    assert options is not None
    assert steps is not None
    done = (checkpointed(job.folder) or [0])[-1]
    looks = Looks(job, own.accuracy, partial(starting.exported, loaded), after=done)
    turns = Turns(job, own, looks, done=done)
    numbers: dict[str, float] = {}
    practised = method(options, job, kind)

    def batch(step: int) -> tuple[list[dict[str, Any]], int]:
        turn = turns.at(step)
        if turn is None:
            return [], 0
        numbers.update(turn.numbers)
        return turn.example, turn.tokens

    def over(step: int) -> dict[str, float]:
        told = numbers | turns.over(step)
        numbers.clear()
        return told

    course = stepping.Course(
        batch=batch,
        taken_on=turns.named,
        steps=steps,
        loss=practised.loss,
        held_out=HeldOut(job.recipe, steps, None, keeping.Best(job.folder)),
        kind=kind,
        over=over,
        together=options.iterations,
    )
    stepping.run(job, loaded, course, journal, practised.build)
    looks.at(len(turns.counted.steps))
    return turns, done


def method(options: Grpo, job: TrainJob, kind: str) -> sft.Method:
    """How the recipe of a job practises."""
    return sft.Method(partial(_loss, options), partial(_trainer, options, job, kind))


def _trainer(
    options: Grpo, job: TrainJob, kind: str, common: dict[str, Any], given: dict[str, Any]
) -> Any:
    """TRL's GRPOTrainer, which asks no model."""
    from datasets import Dataset
    from trl import GRPOConfig, GRPOTrainer
    from trl.trainer import add_fused_lm_head

    class Prepared(GRPOTrainer):  # type: ignore[misc]
        def _prepare_inputs(self, generation_batch: Any) -> Any:
            return generation_batch

    del common["max_length"]
    arguments = GRPOConfig(
        **common,
        num_generations=2,  # the least; groups are made elsewhere
        generation_batch_size=2,
        beta=0.0,  # or else it loads a model by itself
        use_bias_correction_kl=False,  # Tunix's KL is not weighed by the ratio
        epsilon=options.clip,
        epsilon_high=options.clip_high,
        temperature=options.temperature,
        max_completion_length=options.max_new_tokens,
    )
    shown = Dataset.from_dict({"prompt": [""]})
    del given["data_collator"]
    found = stepping.trainer_class(Prepared)(
        args=arguments,
        reward_funcs=len,  # it insists on one, and calls none
        train_dataset=shown,
        **given,
    )
    found.beta, found.loss_type = options.beta, LOSSES[options.aggregation]
    if options.beta:
        found.reference = starting.start_model(job).model.to(kind).eval()
        add_fused_lm_head(found.reference, temperature=options.temperature)
    return found


def _loss(
    options: Grpo, trainer: Any, model: Any, part: dict[str, Any]
) -> tuple[Any, dict[str, float]]:
    """TRL's loss on the rollouts of a round; what they were worth is computed in its first step."""
    import torch

    with torch.no_grad(), _uncached(part["prompt_ids"].device.type):
        if options.beta and "ref_per_token_logps" not in part:
            part["ref_per_token_logps"] = log_probs(trainer.reference, part)
        if options.iterations > 1 and "old_per_token_logps" not in part:
            part["old_per_token_logps"] = log_probs(model, part)
    parts = trainer.current_gradient_accumulation_steps  # TRL divides by them
    loss = trainer.stock_loss(model, part) * parts * part["share"]
    said = trainer._metrics["train"]
    told = {"clipped": float(said["clip_ratio/region_mean"][-1]) * part["tokens"]}
    if options.beta:
        told["kl"] = float(said["kl"][-1]) * part["tokens"]
    said.clear()
    return loss, told


def _uncached(kind: str) -> Any:
    """What is cast to fewer bits here is not kept: without gradients it would lose them later."""
    import torch

    low = torch.is_autocast_enabled(kind)
    return torch.autocast(kind, torch.bfloat16, enabled=low, cache_enabled=False)


def log_probs(model: Any, part: dict[str, Any]) -> Any:
    """What a model gives each token of the answers; 0 where it is not learned."""
    import torch

    prompts, answers = part["prompt_ids"], part["completion_ids"]
    mask = torch.cat([part["prompt_mask"], part["completion_mask"]], dim=1)
    ids = torch.cat([prompts, answers], dim=1)
    labels = ids.masked_fill(mask == 0, feeding.IGNORED)
    labels[:, : prompts.shape[1]] = feeding.IGNORED
    told = {"input_ids": ids, "attention_mask": mask, "labels": labels}
    return feeding.log_probs(model, told)[:, -answers.shape[1] :]
