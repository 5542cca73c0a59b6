"""From features to a probability, with nothing but the numbers of a fitted observer."""

from bisect import bisect_left
from collections.abc import Sequence
from math import exp

from tunix_rt.kit.errors import Conflict
from tunix_rt.observers.features import FEATURES
from tunix_rt.observers.schema import Model


def fits(model: Model) -> Model:
    """The model, or `Conflict` if it was fitted on other features than are computed now."""
    if model.features != FEATURES:
        raise Conflict("This observer was fitted on other features.", hint="tunix-rt observers fit")
    return model


def probability(model: Model, values: Sequence[float]) -> float:
    """How likely a trace with these features is wrong, 0..1."""
    total = model.intercept
    for value, mean, scale, weight in zip(
        values, model.mean, model.scale, model.weights, strict=True
    ):
        total += weight * (value - mean) / scale
    return _calibrated(model, 1 / (1 + exp(-max(-500.0, min(500.0, total)))))


def _calibrated(model: Model, raw: float) -> float:
    """Linear between the points of the curve, flat beyond its ends."""
    place = bisect_left(model.curve_from, raw)
    if place == 0:
        return model.curve_to[0]
    if place == len(model.curve_from):
        return model.curve_to[-1]
    left, right = model.curve_from[place - 1], model.curve_from[place]
    low, high = model.curve_to[place - 1], model.curve_to[place]
    return low + (high - low) * (raw - left) / (right - left)
