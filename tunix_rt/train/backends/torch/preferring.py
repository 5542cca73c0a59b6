"""Learning from pairs: DPO with TRL's DPOTrainer, and ORPO (arXiv 2403.07691).

A row is prompt, response and end of text, weighed as in supervised training, and the rows are those
of the tunix backend. TRL's ORPO trainer is an experiment that learns the prompts too; ours is the
loss of the paper in the trainer of `sft`.
"""

from functools import partial
from typing import Any

from tunix_rt.registry.loading.jax import Loaded
from tunix_rt.rendering.batching import Batch
from tunix_rt.train.backends.torch import feeding, keeping, sft, starting, stepping
from tunix_rt.train.course.holding import HeldOut
from tunix_rt.train.course.journal import Journal
from tunix_rt.train.course.pairs import ALMOST_SURE, PairBatches
from tunix_rt.train.course.preferring import prefer
from tunix_rt.train.course.telling import batch_of
from tunix_rt.train.course.timing import Work, work_of
from tunix_rt.train.schema import TrainJob, TrainResult
from tunix_rt.train.schema_preference import Preference


def train(job: TrainJob, kind: str) -> TrainResult:
    """Learn the pairs to the end and export; what is on disk decides where it begins."""
    loaded = starting.adapted(starting.start_model(job), job.recipe)
    preferring = method(job, kind)

    def learn(batches: PairBatches, journal: Journal, steps: int) -> int:
        work = dict[int, Work]()

        def batch(step: int) -> tuple[list[dict[str, Any]], int]:
            found = batches.at(step)
            work[step + 1] = done = work_of(found, loaded.shape, job.recipe, counted=False)
            return fed(found, job.recipe.accumulate), done.useful

        course = stepping.Course(
            batch=batch,
            taken_on=partial(batch_of, batches.rows_at),
            steps=steps,
            loss=preferring.loss,
            held_out=HeldOut(job.recipe, steps, None, keeping.Best(job.folder)),
            kind=kind,
            work=work,
        )
        return stepping.run(job, loaded, course, journal, preferring.build)

    return prefer(job, loaded, learn, partial(starting.exported, loaded, job.folder / "model"))


def fed(batch: Batch, parts: int) -> list[dict[str, Any]]:
    """A batch of pairs in so many parts; each knows what the preferred tokens of all weigh."""
    found = feeding.fed(batch, parts, sides=2)
    own = sum(one["weights"].chunk(2)[0][:, 1:].sum() for one in found)
    return [one | {"own": own, "share": 1 / parts} for one in found]


def method(job: TrainJob, kind: str) -> sft.Method:
    """How the recipe of a job learns from pairs."""
    options = job.recipe.preference or Preference()
    if job.recipe.method == "dpo":
        return sft.Method(partial(_dpo, options), partial(_dpo_trainer, options, job, kind))
    return sft.Method(partial(_orpo, options), sft.trainer)


def _dpo_trainer(
    options: Preference, job: TrainJob, kind: str, common: dict[str, Any], given: dict[str, Any]
) -> Any:
    """TRL's DPOTrainer beside the model that learning began with."""
    from datasets import Dataset
    from trl import DPOConfig, DPOTrainer

    class Prepared(DPOTrainer):  # type: ignore[misc]
        def _prepare_dataset(self, dataset: Any, *more: Any) -> Any:
            return dataset

    reference: Loaded = starting.start_model(job)
    shown = Dataset.from_dict({"prompt": [""], "chosen": [""], "rejected": [""]})
    trainer = stepping.trainer_class(Prepared)(
        ref_model=reference.model.to(kind).eval(),
        args=DPOConfig(**common, beta=options.beta),
        train_dataset=shown,
        **given,
    )
    trainer.precompute_ref_logps = True  # what the rows were worth then comes with each batch
    return trainer


class _Weighed:
    """A model whose log-probabilities are multiplied by what their tokens weigh."""

    def __init__(self, model: Any, weights: Any) -> None:
        self.model, self.weights = model, weights
        self.told: Any = None

    def __call__(self, **inputs: Any) -> Any:
        found = self.model(**inputs)
        found.log_probs = self.told = found.log_probs.float() * self.weights
        return found


def _dpo(
    options: Preference, trainer: Any, model: Any, part: dict[str, Any]
) -> tuple[Any, dict[str, float]]:
    """DPO's loss by TRL, and the weighed loss of the right traces beside it."""
    import torch

    weights = part["weights"][:, 1:].float()
    with torch.no_grad():
        before = (feeding.log_probs(trainer.ref_model, part) * weights).sum(1)
    right, wrong = before.chunk(2)
    given = {
        "input_ids": part["input_ids"],
        "attention_mask": torch.ones_like(part["input_ids"]),  # padding is on the right
        "completion_mask": (part["weights"] > 0).long(),
        "ref_chosen_logps": right,
        "ref_rejected_logps": wrong,
    }
    weighed = _Weighed(model, weights)
    loss = trainer.stock_loss(weighed, given) * part["share"]
    if options.nll:
        loss = loss - options.nll * weighed.told.chunk(2)[0].sum() / part["own"]
    said = trainer._metrics["train"]
    names = {
        "preferred": "rewards/accuracies",
        "margin": "rewards/margins",
        "logp_right": "logps/chosen",
        "logp_wrong": "logps/rejected",
    }
    told = {name: float(said[theirs][-1]) * part["share"] for name, theirs in names.items()}
    said.clear()
    return loss, told


def _orpo(
    options: Preference, trainer: Any, model: Any, part: dict[str, Any]
) -> tuple[Any, dict[str, float]]:
    """ORPO's loss, from the mean log-probability of each row."""
    import torch

    weights = part["weights"][:, 1:].float()
    logps, counts = (feeding.log_probs(model, part) * weights).sum(1), weights.sum(1)
    right, wrong = logps.chunk(2)
    mean, other = (logps / counts).clamp(max=ALMOST_SURE).chunk(2)
    odds = torch.log(-torch.expm1(mean)), torch.log(-torch.expm1(other))
    margin = (mean - other) - (odds[0] - odds[1])
    learned = -(right / counts.chunk(2)[0]).mean()
    loss = learned - options.beta * torch.nn.functional.logsigmoid(margin).mean()
    told = {
        "preferred": (margin > 0).float(),
        "margin": margin.detach(),
        "logp_right": right.detach(),
        "logp_wrong": wrong.detach(),
    }
    share = part["share"]
    return loss * share, {name: float(one.mean()) * share for name, one in told.items()}
