"""How much better each rollout did than its group, number by number as Tunix's estimators say."""

from collections.abc import Sequence
from typing import Any, Literal

TINY = 1e-6
"""What the spread of a group is raised by, so that a flat one divides."""


def advantages(
    kind: Literal["grpo", "drgrpo", "rloo"], rewards: Sequence[float], group: int
) -> Any:
    """The advantage of each reward; neighbours, `group` at a time, are one group (float32)."""
    import numpy as np

    sets = np.array(rewards, np.float32).reshape(-1, group)
    if kind == "rloo":
        others = (sets.sum(axis=-1, keepdims=True) - sets) / (group - 1)
        return (sets - others).flatten()
    above = sets - sets.mean(axis=-1, keepdims=True)
    if kind == "grpo":
        above = above / (sets.std(axis=-1, ddof=1, keepdims=True) + TINY)
    return above.flatten()
