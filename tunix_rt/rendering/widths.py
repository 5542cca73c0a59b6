"""How wide batches are: the longest row, or a few widths that waste little."""

import math
from typing import Any

CANDIDATES = 64
"""Widths that are tried."""

GOOD = 1.02
"""As few widths are taken as cost at most this much more than the most."""


def width_of(longest: int) -> int:
    """Columns of a batch whose longest row has so many tokens."""
    return -(-longest // 8) * 8


def bucket_widths(lengths: Any, most: int, tokens: int) -> list[int]:
    """At most so many widths, in order, that pad rows of these lengths least.

    Every bucket fills at least one batch of `tokens` tokens, or a rare length would fill whole
    batches with the same rows.
    """
    import numpy as np

    widest = width_of(int(lengths.max()))
    unit = width_of(math.ceil(widest / CANDIDATES))
    edges = [0, *range(unit, widest, unit), widest]
    upto: Any = np.searchsorted(np.sort(lengths), np.array(edges), side="right")
    upto = upto.tolist()
    best: list[dict[int, tuple[int, list[int]]]] = [{0: (0, [])}]
    for _ in range(most):
        found: dict[int, tuple[int, list[int]]] = {}
        for end in range(1, len(edges)):
            least = max(1, tokens // edges[end])
            choices = [
                (cost + (upto[end] - upto[begin]) * edges[end], [*chosen, edges[end]])
                for begin, (cost, chosen) in best[-1].items()
                if begin < end and upto[end] - upto[begin] >= least
            ]
            if choices:
                found[end] = min(choices)
        best.append(found)
    whole = [one[len(edges) - 1] for one in best if len(edges) - 1 in one]
    if not whole:
        return [widest]
    least = min(cost for cost, _ in whole)
    return next(chosen for cost, chosen in whole if cost <= GOOD * least)
