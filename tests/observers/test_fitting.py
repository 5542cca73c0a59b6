"""What an observer learns, how honestly it is measured, and that its JSON says the same."""

import json
import random

import pytest

from tests.observers.watching import fit, store_some, trace
from tunix_rt.kit.errors import BadInput, Conflict
from tunix_rt.observers import query
from tunix_rt.observers.features import FEATURES, features
from tunix_rt.observers.fitting import Known
from tunix_rt.observers.fitting import fit as fitted
from tunix_rt.observers.model import fits, probability
from tunix_rt.observers.schema import FitConfig, Model
from tunix_rt.store import Store


def some(count: int = 200, *, signal: float = 1.5, groups: int | None = None) -> Known:
    """Features of which the first tells something, and the others nothing."""
    chance = random.Random(0)
    values, wrong, names = [], [], []
    for number in range(count):
        bad = chance.random() < 0.4
        row = [chance.gauss(0, 1) for _ in FEATURES]
        row[0] += signal * bad
        values.append(row)
        wrong.append(bad)
        names.append(str(number if groups is None else number % groups))
    return Known(values, wrong, names)


def test_it_finds_the_feature_that_tells(store: Store) -> None:
    store_some(store, 120)

    fit(store)

    with store.read() as connection:
        found = query.get(connection, "o")
    assert found.quality.traces == 120
    assert found.quality.wrong == 60
    assert 0.8 < found.quality.auc_low <= found.quality.auc <= found.quality.auc_high <= 1
    assert found.quality.brier < found.quality.brier_of_share
    best = {one.feature for one in found.coefficients[:4]}
    assert best & {"has_false_claim", "false_claims", "warns_final_unsupported"}
    assert found.licence is None


def test_noise_is_not_learned() -> None:
    model, quality = fitted(some(400, signal=0.0), FitConfig(name="o"))

    assert quality.auc_low < 0.5 < quality.auc_high
    assert quality.recall_at_90 < 0.1
    assert len(model.weights) == len(FEATURES)


def test_what_is_learned_by_heart_does_not_count() -> None:
    """Eight samples of each problem with one truth: only folds by problem are honest."""
    chance = random.Random(1)
    problems = [[chance.gauss(0, 1) for _ in FEATURES] for _ in range(40)]
    truth = [chance.random() < 0.5 for _ in problems]
    values = [[v + chance.gauss(0, 0.01) for v in row] for row in problems for _ in range(8)]
    known = Known(values, [t for t in truth for _ in range(8)], [str(i // 8) for i in range(320)])

    _, quality = fitted(known, FitConfig(name="o"))

    assert quality.auc_low < 0.5
    assert quality.problems == 40


def test_the_model_says_as_json_what_the_library_says() -> None:
    import numpy as np
    from sklearn.isotonic import IsotonicRegression
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    known = some()
    model, _ = fitted(known, FitConfig(name="o"))
    again = Model.model_validate(json.loads(model.model_dump_json()))

    x, y = np.array(known.values), np.array(known.wrong)
    scaler = StandardScaler().fit(x)
    raw = LogisticRegression(max_iter=2000).fit(scaler.transform(x), y)
    curve = IsotonicRegression(out_of_bounds="clip").fit(model.curve_from, model.curve_to)
    expected = curve.predict(raw.predict_proba(scaler.transform(x))[:, 1])
    assert [probability(again, row) for row in known.values] == pytest.approx(list(expected))


def test_probabilities_mean_what_they_say() -> None:
    known = some(4000)
    model, _ = fitted(known, FitConfig(name="o"))
    said = [probability(model, row) for row in known.values]

    assert all(0 <= one <= 1 for one in said)
    likely = [wrong for one, wrong in zip(said, known.wrong, strict=True) if one > 0.6]
    mean = sum(one for one in said if one > 0.6) / len(likely)
    assert sum(likely) / len(likely) == pytest.approx(mean, abs=0.05)


def test_too_little_to_learn_from_is_said(store: Store) -> None:
    store_some(store, 30)

    with pytest.raises(BadInput, match="15 wrong and 15 right"):
        fit(store)
    with pytest.raises(BadInput, match="has a ruling"):
        fit(store, truth="ruling")
    with pytest.raises(BadInput, match="different problems"):
        fitted(some(200, groups=10), FitConfig(name="o"))


def test_an_observer_is_never_overwritten(store: Store) -> None:
    store_some(store, 60)
    fit(store, truth="label")

    with pytest.raises(Conflict, match="exists already"):
        fit(store)


def test_a_trace_has_one_number_for_each_feature() -> None:
    right, wrong = (features(trace(4, wrong=wrong, tells=True)) for wrong in (False, True))

    assert len(right) == len(FEATURES)
    by_name = dict(zip(FEATURES, wrong, strict=True))
    assert (by_name["steps"], by_name["claims"], by_name["false_claims"]) == (1, 1, 1)
    assert by_name["prompt_coverage"] == 2 / 3  # the number of the problem is not used


def test_a_model_of_other_features_is_refused() -> None:
    model, _ = fitted(some(), FitConfig(name="o"))

    assert fits(model) is model
    with pytest.raises(Conflict, match="other features"):
        fits(model.model_copy(update={"features": ("old",)}))
