"""The loss on rows that are held out, measured while a model learns."""

from collections.abc import Callable, Iterator
from typing import Any, Protocol

from tunix_rt.rendering.batching import Batch, Rows, laid
from tunix_rt.rendering.widths import width_of
from tunix_rt.train.schema import Recipe


class Best(Protocol):
    """The weights of the lowest held-out loss, kept on disk."""

    def offer(self, step: int, loss: float, model: Any) -> None:
        """Keep the weights of a step whose loss is lower than all before."""
        ...


class HeldOut:
    """Measures when the recipe asks for it, and keeps the best weights if it asks for those."""

    def __init__(
        self, recipe: Recipe, steps: int, loss: Callable[[Any], float] | None, best: Best
    ) -> None:
        self.steps, self.loss = steps, loss
        self.last: float | None = None
        """What was measured last."""
        self._recipe, self._best = recipe, best

    def is_due(self, step: int) -> bool:
        """Whether a model that has taken so many steps is to be measured."""
        every = self._recipe.evaluation.every
        if self.loss is None or every is None or not step:
            return False
        return step % every == 0 or step == self.steps

    def at(self, step: int, model: Any) -> dict[str, float]:
        """What is measured of a model that has taken so many steps."""
        assert self.loss is not None
        found = self.last = self.loss(model)
        if self._recipe.checkpoints.best:
            self._best.offer(step, found, model)
        return {"held_out_loss": found}


def batches_of(rows: Rows, size: int) -> Iterator[Batch]:
    """Every row once, in their order."""
    import numpy as np

    width = width_of(int(np.diff(rows.starts).max()))
    for start in range(0, len(rows), size):
        some = range(start, min(start + size, len(rows)))
        yield laid([[rows.row(one)] for one in some], width, rows.pad, packed=False)
