"""Queue, claim, beat, finish: the only statements that change a run's state.

The `run` table is the queue. A worker holds a run by a lease that its heart beat
renews; when the beat stops, anyone may take the run over. The attempt number is
the fencing token: whoever lost the run can no longer write to it, or for it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, insert, or_, select, update

from tunix_rt.kit.errors import BadRequest, Conflict, Lost, NotFound
from tunix_rt.kit.ids import new_id, now
from tunix_rt.runs import query_after, query_device
from tunix_rt.runs.schema import HELD, TERMINAL, NewRun, Status
from tunix_rt.runs.table import lineage, run, run_log, run_metric
from tunix_rt.store import Connection, upsert

MAX_DEATHS = 3
"""A run whose process dies this often in a row, without a new step, is failed."""

TIMED_OUT = 124
"""The exit code of a run that took too long, as `timeout` of the shell has it."""

AGAIN = "queued again"
"""What becomes of a run that is let go and goes on."""

Edge = tuple[str, str, str, str, str, str, str]
"""from kind, from id, from label, to kind, to id, to label, relation"""


def enqueue(connection: Connection, new: NewRun) -> str:
    """Put a run into the queue and return its id; `Conflict` if that is taken.

    Runs of a higher priority go first; among equals, those that came first.
    """
    run_id = new.id or new_id()
    if new.id is not None and connection.scalar(select(run.c.id).where(run.c.id == new.id)):
        raise Conflict(f"The run {new.id} exists already.", hint="Choose another id.")
    connection.execute(
        insert(run).values(
            id=run_id,
            kind=new.kind,
            name=new.name[:512],
            status="pending",
            config=new.config.model_dump(mode="json"),
            dataset_key=new.dataset_key,
            model_id=new.model_id,
            output_dir=new.output_dir,
            priority=new.priority,
            device=new.device,
            attempt=0,
            deaths=0,
            created_at=now(),
        )
    )
    if new.after:
        query_after.wait_for(connection, run_id, new.after)
    return run_id


def claim(
    connection: Connection,
    *,
    worker: str,
    lease: timedelta,
    run_id: str | None = None,
    accelerator: str | None = None,
) -> Row[Any] | None:
    """Take the first waiting or abandoned run, or just `run_id`; two workers never share one.

    A run waits while one that it comes after is not completed, and while any of its devices is
    taken on the worker's host, which is what its name begins with. `accelerator` is the kind that
    this host has, which is the device of runs that take whichever there is.
    """
    moment, host = now(), worker.partition(":")[0]
    taken = query_device.taken(connection, host, accelerator)
    free = or_(run.c.device.is_(None), run.c.device.not_in(taken))
    ready = and_(run.c.status == "pending", free, ~query_after.held_back())
    waiting = (
        select(run).where(or_(ready, _abandoned(moment))).order_by(run.c.priority.desc(), run.c.id)
    )
    if run_id is not None:
        waiting = waiting.where(run.c.id == run_id)
    first = waiting.limit(1).with_for_update(skip_locked=True, of=run)
    found = connection.execute(first).one_or_none()
    if found is None:
        return None
    if found.status != "pending":
        after = put_back(connection, found.id, found.attempt, died=True)
        if after != AGAIN:
            return None
    if not query_device.is_free(connection, found, host, accelerator):
        return None  # another worker took it between the two statements
    ours = (
        update(run)
        .where(run.c.id == found.id)
        .values(
            status="running",
            worker=worker,
            host=host,
            attempt=found.attempt + 1,
            lease_until=moment + lease,
            started_at=found.started_at or moment,
        )
        .returning(run)
    )
    return connection.execute(ours).one()


def _abandoned(moment: datetime) -> ColumnElement[bool]:
    return and_(run.c.status.in_(HELD), run.c.lease_until < moment)


def begin(connection: Connection, run_id: str) -> None:
    """Start a run that its caller does itself, at once."""
    connection.execute(
        update(run).where(run.c.id == run_id).values(status="running", started_at=now())
    )


def beat(
    connection: Connection, run_id: str, attempt: int, *, lease: timedelta, **values: Any
) -> Status:
    """Renew the lease and write `values`; `Lost` when the run is no longer ours."""
    mine = (
        update(run)
        .where(run.c.id == run_id, run.c.attempt == attempt, run.c.status.in_(HELD))
        .values(lease_until=now() + lease, **values)
        .returning(run.c.status)
    )
    status: Status | None = connection.execute(mine).scalar_one_or_none()
    if status is None:
        raise Lost
    return status


def hold(connection: Connection, run_id: str, attempt: int) -> None:
    """Keep the run ours until this transaction ends; `Lost` when it no longer is."""
    mine = select(run.c.id).where(
        run.c.id == run_id, run.c.attempt == attempt, run.c.status.in_(HELD)
    )
    if connection.execute(mine.with_for_update()).one_or_none() is None:
        raise Lost


def put_back(
    connection: Connection, run_id: str, attempt: int, *, died: bool, why: str = ""
) -> str | None:
    """Let go of a run whose process stopped early; what became of it, or null if not ours.

    A run that was asked to stop is cancelled, or took too long; one whose process died too often
    fails, and says `why` it may have; any other goes back into the queue.
    """
    held = (run.c.id == run_id, run.c.attempt == attempt, run.c.status.not_in(TERMINAL))
    found = connection.execute(select(run).where(*held)).one_or_none()
    if found is None:
        return None
    if found.status == "cancel_requested" and found.exit_code == TIMED_OUT:
        finish(
            connection, run_id, attempt, status="timeout", error=found.error, exit_code=TIMED_OUT
        )
        return "it took too long"
    if found.status == "cancel_requested":
        finish(connection, run_id, attempt, status="cancelled", error="The run was cancelled.")
        return "cancelled, as was asked"
    deaths = found.deaths + died
    if deaths >= MAX_DEATHS:
        error = f"The run's process died {deaths} times in a row; it is not tried again.{why}"
        finish(connection, run_id, attempt, status="failed", error=error, exit_code=1)
        return error
    again = update(run).where(*held)
    connection.execute(again.values(status="pending", worker=None, lease_until=None, deaths=deaths))
    return AGAIN


def finish(
    connection: Connection,
    run_id: str,
    attempt: int,
    *,
    status: Status,
    error: str | None = None,
    exit_code: int | None = None,
) -> bool:
    """Record how a run ended; say whether this attempt still held it."""
    ended = (
        update(run)
        .where(run.c.id == run_id, run.c.attempt == attempt, run.c.status.not_in(TERMINAL))
        .values(
            status=status,
            error=error,
            exit_code=exit_code,
            completed_at=now(),
            lease_until=None,
        )
    )
    ours = connection.execute(ended).rowcount > 0
    if ours and status != "completed":
        query_after.give_up(connection, run_id, status)
    return ours


def cancel(connection: Connection, run_id: str) -> None:
    """Stop a waiting run at once; ask a working one to stop."""
    found = connection.execute(
        select(run.c.status, run.c.attempt).where(run.c.id == run_id).with_for_update()
    ).one_or_none()
    if found is None:
        raise NotFound(f"There is no run {run_id}.")
    if found.status in TERMINAL:
        raise BadRequest(f"Run is already in terminal state: {found.status}")
    if found.status == "pending":
        finish(connection, run_id, found.attempt, status="cancelled")
    else:
        connection.execute(update(run).where(run.c.id == run_id).values(status="cancel_requested"))


def time_out(connection: Connection, run_id: str, attempt: int, *, error: str) -> None:
    """Ask a run that takes too long to stop: it keeps where it is, and ends as `timeout`."""
    working = (run.c.id == run_id, run.c.attempt == attempt, run.c.status == "running")
    asked = update(run).where(*working)
    connection.execute(asked.values(status="cancel_requested", error=error, exit_code=TIMED_OUT))


def requeue(connection: Connection, run_id: str) -> None:
    """Queue a run again that ended early or was abandoned; it goes on from what it left behind."""
    again = (
        update(run)
        .where(run.c.id == run_id, or_(run.c.status.in_(query_after.LOST), _abandoned(now())))
        .values(
            status="pending",
            worker=None,
            lease_until=None,
            error=None,
            exit_code=None,
            completed_at=None,
            deaths=0,
        )
        .returning(run.c.id)
    )
    if connection.execute(again).one_or_none() is None:
        found = connection.scalar(select(run.c.status).where(run.c.id == run_id))
        if found is None:
            raise NotFound(f"There is no run {run_id}.")
        raise Conflict(f"The run is {found}; only one that ended early can be queued again.")
    query_after.still_hopeful(connection, run_id)


def add_log(connection: Connection, run_id: str, lines: Sequence[tuple[str, str]]) -> None:
    """Append (stream, text) lines behind the last one; two who append take turns."""
    connection.execute(select(run.c.id).where(run.c.id == run_id).with_for_update())
    last = connection.execute(
        select(func.coalesce(func.max(run_log.c.seq), 0)).where(run_log.c.run_id == run_id)
    ).scalar_one()
    moment = now()
    connection.execute(
        insert(run_log),
        [
            {
                "run_id": run_id,
                "seq": seq,
                "stream": stream,
                "chunk": text,
                "created_at": moment,
            }
            for seq, (stream, text) in enumerate(lines, start=last + 1)
        ],
    )


def put_metrics(
    connection: Connection, run_id: str, points: Mapping[int, dict[str, float]]
) -> None:
    """Record numbers by their steps; a step seen before, after a resume, is replaced.

    How many there are is kept on the run: counting a million of them takes too long. A point that
    names what the one before it does not is marked, so that a thinned series keeps it. A run that
    tells a new step goes on: what died before that is forgiven.
    """
    mine = run_metric.c.run_id == run_id
    newest = select(run_metric).where(mine).order_by(run_metric.c.step.desc()).limit(1)
    last = connection.execute(newest).one_or_none()
    usual = frozenset[str]() if last is None else frozenset(last.numbers)
    moment, fresh = now(), []
    for step, numbers in points.items():
        told = {"numbers": numbers, "created_at": moment}
        again = update(run_metric).where(mine, run_metric.c.step == step).values(told)
        if last is None or step > last.step or not connection.execute(again).rowcount:
            rare = not numbers.keys() <= usual
            fresh.append({"run_id": run_id, "step": step, "rare": rare, **told})
        usual = frozenset(numbers)
    if fresh:
        connection.execute(insert(run_metric), fresh)
        counted = run.c.points + len(fresh)
        connection.execute(update(run).where(run.c.id == run_id).values(points=counted, deaths=0))


def link(connection: Connection, edges: Iterable[Edge]) -> None:
    """Write lineage edges; one that is known stays as it is."""
    rows = [
        dict(
            zip(
                (
                    "from_kind",
                    "from_id",
                    "from_label",
                    "to_kind",
                    "to_id",
                    "to_label",
                    "relation",
                ),
                edge,
                strict=True,
            )
        )
        for edge in edges
    ]
    if rows:
        connection.execute(upsert(connection, lineage).on_conflict_do_nothing(), rows)
