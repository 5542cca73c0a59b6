"""Queue a run and say so: what every route that starts long work answers."""

from tunix_rt.runs import query
from tunix_rt.runs.schema import NewRun, Queued
from tunix_rt.store import Connection


def queue(connection: Connection, new: NewRun) -> Queued:
    """Put a run into the queue."""
    return Queued(run_id=query.enqueue(connection, new), status="pending")
