"""The rounds of practising on transformers' model: its rollouts as tensors."""

from functools import partial
from typing import Any

from tunix_rt.registry.loading.jax import Loaded
from tunix_rt.train.backends.torch import keeping
from tunix_rt.train.backends.torch.rollouts import Sampler
from tunix_rt.train.course import rounds
from tunix_rt.train.course.rounds import Lines
from tunix_rt.train.schema import TrainJob


class Rounds(rounds.Rounds):
    """With a sampler that asks the model itself."""

    def __init__(self, job: TrainJob, loaded: Loaded) -> None:
        super().__init__(job, loaded, partial(Sampler, precision=job.recipe.precision))
        self._parts = job.recipe.accumulate

    def wait(self) -> None:
        """Wait until the newest weights are there."""
        import torch

        if self.loaded.model.device.type == "cuda":
            torch.cuda.synchronize()

    def is_finite(self) -> bool:
        """Whether every weight that is trained is a finite number."""
        return keeping.is_finite(self.loaded.model)

    def computed(self, lines: Lines) -> Lines:
        """The lines that have something to learn, or else one without, to the longest's end.

        In several parts all lines are computed, so that none is without.
        """
        some = lines.learned.any(axis=1).nonzero()[0] if lines.learned.any() else [0]
        if self._parts > 1:
            some = range(len(lines.learned))
        width = max(int((lines.learned[some].sum(axis=1)).max()), 1)
        return Lines(
            prompts=lines.prompts[some],
            given=lines.given[some],
            tokens=lines.tokens[some, :width],
            answered=lines.answered[some, :width],
            learned=lines.learned[some, :width],
            advantages=lines.advantages[some],
        )

    def example(self, lines: Lines) -> list[dict[str, Any]]:
        """What the loss reads, in the parts of the recipe.

        A part's `share` of the loss is that of its tokens or of its lines, as the recipe averages;
        TRL takes the mean over all its lines, and here those count that are learned.
        """
        import torch

        given = {
            "prompt_ids": lines.prompts.astype("int64"),
            "prompt_mask": lines.given.astype("int64"),
            "completion_ids": lines.tokens.astype("int64"),
            "completion_mask": lines.learned.astype("int64"),
            "advantages": lines.advantages,
        }
        device, parts = self.loaded.model.device, self._parts
        cut = {name: torch.from_numpy(one).to(device).chunk(parts) for name, one in given.items()}
        found = [dict(zip(cut, part, strict=True)) for part in zip(*cut.values(), strict=True)]
        tokens = max(int(lines.learned.sum()), 1)
        learned = max(int(lines.learned.any(axis=1).sum()), 1)
        for one in found:
            one["tokens"] = int(one["completion_mask"].sum()) / tokens
            by_token = self.options.aggregation == "token-mean"
            one["share"] = one["tokens"] if by_token else len(one["advantages"]) / learned
        return found
