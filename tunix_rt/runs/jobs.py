"""The one work that runs have of their own: hand one to TensorBoard or MLflow."""

import shutil
from typing import Any

from tunix_rt.kit.errors import Conflict
from tunix_rt.kit.settings import Settings, read_settings
from tunix_rt.runs import query, query_read, tracking
from tunix_rt.runs.schema import TERMINAL, Job, NewRun, Run
from tunix_rt.runs.schema_export import EVENTS, NewRunExport, RunExport, RunExports
from tunix_rt.store import Row

NAMES = {"tensorboard": "TensorBoard", "mlflow": "MLflow"}


def export(run: Run, wanted: RunExport) -> None:
    """Export from the beginning; done again, it puts what is whole in the place of what was cut."""
    with run.store.read() as connection:
        row = query_read.get(connection, wanted.run_id)
    with run.write() as connection:
        ends = ("run", row.id, row.name or row.kind, "run", run.id, f"to {NAMES[wanted.to]}")
        query.link(connection, [(*ends, "exported")])
    if wanted.to == "tensorboard":
        _to_tensorboard(run, row)
    else:
        _to_mlflow(run, row, wanted.experiment)


def _to_tensorboard(run: Run, row: Row[Any]) -> None:
    whole = run.folder / EVENTS
    part = whole.with_suffix(".part")
    shutil.rmtree(part, ignore_errors=True)
    count = tracking.to_tensorboard(run.store, row, part, run.progress)
    with run.write():  # who lost the run must not touch what the other has made
        shutil.rmtree(whole, ignore_errors=True)
        part.replace(whole)
    run.result({"folder": str(whole), "numbers": count})
    run.log(f"{count:,} numbers: tensorboard --logdir {whole}")


def _to_mlflow(run: Run, row: Row[Any], experiment: str) -> None:
    tracker = _tracker(read_settings())
    try:
        there = tracking.to_mlflow(run.store, row, tracker, experiment, run.progress)
        run.log(f"MLflow holds the run as {there}, in the experiment {experiment!r}.")
    except tracking.Held as held:  # by an attempt before, or somebody else: it is there
        there = held.there
        run.log(held.message)
    run.result({"experiment": experiment, "mlflow_run_id": there})


def export_of(row: Row[Any], wanted: NewRunExport, settings: Settings) -> NewRun:
    """The run that exports one; what is missing for it is told before it is queued."""
    if wanted.to == "mlflow":
        tracking.must_have_ended(row)
        _tracker(settings)
    name = f"{row.name or row.kind} to {NAMES[wanted.to]}"
    return NewRun("export-run", name, RunExport(run_id=row.id, **wanted.model_dump()))


def exports_of(row: Row[Any], settings: Settings) -> RunExports:
    """Where a run can go now."""
    to_mlflow = row.status in TERMINAL and settings.mlflow_tracker
    return RunExports(to=["tensorboard", "mlflow"] if to_mlflow else ["tensorboard"])


def _tracker(settings: Settings) -> str:
    """The tracker of this machine: a client that named one could have files written here."""
    if not settings.mlflow_tracker:
        raise Conflict(
            "No MLflow tracker is set on the server.",
            hint="Set MLFLOW_TRACKING_URI where it runs.",
        )
    return settings.mlflow_tracker


jobs = [Job("export-run", RunExport, export)]
