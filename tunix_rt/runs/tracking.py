"""A run as other trackers know it: TensorBoard's event files, and MLflow's runs."""

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from tunix_rt.kit.errors import BadInput, Broken, Conflict, MissingExtra
from tunix_rt.runs import query_read
from tunix_rt.runs.schema import TERMINAL
from tunix_rt.store import Row, Store

INSTALL = "pip install 'tunix-rt[track]'"
AT_ONCE = 1_000
"""MLflow takes no more numbers in one call."""

PARAMETERS_AT_ONCE = 100
LONGEST_PARAMETER = 6_000
VERSION = "brain.Event:2"
"""What TensorBoard's event files call themselves."""

TAG = "tunix_rt.run_id"
STATES = {"completed": "FINISHED", "failed": "FAILED", "timeout": "FAILED", "cancelled": "KILLED"}

Report = Callable[[int, int | None, str], None]
"""Told how many points of how many are written; what it raises ends the export."""


class Held(Conflict):
    """MLflow holds a run already, as `there`."""

    def __init__(self, there: str) -> None:
        super().__init__(f"MLflow holds this run already, as {there}.")
        self.there = there


class Point(NamedTuple):
    """Numbers at one step."""

    step: int
    moment: datetime
    numbers: Mapping[str, float]


def points(store: Store, run_id: str) -> Iterator[Sequence[Point]]:
    """Every point of a run in the order of its steps, some at a time."""
    after = -1
    while True:
        with store.read() as connection:
            some = query_read.points_after(connection, run_id, after, AT_ONCE)
        if not some:
            return
        yield [Point(row.step, row.created_at, row.numbers) for row in some]
        after = some[-1].step


def parameters(config: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    """A config as flat names and texts: `recipe.optimizer.name`, `muon`."""
    for name, value in config.items():
        if isinstance(value, Mapping):
            yield from parameters(value, f"{path}{name}.")
        elif value is not None:
            yield f"{path}{name}", str(value)[:LONGEST_PARAMETER]


def _silent(_done: int, _total: int | None, _text: str) -> None:
    """For who does not ask how far it is."""


def to_tensorboard(store: Store, run: Row[Any], folder: Path, report: Report = _silent) -> int:
    """Write the event file of a run into `folder`, in the place of an older one; its numbers.

    tensorboardX's own `SummaryWriter` writes in a thread, and waits for ever once a full disk has
    ended that.
    """
    try:
        from tensorboardX.proto.event_pb2 import Event
        from tensorboardX.record_writer import RecordWriter
        from tensorboardX.summary import scalar, text
    except ImportError as error:
        raise MissingExtra("tensorboardX is not installed.", hint=INSTALL) from error
    done = count = 0
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with closing(RecordWriter(str(folder / f"events.out.tfevents.{run.id}"))) as file:
            said = "\n".join(f"    {name}: {value}" for name, value in parameters(run.config))
            began = run.created_at.timestamp()
            for first in ({"file_version": VERSION}, {"summary": text("config", said)}):
                file.write(Event(wall_time=began, **first).SerializeToString())
            for some in points(store, run.id):
                for step, moment, numbers in some:
                    at = moment.timestamp()
                    for name, value in numbers.items():
                        event = Event(wall_time=at, step=step, summary=scalar(name, value))
                        file.write(event.SerializeToString())
                        count += 1
                done += len(some)
                report(done, max(done, run.points), f"{count:,} numbers")
    except OSError as error:
        raise Broken(f"The event file could not be written: {error.strerror or error}.") from None
    return count


def must_have_ended(run: Row[Any]) -> None:
    """`Conflict` for a run that MLflow could only hold a part of."""
    if run.status not in TERMINAL:
        raise Conflict(f"The run is {run.status}; it is exported when it has ended.")


def to_mlflow(
    store: Store, run: Row[Any], tracker: str, experiment: str, report: Report = _silent
) -> str:
    """Log a run that has ended to an MLflow `tracker`, once; the id of its run there.

    One that was cut short is logged from the beginning, for MLflow doubles a repeated point.
    """
    must_have_ended(run)
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    try:
        from mlflow import MlflowClient
        from mlflow.exceptions import MlflowException
    except ImportError as error:
        raise MissingExtra("mlflow-skinny is not installed.", hint=INSTALL) from error
    try:
        client = MlflowClient(tracker)
        mine = _new_run(client, run, experiment)
        _log(client, mine, store, run, report)
        client.set_terminated(mine, STATES[run.status], _milliseconds(run.completed_at))
    except MlflowException as error:
        raise BadInput(f"MLflow refused the run: {_first_line(error)}") from None
    return mine


def _new_run(client: Any, run: Row[Any], experiment: str) -> str:
    known = client.get_experiment_by_name(experiment)
    place = known.experiment_id if known else client.create_experiment(experiment)
    for one in client.search_runs([place], f"tags.`{TAG}` = '{run.id}'"):
        if one.info.status == STATES[run.status]:
            raise Held(one.info.run_id)
        client.delete_run(one.info.run_id)
    tags = {TAG: run.id, "tunix_rt.kind": run.kind}
    if run.dataset_key is not None:
        tags["tunix_rt.dataset"] = run.dataset_key
    began = _milliseconds(run.started_at or run.created_at)
    return str(client.create_run(place, began, tags, run_name=run.name).info.run_id)


def _log(client: Any, mine: str, store: Store, run: Row[Any], report: Report) -> None:
    from mlflow.entities import Metric, Param

    told = [Param(name, value) for name, value in parameters(run.config)]
    for start in range(0, len(told), PARAMETERS_AT_ONCE):
        client.log_batch(mine, params=told[start : start + PARAMETERS_AT_ONCE])
    done = count = 0
    for some in points(store, run.id):
        held = [
            Metric(name, value, _milliseconds(moment), step)
            for step, moment, numbers in some
            for name, value in numbers.items()
        ]
        for start in range(0, len(held), AT_ONCE):
            client.log_batch(mine, metrics=held[start : start + AT_ONCE])
            report(done, max(done, run.points), f"{count + start:,} numbers")
        done, count = done + len(some), count + len(held)
    report(done, max(done, run.points), f"{count:,} numbers")


def _first_line(error: Exception) -> str:
    """What MLflow says, without the name and the password in the address of a tracker."""
    return re.sub(r"//[^/@\s]+@", "//", str(error).splitlines()[0])[:300]


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
