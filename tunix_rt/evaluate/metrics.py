"""Accuracy and its interval."""

from collections.abc import Sequence
from math import sqrt
from typing import Any

from tunix_rt.evaluate.schema import FamilyScore, Tally
from tunix_rt.store import Row

Z95 = 1.959963984540054
"""The 97.5 % quantile of the standard normal distribution."""


def wilson(correct: float, total: float, z: float = Z95) -> tuple[float, float]:
    """The Wilson score interval of a proportion, 95 % by default.

    E. B. Wilson, J. Am. Stat. Assoc. 22 (1927) 209-212. It stays inside 0..1 and holds its
    coverage for small samples and proportions near 0 or 1. With no trial it is (0, 1).
    """
    if not 0 <= correct <= total:
        raise ValueError(f"{correct} of {total} is not a proportion")
    if total == 0:
        return 0.0, 1.0
    share = correct / total
    centre = share + z * z / (2 * total)
    spread = z * sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    scale = 1 + z * z / total
    low, high = (centre - spread) / scale, (centre + spread) / scale
    return max(0.0, min(low, share)), min(1.0, max(high, share))  # rounding may leave either


def scores(tallies: Sequence[Tally]) -> dict[str, Any]:
    """The numbers of an evaluation, as its row holds them.

    With several samples an item counts by its share of right ones, and the interval is
    Wilson's over the items: samples of one item are not independent trials.
    """
    items = sum(tally.n for tally in tallies)
    right = sum(tally.right for tally in tallies)
    low, high = wilson(right, items)
    return {
        "n_items": items,
        "n_correct": round(right),
        "n_undecided": sum(tally.undecided for tally in tallies),
        "n_missing": sum(tally.missing for tally in tallies),
        "accuracy": right / items if items else 0.0,
        "ci_low": low,
        "ci_high": high,
        "families": [_family(tally).model_dump() for tally in tallies],
    }


METRICS = ("answer_correctness", "ci_low", "ci_high")
"""What the contract calls the metrics of an evaluation."""

NUMBERS = ("primary_score", "score", *METRICS)
"""Every number of an evaluation that has a name; `score` is 0..100, the others 0..1."""


def numbers(row: Row[Any]) -> dict[str, float]:
    """The named numbers of a finished evaluation."""
    score = round(100 * row.accuracy, 4)
    values = (row.accuracy, score, row.accuracy, row.ci_low, row.ci_high)
    return dict(zip(NUMBERS, values, strict=True))


def _family(tally: Tally) -> FamilyScore:
    low, high = wilson(tally.right, tally.n)
    return FamilyScore(
        family=tally.family,
        n=tally.n,
        correct=round(tally.right),
        accuracy=tally.right / tally.n,
        ci_low=low,
        ci_high=high,
    )
