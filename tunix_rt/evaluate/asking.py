"""The run that evaluates; of a training's model as the contract asks, its suite is found here."""

from typing import Any

from tunix_rt.evaluate import query
from tunix_rt.evaluate.schema import EvaluateConfig
from tunix_rt.generate.completing import device_of
from tunix_rt.kit.errors import BadRequest, NotFound
from tunix_rt.runs import query as runs
from tunix_rt.runs import query_read
from tunix_rt.runs.schema import TERMINAL, NewRun
from tunix_rt.store import Connection, Row, Store
from tunix_rt.tasks import query as tasks

JUDGE = "answer_correctness"


def queue(store: Store, run_id: str) -> str:
    """Queue the evaluation of the model that a run left behind; the id of the new run."""
    with store.write() as connection:
        return runs.enqueue(connection, wanted(connection, run_id))


def wanted(
    connection: Connection, run_id: str, suite: str | None = None, *, later: bool = False
) -> NewRun:
    """The evaluation to queue for a run's model, on `suite` or where it was measured last.

    With `later` the run may still wait or work: the evaluation begins once it is completed.
    """
    subject = query_read.get(connection, run_id)
    recipe = subject.config.get("recipe") or {}
    ahead = later and subject.status not in TERMINAL
    config = EvaluateConfig(
        model_folder=None if ahead else model_folder(subject),
        suite=suite or _suite(connection, run_id),
        model_id=subject.model_id or subject.name,
        template=recipe.get("template", "think"),
        system=recipe.get("system"),
        subject_run_id=run_id,
        dataset_key=subject.dataset_key,
    )
    return run_of(config, priority=subject.priority, after=(run_id,) if ahead else ())


def run_of(config: EvaluateConfig, *, priority: int = 0, after: tuple[str, ...] = ()) -> NewRun:
    """The run that evaluates, with the device that its model is asked on for itself."""
    return NewRun(
        kind="evaluate",
        name=f"{config.model_id} on {config.suite}",
        config=config,
        dataset_key=config.dataset_key,
        model_id=config.model_id,
        priority=priority,
        device=device_of(config.provider) if config.predictions is None else None,
        after=after,
    )


def model_folder(subject: Row[Any]) -> str:
    """Where a run left its model; `BadRequest` if there is none, or not yet."""
    if subject.config.get("dry_run"):
        raise BadRequest("A dry run makes no model that could be evaluated.")
    if subject.status not in TERMINAL:
        raise BadRequest(
            f"The run is {subject.status}: its model is not there yet.",
            hint="Evaluate it when it has completed.",
        )
    folder: str | None = (subject.result or {}).get("model_folder")
    if folder is None:
        raise BadRequest(f"The run {subject.id} has left no model behind.")
    return folder


def _suite(connection: Connection, run_id: str) -> str:
    """The suite this run was last measured on, else the newest there is."""
    try:
        return str(query.newest_of(connection, run_id).suite)
    except NotFound:
        newest = tasks.page(connection, limit=1)
    if not newest:
        raise BadRequest(
            "There is no suite to evaluate on.",
            hint="Make one: tunix-rt tasks suite, or tasks import.",
        )
    return str(newest[0].name)
