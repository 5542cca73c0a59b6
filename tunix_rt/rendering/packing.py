"""Rows end to end in lines of one width: the longest first, each where it fits most tightly."""

from bisect import bisect_left, insort
from typing import Any


def pack(lengths: Any, width: int, seed: int) -> list[list[int]]:
    """Lines of row numbers; the rows of a line have at most `width` tokens together.

    Best fit decreasing. Rows of one length come in an order that the seed decides, so that
    neighbours in a dataset do not stay neighbours.
    """
    import numpy as np

    shuffled = np.random.default_rng([seed]).permutation(len(lengths))
    order = shuffled[np.argsort(-lengths[shuffled], kind="stable")]
    lines: list[list[int]] = []
    open_lines: dict[int, list[int]] = {}
    spaces: list[int] = []
    for row, length in zip(order.tolist(), lengths[order].tolist(), strict=True):
        at = bisect_left(spaces, length)
        if at == len(spaces):
            line, space = len(lines), width
            lines.append([])
        else:
            space = spaces[at]
            line = open_lines[space].pop()
            if not open_lines[space]:
                del open_lines[space], spaces[at]
        lines[line].append(row)
        left = space - length
        if left:
            if left not in open_lines:
                insort(spaces, left)
            open_lines.setdefault(left, []).append(line)
    return lines
