"""The regression gate: a run passes unless it is worse than its baseline by more than 5 %."""

import math
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Literal

from tunix_rt.compare import query
from tunix_rt.compare.schema import Baseline, Check, CheckRequest, GateRequest, NewBaseline
from tunix_rt.evaluate import query as evaluations
from tunix_rt.evaluate.metrics import NUMBERS, numbers
from tunix_rt.kit.errors import BadRequest, NotFound
from tunix_rt.runs import query_read
from tunix_rt.runs.schema import NewRun
from tunix_rt.store import Connection, Row

TOLERANCE = 0.05
"""How much worse than its baseline a run may be, as a share of the baseline."""

LOWER_IS_BETTER = ("loss", "latency", "time", "error")


@dataclass(frozen=True)
class Judgement:
    """What comparing two values came to."""

    delta: float
    percent: float | None
    verdict: Literal["pass", "fail"]
    why: str


def set_baseline(connection: Connection, new: NewBaseline) -> Baseline:
    """Give what a run reached a name; the run must be evaluated, and know the metric."""
    measured = _newest(connection, new.run_id, new.eval_set, new.dataset_key)
    _value(measured, new.metric)
    lower = new.lower_is_better
    row = query.put(
        connection,
        new.name,
        run_id=new.run_id,
        metric=new.metric,
        lower_is_better=lower_is_better(new.metric) if lower is None else lower,
        eval_set=new.eval_set,
        dataset_key=new.dataset_key,
    )
    return query.shown(row)


def check(connection: Connection, request: CheckRequest) -> Check:
    """Compare a run's newest evaluation with that of a baseline's run."""
    agreed = query.get(connection, request.baseline_name)
    query_read.get(connection, request.run_id)
    then = _newest(connection, agreed.run_id, agreed.eval_set, agreed.dataset_key)
    now = _newest(connection, request.run_id, agreed.eval_set, agreed.dataset_key)
    before, current = _value(then, agreed.metric), _value(now, agreed.metric)
    judged = judge(before, current, lower=agreed.lower_is_better)
    where = "" if then.suite == now.suite else f" Mind the suites: {then.suite}, then {now.suite}."
    return Check(
        run_id=request.run_id,
        baseline_name=agreed.name,
        baseline_run_id=agreed.run_id,
        metric_name=agreed.metric,
        baseline_value=before,
        current_value=current,
        delta=judged.delta,
        delta_percent=judged.percent,
        verdict=judged.verdict,
        details=f"{agreed.metric} {judged.why}{where}",
    )


def gate(request: GateRequest) -> NewRun:
    """The run that makes a check once the runs before it are completed."""
    asked = CheckRequest(run_id=request.run_id, baseline_name=request.baseline_name)
    return NewRun(
        kind="gate",
        name=f"{request.run_id} against {request.baseline_name}",
        config=asked,
        priority=request.priority,
        after=request.after,
    )


def judge(before: float, current: float, *, lower: bool) -> Judgement:
    """The verdict on `current` after `before`; exactly 5 % worse still passes."""
    delta = current - before
    worse = delta if lower else -delta
    allowed = TOLERANCE * abs(before)
    fails = worse > allowed and not math.isclose(worse, allowed, rel_tol=1e-9)
    percent = 100 * delta / abs(before) if before else None if delta else 0.0
    how = "the same" if not delta else "worse" if worse > 0 else "better"
    by = "" if not delta else " than nothing" if percent is None else f" by {abs(percent):.4g} %"
    rule = "any loss fails" if not before else f"up to {TOLERANCE:.0%} worse passes"
    way = "lower" if lower else "higher"
    why = f"went from {before:.6g} to {current:.6g}, {how}{by}; {way} is better, {rule}."
    return Judgement(delta, percent, "fail" if fails else "pass", why)


def lower_is_better(metric: str) -> bool:
    """Whether a metric of this name is one to keep small."""
    return any(word in metric.lower() for word in LOWER_IS_BETTER)


def _newest(
    connection: Connection, run_id: str, suite: str | None, dataset_key: str | None
) -> Row[Any]:
    try:
        return evaluations.newest_of(connection, run_id, suite=suite, dataset_key=dataset_key)
    except NotFound:
        scope = f" on the suite {suite!r}" if suite else ""
        scope += f" of a model trained on {dataset_key!r}" if dataset_key else ""
        raise BadRequest(
            f"The run {run_id} has no finished evaluation{scope}.",
            hint=f"Measure it: tunix-rt evaluate run {run_id} SUITE",
        ) from None


def _value(measured: Row[Any], metric: str) -> float:
    known = numbers(measured)
    if metric not in known:
        near = get_close_matches(metric, NUMBERS, n=1)
        hint = f"Did you mean {near[0]!r}?" if near else f"There are: {', '.join(NUMBERS)}."
        raise BadRequest(f"An evaluation has no metric {metric[:100]!r}.", hint=hint)
    if not math.isfinite(known[metric]):
        raise BadRequest(f"The metric {metric!r} of the run is not a finite number.")
    return known[metric]
