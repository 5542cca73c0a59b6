"""Batches as tensors, each in the parts that the recipe computes it in."""

from collections.abc import Callable, Iterator
from typing import Any

from tunix_rt.rendering.batching import Batch

IGNORED = -100
"""The label of a token that is not learned, as transformers has it."""

SEEN = ("input_ids", "labels", "attention_mask")
"""What a model is handed of a part."""


class Feed:
    """What a trainer draws its batches from, beginning at a step; no batch is drawn in vain."""

    def __init__(
        self, parts: Callable[[int], list[dict[str, Any]]], *, first: int, steps: int
    ) -> None:
        self._parts, self._first, self._steps = parts, first, steps

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for step in range(self._first, self._steps):
            parts = self._parts(step)
            if not parts:
                return
            yield from parts


def fed(batch: Batch, parts: int = 1, *, sides: int = 1) -> list[dict[str, Any]]:
    """A batch in so many parts; lines of padding make their number a multiple.

    Of two sides, one behind the other, each part has its own of both.

    Rows are padded on the right and every token sees only those before it, so that padding needs
    no mask. `total` is what the tokens of all parts weigh.
    """
    import numpy as np
    import torch

    more = -len(batch.tokens) % parts
    order = np.arange(len(batch.tokens) + more).reshape(sides, parts, -1).swapaxes(0, 1).ravel()
    tokens, weights = (
        torch.from_numpy(np.pad(one, ((0, more), (0, 0)))[order])
        for one in (batch.tokens, batch.weights)
    )
    ids = tokens.long()
    labels = ids.masked_fill(weights <= 0, IGNORED)
    total = weights[:, 1:].sum()
    total = torch.where(total > 0, total, torch.ones(()))
    cut = (ids.chunk(parts), labels.chunk(parts), weights.chunk(parts))
    return [
        {"input_ids": one, "labels": label, "weights": weight, "total": total}
        for one, label, weight in zip(*cut, strict=True)
    ]


def log_probs(model: Any, part: dict[str, Any]) -> Any:
    """The log-probability of each token behind the first (lines, columns - 1); 0 if not learned."""
    told = {name: part[name] for name in SEEN if name in part}
    return model(**told, use_cache=False, fused_lm_head=True).log_probs.float()


def mean_loss(model: Any, part: dict[str, Any]) -> Any:
    """Mean cross entropy of the tokens by their weights; the parts of a batch add up to its own."""
    counted = part["weights"][:, 1:].float()
    return -(log_probs(model, part) * counted).sum() / part["total"]
