"""Fit and calibrate an observer, and measure it on problems it has not seen.

Traces of one problem are never on both sides: the folds are cut by problem, and so is the
resampling that gives the interval. The curve of the final model is fitted on predictions for
held-out problems, because a model is too sure of what it has learned from.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tunix_rt.kit.errors import BadInput, MissingExtra
from tunix_rt.observers.features import FEATURES, VERSION
from tunix_rt.observers.schema import FitConfig, Model, Quality

HINT = "pip install 'tunix-rt[observe]'"
FEWEST = 20
"""Wrong traces and right ones, at least."""

RESAMPLES = 500


@dataclass(frozen=True)
class Known:
    """Traces with a known truth: their features, whether each is wrong, and its problem."""

    values: list[list[float]]
    wrong: list[bool]
    groups: list[str]


def fit(known: Known, config: FitConfig) -> tuple[Model, Quality]:
    """The observer of all traces, and what such a one reaches on problems it has not seen."""
    _enough(known, config.folds)
    try:
        import numpy as np
        from sklearn.isotonic import IsotonicRegression
        from sklearn.model_selection import GroupKFold
    except ImportError:
        raise MissingExtra("Fitting an observer needs scikit-learn.", hint=HINT) from None
    x, y = np.asarray(known.values, dtype=float), np.asarray(known.wrong, dtype=float)
    groups = np.asarray(known.groups)
    raw, calibrated = np.zeros(len(y)), np.zeros(len(y))
    folds = GroupKFold(config.folds, shuffle=True, random_state=config.seed)
    for train, test in folds.split(x, y, groups):
        raw[test] = _regression(x[train], y[train]).predict_proba(x[test])[:, 1]
    for train, test in folds.split(x, y, groups):
        curve = IsotonicRegression(out_of_bounds="clip").fit(raw[train], y[train])
        calibrated[test] = curve.predict(raw[test])
    curve = IsotonicRegression(out_of_bounds="clip").fit(raw, y)
    whole = _regression(x, y)
    model = Model(
        features=FEATURES,
        features_version=VERSION,
        mean=_floats(whole[0].mean_),
        scale=_floats(whole[0].scale_),
        weights=_floats(whole[1].coef_[0]),
        intercept=float(whole[1].intercept_[0]),
        curve_from=_floats(curve.X_thresholds_),
        curve_to=_floats(curve.y_thresholds_),
    )
    return model, _quality(y, raw, calibrated, groups, config.seed)


def _enough(known: Known, folds: int) -> None:
    wrong = sum(known.wrong)
    if min(wrong, len(known.wrong) - wrong) < FEWEST:
        raise BadInput(
            f"There are {wrong} wrong and {len(known.wrong) - wrong} right traces; "
            f"an observer needs {FEWEST} of each.",
            hint="tunix-rt verify run judges answers; --truth says who tells what is right.",
        )
    if len(set(known.groups)) < max(folds, FEWEST):
        raise BadInput(f"There are only {len(set(known.groups))} different problems.")


def _regression(x: Any, y: Any) -> Any:
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000)).fit(x, y)


def _quality(y: Any, raw: Any, calibrated: Any, groups: Any, seed: int) -> Quality:
    import numpy as np
    from sklearn.metrics import brier_score_loss, precision_recall_curve, roc_auc_score

    places = [np.flatnonzero(groups == group) for group in np.unique(groups)]
    chance = np.random.default_rng(seed)
    areas = []
    for _ in range(RESAMPLES):
        drawn = chance.integers(0, len(places), len(places))
        some = np.concatenate([places[i] for i in drawn])
        if 0 < y[some].sum() < len(some):
            areas.append(roc_auc_score(y[some], raw[some]))
    low, high = np.quantile(areas, [0.025, 0.975])
    precision, recall, _ = precision_recall_curve(y, raw)
    return Quality(
        traces=len(y),
        problems=len(places),
        wrong=int(y.sum()),
        auc=float(roc_auc_score(y, raw)),
        auc_low=float(low),
        auc_high=float(high),
        brier=float(brier_score_loss(y, calibrated)),
        brier_of_share=float(y.mean() * (1 - y.mean())),
        recall_at_90=float(max(recall[precision >= 0.9], default=0.0)),
    )


def _floats(values: Sequence[float]) -> tuple[float, ...]:
    return tuple(float(value) for value in values)
