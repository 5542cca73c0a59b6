"""The loss on rows that are held out, measured while a model learns."""

import json
import shutil
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tunix_rt.registry.loading.jax import Loaded
from tunix_rt.rendering.batching import Batch, Rows, laid, make_rows
from tunix_rt.rendering.widths import width_of
from tunix_rt.train.schema import Recipe, TrainJob


class Best(ABC):
    """The weights of the lowest held-out loss: `best/STEP` in the folder of a training."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "best"
        self._said = self.folder / "best.json"
        self.step, self.loss = 0, float("inf")
        if self._said.is_file():
            found = json.loads(self._said.read_text("utf-8"))
            self.step, self.loss = found["step"], found["loss"]

    def offer(self, step: int, loss: float, model: Any) -> None:
        """Keep the weights of a step whose loss is lower than all before."""
        if not loss < self.loss:
            return
        shutil.rmtree(self.folder / str(step), ignore_errors=True)  # of a save that was killed
        self.folder.mkdir(parents=True, exist_ok=True)
        self.write(step, model)
        self.step, self.loss = step, loss
        part = self._said.with_suffix(".part")
        part.write_text(json.dumps({"step": step, "loss": loss}), "utf-8")
        part.replace(self._said)
        for other in self.folder.iterdir():
            if other.is_dir() and other.name != str(step):
                shutil.rmtree(other)

    @abstractmethod
    def write(self, step: int, model: Any) -> None:
        """Write the weights of a step into a folder of its number."""

    @abstractmethod
    def restore(self, model: Any) -> None:
        """Put the best weights back into the model."""


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

    def leave(self, model: Any) -> tuple[float | None, int | None]:
        """The held-out loss of what is left, and its step where the best weights are put back."""
        if not self._recipe.checkpoints.best:
            return self.last, None
        self._best.restore(model)
        return self._best.loss, self._best.step


def rows_of(job: TrainJob, start: Loaded) -> Rows | None:
    """The rows that are held out; None where the recipe asks for no measuring."""
    recipe = job.recipe
    if recipe.evaluation.every is None or job.held_out is None:
        return None
    return make_rows(job.held_out, start.tokenizer, recipe.rendering(), vocab=start.shape.vocab)


def batches_of(rows: Rows, size: int) -> Iterator[Batch]:
    """Every row once, in their order."""
    width = width_of(int(rows.lengths.max()))
    for start in range(0, len(rows), size):
        some = range(start, min(start + size, len(rows)))
        yield laid([[rows.row(one)] for one in some], width, rows.pad, packed=False)
