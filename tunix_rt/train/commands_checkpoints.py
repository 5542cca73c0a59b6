"""tunix-rt train checkpoints: what a training can go on from."""

import click

from tunix_rt.kit.terminal import emit_json, json_option, table
from tunix_rt.runs import query_read, showing
from tunix_rt.store.session import Session, pass_session
from tunix_rt.train import checkpointing
from tunix_rt.train.schema_checkpoints import KeptCheckpoints


@click.command()
@click.argument("run_id")
@json_option
@pass_session
def checkpoints(session: Session, run_id: str, as_json: bool) -> None:
    """List the checkpoints of a training: to go on from, or to fork another one from."""
    with session.store.read() as connection:
        row = query_read.get(connection, showing.checked(run_id))
    found = checkpointing.checkpoints(session.store.home / "runs" / str(row.id))
    if as_json:
        emit_json(KeptCheckpoints(data=found).model_dump())
        return
    rows = [
        (
            one.step,
            f"{one.bytes / 1e6:,.1f}",
            one.created_at,
            "best" if one.best else "",
            "" if one.resumable else "weights alone",
        )
        for one in found
    ]
    table(("step", "MB", "kept at", "", ""), rows)
