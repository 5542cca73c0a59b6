"""TRL's trainers with our batches, our loss, our reports and our checkpoints.

What stays theirs: the loop, mixed devices, clipping, accumulation, the projection onto the
vocabulary in tiles. What they would send or write beside that is switched off.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from tunix_rt.registry.loading.jax import Loaded, quiet
from tunix_rt.train.backends.torch import keeping, optimising, placing, timing
from tunix_rt.train.backends.torch.feeding import Feed
from tunix_rt.train.course.holding import HeldOut
from tunix_rt.train.course.journal import Journal
from tunix_rt.train.course.rewinding import steps as checkpointed
from tunix_rt.train.course.telling import NotFinite, named
from tunix_rt.train.course.timing import TimedTeller, Work
from tunix_rt.train.schema import TrainJob

Loss = Callable[[Any, Any, dict[str, Any]], tuple[Any, dict[str, float]]]
"""A trainer, its model and a part of a batch to a loss, and to numbers that are told with it. The
losses, and the numbers, of all parts add up to the batch's."""


class Listener(TimedTeller):
    """Tells the steps of a trainer, and remembers what each of them computed."""

    norm = 0.0
    loss = 0.0

    def gradient_norm(self) -> float:
        """The global norm of the newest gradient, before it was clipped."""
        return self.norm


@dataclass(frozen=True, slots=True)
class Course:
    """What a trainer is handed for one training."""

    batch: Callable[[int], tuple[list[dict[str, Any]], int]]
    """The parts of the batch of a step, from 0, and its tokens without padding; without parts it
    is not taken, and none behind it."""
    taken_on: Callable[[int], str]
    """What a step, from 0, is taken on, in words."""
    steps: int
    loss: Loss
    held_out: HeldOut
    kind: str
    """`cpu` or `cuda`."""
    over: Callable[[int], dict[str, float]] = lambda _: {}
    """Further numbers of a step, from 1, once it is done."""
    together: int = 1
    """Steps that are left out or done as one: it is stopped and kept behind the last of them."""
    ceiling: float = 0.0
    """Operations a second that the device reaches; 0 where nobody asked."""
    work: dict[int, Work] | None = None
    """What each step from 1 computes whose batch was handed out; null where a round tells its own
    times."""


def run(job: TrainJob, loaded: Loaded, course: Course, journal: Journal, build: Any) -> int:
    """Train to the last step; the step of the checkpoint that it went on from.

    `build(common, given)` makes a trainer from what every one is configured with, and given.
    """
    done = (checkpointed(job.folder) or [0])[-1]
    rate = optimising.learning_rate(job.recipe.optimizer, course.steps)
    listener = Listener(job, journal, course.steps, rate, timing.clock(course.kind))
    listener.clock.ceiling = course.ceiling
    if course.work is not None:
        listener.clock.work = course.work
    placing.take_threads(loaded.model)
    with quiet():
        trainer = _trainer(job, loaded, course, listener, build, first=done)
        try:
            _run(trainer, done)
        except NotFinite as spoiled:
            raise named(job.folder, course.taken_on(spoiled.step - 1), spoiled) from None
    listener.end()
    return done


def _run(trainer: Any, done: int) -> None:
    """Take every step behind those that are done; where all are, measure what they left."""
    place, course = keeping.place_of(trainer.job.folder, done), trainer.course
    if done < course.steps:
        trainer.listener.begin()
        trainer.train(resume_from_checkpoint=str(place) if done else None)
        return
    trainer.read_weights(place)
    if course.held_out.is_due(done):
        course.held_out.at(done, trainer.model)


def _trainer(
    job: TrainJob, loaded: Loaded, course: Course, listener: Listener, build: Any, *, first: int
) -> Any:
    import transformers

    recipe = job.recipe
    model = loaded.model.to(course.kind)
    moved = optimising.optimizer(recipe.optimizer, model)
    common = common_arguments(job, course)
    given = {
        "model": model,
        "processing_class": transformers.PreTrainedTokenizerFast(
            tokenizer_object=loaded.tokenizer.inner
        ),
        "data_collator": lambda rows: rows,
        "optimizers": (moved, optimising.scheduler(recipe.optimizer, course.steps, moved)),
    }
    trainer = build(common, given)
    trainer.job, trainer.course, trainer.listener = job, course, listener
    trainer.first = first
    size = partial(keeping.size_of, model, moved)
    trainer.keeper = keeping.Keeper(job.folder, recipe.checkpoints, course.steps, size)
    trainer.remove_callback(transformers.PrinterCallback)
    trainer.add_callback(_told(trainer))
    return trainer


