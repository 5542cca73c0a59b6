"""The loss on rows that are held out, by transformers' models."""

from collections.abc import Callable
from typing import Any

from tunix_rt.rendering.batching import Rows
from tunix_rt.train.backends.torch.feeding import fed, log_probs
from tunix_rt.train.course.holding import batches_of
from tunix_rt.train.schema import Recipe


def held_out_loss(
    rows: Rows, recipe: Recipe, kind: str, check: Callable[[], None]
) -> Callable[[Any], float]:
    """A function that says a model's mean loss over every trained token of some rows.

    `check` is called before each batch.
    """
    import torch

    size = -(-min(recipe.batch_size, len(rows)) // recipe.accumulate)
    low = recipe.precision == "bfloat16"

    def loss(model: Any) -> float:
        total = weight = 0.0
        model.eval()
        with torch.no_grad(), torch.autocast(kind, torch.bfloat16, enabled=low):
            for batch in batches_of(rows, size):
                check()
                part = {name: one.to(kind) for name, one in fed(batch)[0].items()}
                counted = part["weights"][:, 1:].float()
                total -= float((log_probs(model, part) * counted).sum())
                weight += float(counted.sum())
        return total / weight

    return loss
