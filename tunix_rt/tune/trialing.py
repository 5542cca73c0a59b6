"""One trial: queue its training, then the evaluation of its model, then keep its number."""

import math
from collections.abc import Sequence
from typing import Any

from tunix_rt.evaluate import asking
from tunix_rt.evaluate import query as evaluations
from tunix_rt.evaluate.metrics import NUMBERS, numbers
from tunix_rt.kit.errors import TunixError
from tunix_rt.runs import query as runs
from tunix_rt.runs import query_read
from tunix_rt.runs.schema import TERMINAL, NewRun
from tunix_rt.store import Connection, Row
from tunix_rt.train.queueing import slot
from tunix_rt.train.schema import TrainConfig
from tunix_rt.train.schema_contract import RunRequest
from tunix_rt.tune import query
from tunix_rt.tune.schema import Params
from tunix_rt.tune.space import recipe

TRAINING = ("loss", "final_loss", "gradient_norm", "tokens_per_second")
"""Metrics a training itself leaves: the last value of each, `final_loss` the mean of ten."""

MEASURED = NUMBERS
"""Metrics that need the model to be evaluated."""


def begin(
    connection: Connection, job: Row[Any], number: int, params: Params, *, model: str | None
) -> None:
    """Record a trial together with its queued training, so that there is never one alone."""
    trial_id = query.add_trial(connection, job.id, number, params)
    base = RunRequest(dataset_key=job.dataset_key, model_id=job.base_model_id, dry_run=False)
    try:
        chosen = recipe(base, model, params)
    except TunixError as error:  # each value fits, but not with the others
        query.set_trial(connection, trial_id, status="failed", error=str(error))
        return
    name = f"{job.name} #{number}"
    new = NewRun(
        kind="train",
        name=name,
        config=TrainConfig(recipe=chosen, dataset_key=job.dataset_key),
        dataset_key=job.dataset_key,
        model_id=job.base_model_id,
        device=slot(chosen),
    )
    run_id = runs.enqueue(connection, new)
    runs.link(connection, [("run", run_id, name, "run", job.run_id, job.name, "tried by")])
    query.set_trial(connection, trial_id, run_id=run_id)


def settle(connection: Connection, job: Row[Any], trial: Row[Any]) -> None:
    """Take an open trial one step on, if the run it waits for has ended."""
    done = query_read.get(connection, current(trial))
    if done.status not in TERMINAL:
        return
    if done.status != "completed":
        status = "cancelled" if done.status == "cancelled" else "failed"
        error = done.error or f"Its {done.kind} run {done.status}."
        query.set_trial(connection, trial.id, status=status, error=error)
    elif done.kind == "train" and job.metric_name in MEASURED:
        _measure(connection, job, trial)
    else:
        value = _value(connection, job.metric_name, done)
        if value is None:
            error = f"Its run ended without a finite number {job.metric_name!r}."
            query.set_trial(connection, trial.id, status="failed", error=error)
        else:
            query.set_trial(connection, trial.id, status="completed", value=value)


def cancel_open(connection: Connection, job_id: str) -> int:
    """Cancel every open trial of a job, and the run it waits for; how many there were."""
    opened = [one for one in query.trials(connection, job_id) if one.status == "running"]
    for one in opened:
        if query_read.get(connection, current(one)).status not in TERMINAL:
            runs.cancel(connection, current(one))
        query.set_trial(connection, one.id, status="cancelled", error="The job was cancelled.")
    return len(opened)


def current(trial: Row[Any]) -> str:
    """The run an open trial waits for."""
    waits_for: str = trial.evaluation_run_id or trial.run_id
    return waits_for


def best(trials: Sequence[Row[Any]], mode: str) -> Row[Any] | None:
    """The completed trial with the best value; the earliest of equals."""
    done = [one for one in trials if one.status == "completed"]
    sign = 1 if mode == "min" else -1
    return min(done, key=lambda one: (sign * one.value, one.number), default=None)


def _measure(connection: Connection, job: Row[Any], trial: Row[Any]) -> None:
    try:
        new = asking.wanted(connection, trial.run_id, job.suite)
    except TunixError as error:
        query.set_trial(connection, trial.id, status="failed", error=str(error))
        return
    query.set_trial(connection, trial.id, evaluation_run_id=runs.enqueue(connection, new))


def _value(connection: Connection, metric: str, done: Row[Any]) -> float | None:
    if metric in MEASURED:
        found = numbers(evaluations.get(connection, done.result["evaluation_id"]))
    else:
        found = {**(done.result or {}), **(done.last_metrics or {})}
    value = found.get(metric)
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else None