def common_arguments(job: TrainJob, course: Course) -> dict[str, Any]:
    """What every trainer is configured with; nothing is written, sent or printed by itself."""
    recipe = job.recipe
    return {
        "output_dir": str(job.folder / "checkpoints"),
        "max_steps": course.steps,
        "per_device_train_batch_size": 1,
        "gradient_accumulation_steps": recipe.accumulate,
        "max_grad_norm": recipe.optimizer.clip,
        "use_cpu": course.kind == "cpu",
        "bf16": False,
        "gradient_checkpointing": False,
        "save_strategy": "no",
        "logging_strategy": "no",
        "eval_strategy": "no",
        "logging_nan_inf_filter": False,
        "ignore_data_skip": True,
        "remove_unused_columns": False,
        "report_to": [],
        "disable_tqdm": True,
        "seed": recipe.seed,
        "max_length": None,
    }


def trainer_class(base: Any) -> Any:
    """A trainer of TRL's as ours."""
    return type("Trainer", (_Ours, base), {})


class _Ours:
    """What TRL's trainers do otherwise here."""

    loss_is_scaled_for_ga = True
    job: TrainJob
    course: Course
    listener: Listener
    keeper: keeping.Keeper
    first = 0
    """The step of the checkpoint that training goes on from."""
    state: Any
    control: Any
    model: Any

    def _send_telemetry(self) -> None:
        """Nothing is sent."""

    def get_train_dataloader(self) -> Feed:
        return Feed(self._handed_out, first=self.first, steps=self.course.steps)

    def _handed_out(self, step: int) -> list[dict[str, Any]]:
        timed = self.course.work is not None
        if timed:
            self.listener.clock.fetch()
        parts, tokens = self.listener.unless_cancelled(lambda: self.course.batch(step)) or ([], 0)
        if timed:
            self.listener.clock.fetched()
        if not parts:
            self.control.should_training_stop = True
            self.control.should_save = bool(step) and step not in checkpointed(self.job.folder)
            return []
        self.listener.tokens[step + 1], self.listener.loss = tokens, 0.0
        return parts

    def compute_loss(
        self,
        model: Any,
        inputs: dict[str, Any],
        return_outputs: bool = False,
        num_items_in_batch: Any = None,
    ) -> Any:
        import torch

        low = self.job.recipe.precision == "bfloat16"
        with torch.autocast(self.course.kind, torch.bfloat16, enabled=low):
            loss, told = self.course.loss(self, model, inputs)
        if told:
            more = self.listener.more.setdefault(self.state.global_step + 1, {})
            more.update({name: more.get(name, 0.0) + value for name, value in told.items()})
        return loss

    def stock_loss(self, model: Any, inputs: dict[str, Any]) -> Any:
        """The loss that TRL's trainer itself would compute."""
        theirs: Any = super()
        return theirs.compute_loss(model, inputs)

    def training_step(self, *given: Any, **more: Any) -> Any:
        theirs: Any = super()
        loss = theirs.training_step(*given, **more)
        self.listener.loss += float(loss)
        return loss

    def floating_point_ops(self, inputs: Any) -> int:
        return 0

    def _get_grad_norm(self, model: Any, grad_norm: Any = None) -> Any:
        theirs: Any = super()
        found = theirs._get_grad_norm(model, grad_norm=grad_norm)
        self.listener.norm = float(found)
        return found

    def _save_checkpoint(self, model: Any, trial: Any) -> None:
        self.keeper.save(self, self.state.global_step)

    def _load_from_checkpoint(self, resume_from_checkpoint: str, model: Any = None) -> None:
        self.read_weights(Path(resume_from_checkpoint))

    def read_weights(self, place: Path) -> None:
        """Those of a checkpoint to go on from."""
        keeping.read_weights(self.model, place / keeping.WEIGHTS)
        keeping.check_weights(self.model, self.first)


def _told(trainer: Any) -> Any:
    """Tells each step that is done, measures and keeps what is due, and stops when asked."""
    from transformers import TrainerCallback

    listener, course = trainer.listener, trainer.course

    class Told(TrainerCallback):  # type: ignore[misc]
        def on_step_end(self, args: Any, state: Any, control: Any, **more: Any) -> Any:
            step = int(state.global_step)
            listener.clock.done(step)
            seen = course.over(step)
            if course.held_out.is_due(step):
                held_out = partial(course.held_out.at, step, trainer.model)
                seen |= listener.unless_cancelled(held_out) or {}
            listener.more.setdefault(step, {}).update(seen)
            listener.step_done(step, listener.loss)
            if step % course.together:
                return control
            control.should_save = trainer.keeper.is_due(step)
            if listener.is_stopped():
                control.should_training_stop = control.should_save = True
            return control

    return Told()
