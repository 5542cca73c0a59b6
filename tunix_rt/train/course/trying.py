"""A step that is tried before a training: which batch and which rate it takes, and what is said."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tunix_rt.rendering.schema_batching import Layout
from tunix_rt.train.course.rounds import Rounds
from tunix_rt.train.schema import Recipe, TrainJob
from tunix_rt.train.schema_dry import Tried, TriedRound, TriedStep
from tunix_rt.train.schema_grpo import Answered, Rollout

Size = tuple[int, int]
"""Lines and columns of a batch."""


@dataclass(frozen=True, slots=True)
class Steps:
    """A first step, a second one, and the second again from the checkpoint of the first."""

    seen: Sequence[tuple[float, float]]
    """Loss and norm of the gradient of each. The loss of a round is the same with all weights."""
    seconds: float
    """Of a step, without compiling."""
    compiling: float
    went_on: bool
    """Whether the third one knew that it is the second."""


def largest(shapes: Sequence[Size]) -> Size:
    """The batch whose attention takes the most."""
    return max(shapes, key=lambda one: one[0] * one[1] ** 2)


def without_warmup(recipe: Recipe) -> Recipe:
    """The same, whose first step moves the weights, so that a start is no checkpoint of it."""
    optimizer = recipe.optimizer.model_copy(update={"warmup_steps": 0})
    return recipe.model_copy(update={"optimizer": optimizer})


def tried(
    folder: Path,
    steps: Steps,
    *,
    layout: Layout,
    size: Size,
    device: str,
    compiled_bytes: int | None,
    round: TriedRound | None = None,
) -> Tried:
    """What is said of three steps, whose checkpoint lies in `folder`."""
    kept = (folder / "checkpoints" / "1").rglob("*")
    first, second, again = steps.seen
    return Tried(
        layout=layout,
        step=TriedStep(
            lines=size[0],
            width=size[1],
            loss=first[0],
            compile_seconds=steps.compiling,
            step_seconds=steps.seconds,
            checkpoint_bytes=sum(one.stat().st_size for one in kept if one.is_file()),
            restored=steps.went_on and second == again,
            device=device,
        ),
        compiled_bytes=compiled_bytes,
        round=round,
    )


@dataclass(frozen=True, slots=True)
class FirstRound:
    """What came of the first round."""

    tried: TriedRound
    example: Any
    """What a trainer takes a step on whose answers are as long as they may be."""
    size: Size


def first_round(job: TrainJob, rounds: Rounds) -> FirstRound:
    """Ask for the first round and judge it, twice; nothing is kept."""
    assert job.practice is not None
    times = []
    for _ in range(2):
        began = time.perf_counter()
        _, sampled, answered = rounds.ask(0)
        times.append(time.perf_counter() - began)
    judging = time.perf_counter()
    job.practice.judge(answered)
    judged = time.perf_counter() - judging
    lines = rounds.computed(rounds.lines(_longest(rounds, answered)))
    return FirstRound(
        TriedRound(
            compile_seconds=max(times[0] - times[1], 0.0),
            sample_seconds=times[1],
            judge_seconds=judged,
            answer_tokens=sum(one.tokens for one in answered) / len(answered),
            ended=sum(one.ended for one in sampled) / len(sampled),
        ),
        rounds.example(lines),
        (len(lines.prompts), lines.prompts.shape[1] + lines.tokens.shape[1]),
    )


def _longest(rounds: Rounds, answered: Sequence[Answered]) -> list[Rollout]:
    """Rollouts of the greatest length, every other one better than its neighbour."""
    new, end = rounds.options.max_new_tokens, rounds.loaded.tokenizer.eos_id()
    return [
        Rollout(
            place=place,
            answered=one._replace(tokens=new, ended=False),
            ids=[end] * new,
            logps=[],
            rewards={},
            reward=float(place % 2),
            advantage=1.0 - 2.0 * (place % 2),
        )
        for place, one in enumerate(answered)
    ]
