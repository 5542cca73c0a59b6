"""Accuracy and its interval."""

from collections.abc import Sequence
from typing import Any

from tunix_rt.evaluate.schema import FamilyScore, Tally
from tunix_rt.kit.proportions import wilson
from tunix_rt.store import Row


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
