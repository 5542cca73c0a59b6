import math
import sys
from typing import Any

import pytest
from pydantic import TypeAdapter

from tunix_rt.kit.errors import MissingExtra
from tunix_rt.tune.schema import Params, Space
from tunix_rt.tune.searching import Tried, suggest

SPACE: Space = TypeAdapter(Space).validate_python(
    {
        "learning_rate": {"type": "loguniform", "min": 1e-4, "max": 1.0},
        "weight_decay": {"type": "uniform", "min": 0, "max": 1},
        "num_epochs": {"type": "randint", "min": 1, "max": 3},
        "optimizer.name": {"type": "choice", "values": ["adamw", "muon"]},
        "tokenizer.vocab_size": {"type": "choice", "values": [64, None, 1.5, True]},
    }
)


def search(count: int, seed: int = 0, tried: list[Tried] | None = None) -> list[Tried]:
    """Trials one after another whose value is how near the learning rate is to 0.01."""
    found = list(tried or [])
    while len(found) < count:
        params = suggest(SPACE, found, mode="max", seed=seed)
        found.append(Tried(params, -distance(params), open=False))
    return found


def distance(params: Params) -> float:
    rate = params["learning_rate"]
    assert isinstance(rate, float)
    return abs(math.log10(rate) + 2)


def test_values_stay_in_their_space_and_all_of_it_is_tried() -> None:
    tried = [one.params for one in search(40)]

    seen: dict[str, set[Any]] = {name: {params[name] for params in tried} for name in SPACE}
    assert all(1e-4 <= rate <= 1 for rate in seen["learning_rate"])
    assert all(0 <= decay <= 1 for decay in seen["weight_decay"])
    assert (seen["num_epochs"], seen["optimizer.name"]) == ({1, 2, 3}, {"adamw", "muon"})
    assert seen["tokenizer.vocab_size"] == {64, None, 1.5, True}


def test_the_same_seed_tries_the_same_values_also_after_a_stop() -> None:
    whole = search(14)

    assert search(14, tried=whole[:7]) == whole
    assert search(1, seed=1) != whole[:1]


def test_later_trials_are_nearer_to_what_did_well() -> None:
    near = [distance(one.params) for one in search(40)]

    assert sum(near[25:]) / 15 < 0.75 * sum(near[:10]) / 10


def test_open_and_failed_trials_are_told_apart_from_good_ones() -> None:
    first = suggest(SPACE, [], mode="min", seed=3)
    known = [Tried(first, None, open=True), Tried(first, None, open=False)]

    assert suggest(SPACE, known, mode="min", seed=3) != first


def test_without_optuna_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "optuna", None)

    with pytest.raises(MissingExtra, match=r"tunix-rt\[tune\]"):
        suggest(SPACE, [], mode="max", seed=0)
