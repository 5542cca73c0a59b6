"""Queue a training, and with it the evaluation of the model that it will make."""

from tunix_rt.datasets import query as datasets
from tunix_rt.evaluate import asking
from tunix_rt.kit.errors import BadInput
from tunix_rt.runs import query
from tunix_rt.runs.schema import NewRun
from tunix_rt.runs.schema_device import AUTO, devices
from tunix_rt.store import Connection
from tunix_rt.tasks import query as tasks
from tunix_rt.train.schema import Recipe, TrainConfig
from tunix_rt.train.schema_contract import QueuedTraining
from tunix_rt.train.schema_fork import Fork


def wanted(
    recipe: Recipe,
    dataset_key: str,
    *,
    run_id: str | None = None,
    priority: int = 0,
    after: tuple[str, ...] = (),
    dry_run: bool = False,
    fork: Fork | None = None,
) -> NewRun:
    """The run that trains by a recipe on a frozen dataset, or only says what that would take."""
    return NewRun(
        kind="train",
        name=f"{recipe.name} on {dataset_key}",
        config=TrainConfig(recipe=recipe, dataset_key=dataset_key, dry_run=dry_run, fork=fork),
        dataset_key=dataset_key,
        model_id=recipe.name,
        id=run_id,
        priority=priority,
        device=slot(recipe),
        after=after,
    )


def slot(recipe: Recipe) -> str | None:
    """The accelerators that a training has for itself; null on the CPU."""
    kind, _, number = recipe.device.partition(":")
    count = recipe.mesh.fsdp * recipe.mesh.tp
    if kind == "cpu":
        return None
    return kind if (kind, count) == (AUTO, 1) else devices(kind, int(number or 0), count)


def queue(connection: Connection, new: NewRun, evaluate: str | None = None) -> QueuedTraining:
    """Queue a training, and behind it the evaluation of its model on the suite `evaluate`."""
    datasets.get(connection, str(new.dataset_key))
    dry = isinstance(new.config, TrainConfig) and new.config.dry_run
    if evaluate is not None and dry:
        raise BadInput("A dry run leaves no model that could be evaluated.")
    if evaluate is not None:
        tasks.get(connection, evaluate)
    run_id = query.enqueue(connection, new)
    return QueuedTraining(
        run_id=run_id, status="pending", evaluation_run_id=_measured(connection, run_id, evaluate)
    )


def _measured(connection: Connection, run_id: str, suite: str | None) -> str | None:
    if suite is None:
        return None
    return query.enqueue(connection, asking.wanted(connection, run_id, suite, later=True))
