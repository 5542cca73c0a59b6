"""tunix-rt runs: list, show, log, cancel long work."""

from typing import get_args

import click

from tunix_rt.kit.terminal import emit_json, json_option
from tunix_rt.runs import query, query_read, showing
from tunix_rt.runs.schema import TERMINAL, Status
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
        found = query_read.detail(connection, row, str(session.store.home / "runs" / row.id))
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
        for line in lines:
            seq = line.seq
            showing.said(line.chunk, line.stream)
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
