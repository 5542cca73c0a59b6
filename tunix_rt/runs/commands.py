"""tunix-rt runs: list, show, log, cancel long work."""

from pathlib import Path
from typing import get_args

import click

from tunix_rt.kit.errors import BadInput
from tunix_rt.kit.terminal import emit_json, json_option, line
from tunix_rt.runs import accelerators, query, query_read, showing, tracking
from tunix_rt.runs.schema import TERMINAL, Status
from tunix_rt.runs.schema_export import EXPERIMENT
from tunix_rt.store.session import Session, pass_session


@click.group("runs")
def app() -> None:
    """Watch and stop long work."""


@app.command("list")
@click.option("--kind", help="Only this kind: train, evaluate, verify, ...")
@click.option("--status", type=click.Choice(get_args(Status)), help="Only this status.")
@click.option("--limit", default=20, type=click.IntRange(1, 10_000), help="How many.")
@json_option
@pass_session
def list_(
    session: Session, kind: str | None, status: str | None, limit: int, as_json: bool
) -> None:
    """Show runs, newest first."""
    with session.store.read() as connection:
        rows = query_read.page(connection, limit=limit, kind=kind, status=status)
    runs = [query_read.summary(row) for row in rows]
    showing.listed(runs, as_json)


@app.command()
@click.argument("run_id")
@json_option
@pass_session
def show(session: Session, run_id: str, as_json: bool) -> None:
    """Show one run: state, config, result, lineage."""
    with session.store.read() as connection:
        row = query_read.get(connection, showing.checked(run_id))
        folder = str(session.store.home / "runs" / row.id)
        found = query_read.detail(connection, row, folder, accelerators.here())
    showing.detail(found, as_json)


@app.command()
@click.argument("run_id")
@click.option("--follow", "-f", is_flag=True, help="Go on until the run ends.")
@pass_session
def log(session: Session, run_id: str, follow: bool) -> None:
    """Print a run's log."""
    import time

    seq, ended = 0, False
    while True:
        with session.store.read() as connection:
            status = query_read.get(connection, showing.checked(run_id)).status
            lines = query_read.log_since(connection, run_id, seq)
        for one in lines:
            seq = one.seq
            showing.said(one.chunk, one.stream)
        if not lines and (not follow or ended):
            return
        ended = status in TERMINAL  # its worker may still have its last lines
        if not lines:
            time.sleep(0.4)


@app.command()
@click.argument("run_id")
@json_option
@pass_session
def cancel(session: Session, run_id: str, as_json: bool) -> None:
    """Ask a run to stop."""
    with session.store.write() as connection:
        query.cancel(connection, showing.checked(run_id))
        status = query_read.get(connection, run_id).status
    if as_json:
        emit_json({"run_id": run_id, "status": status})
    else:
        click.echo("Run cancellation requested")


@app.command()
@click.argument("run_id")
@json_option
@pass_session
def retry(session: Session, run_id: str, as_json: bool) -> None:
    """Queue a run again that failed, was cancelled or took too long; it goes on where it was."""
    with session.store.write() as connection:
        query.requeue(connection, showing.checked(run_id))
    if as_json:
        emit_json({"run_id": run_id, "status": "pending"})
    else:
        click.echo("Queued again")


@app.command()
@click.argument("run_id")
@click.option(
    "--tensorboard",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="Write an event file into a folder.",
)
@click.option("--mlflow", metavar="URI", help="Log it to a tracking server, or to sqlite:///FILE.")
@click.option("--experiment", default=EXPERIMENT, show_default=True, help="Of MLflow.")
@json_option
@pass_session
def export(
    session: Session,
    run_id: str,
    tensorboard: Path | None,
    mlflow: str | None,
    experiment: str,
    as_json: bool,
) -> None:
    """Hand a run's numbers and config to TensorBoard or MLflow."""
    if (tensorboard is None) == (mlflow is None):
        raise BadInput("Give --tensorboard FOLDER or --mlflow URI.")
    with session.store.read() as connection:
        row = query_read.get(connection, showing.checked(run_id))
    if tensorboard is not None:
        count = tracking.to_tensorboard(session.store, row, tensorboard)
        said = {"run_id": run_id, "folder": str(tensorboard), "numbers": count}
    else:
        there = tracking.to_mlflow(session.store, row, str(mlflow), experiment)
        said = {"run_id": run_id, "tracker": str(mlflow), "mlflow_run_id": there}
    if as_json:
        emit_json(said)
    else:
        line(", ".join(f"{name} {value}" for name, value in said.items()))
