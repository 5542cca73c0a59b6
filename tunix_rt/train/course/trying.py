"""A step that is tried before a training: which batch and which rate it takes, and what is said."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tunix_rt.rendering.schema_batching import Layout
from tunix_rt.train.schema import Recipe
from tunix_rt.train.schema_dry import Tried, TriedStep

Size = tuple[int, int]
"""Lines and columns of a batch."""


@dataclass(frozen=True, slots=True)
class Steps:
    """A first step, a second one, and the second again from the checkpoint of the first."""

    losses: Sequence[float]
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
) -> Tried:
    """What is said of three steps, whose checkpoint lies in `folder`."""
    kept = (folder / "checkpoints" / "1").rglob("*")
    first, second, again = steps.losses
    return Tried(
        layout=layout,
        step=TriedStep(
            lines=size[0],
            width=size[1],
            loss=first,
            compile_seconds=steps.compiling,
            step_seconds=steps.seconds,
            checkpoint_bytes=sum(one.stat().st_size for one in kept if one.is_file()),
            restored=steps.went_on and second == again,
            device=device,
        ),
        compiled_bytes=compiled_bytes,
    )
