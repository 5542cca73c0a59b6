"""tunix-rt runs ..., done by a server."""

from collections.abc import Callable
from typing import Any

from tunix_rt.client import Client
from tunix_rt.kit.terminal import emit_json, line
from tunix_rt.runs import showing


def list_(client: Client, kind: str | None, status: Any, limit: int, as_json: bool) -> None:
    """Show runs, newest first."""
    showing.listed(list(client.runs.list(kind=kind, status=status, limit=limit)), as_json)


def show(client: Client, run_id: str, as_json: bool) -> None:
    """Show one run."""
    showing.detail(client.runs.get(showing.checked(run_id)), as_json)


def log(client: Client, run_id: str, follow: bool) -> None:
    """Print a run's log."""
    runs = client.runs
    run_id = showing.checked(run_id)
    for one in runs.follow(run_id) if follow else runs.log(run_id):
        showing.said(one.chunk, one.stream)


def cancel(client: Client, run_id: str, as_json: bool) -> None:
    """Ask a run to stop."""
    said = client.runs.cancel(showing.checked(run_id))
    if as_json:
        emit_json({"run_id": run_id, "status": client.runs.get(run_id).status})
    else:
        line(said.message)


def retry(client: Client, run_id: str, as_json: bool) -> None:
    """Queue a run again."""
    said = client.runs.retry(showing.checked(run_id))
    if as_json:
        emit_json(said.model_dump())
    else:
        line("Queued again")


ACTS: dict[str, Callable[..., None]] = {
    "list": list_,
    "show": show,
    "log": log,
    "cancel": cancel,
    "retry": retry,
}
