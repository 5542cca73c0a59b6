"""Inside a run's own process: do the job, then record how it ended.

The process dies with the worker that started it (Linux), so that a run is never
done twice at a time; whoever takes it over continues from what was committed.
"""

import ctypes
import os
import signal
import sys
import traceback
from collections.abc import Callable

from pydantic import BaseModel, ValidationError

from tunix_rt.kit.errors import BadInput, Cancelled, Lost, TunixError
from tunix_rt.runs import query
from tunix_rt.runs.query_read import get
from tunix_rt.runs.reporting import Reporter
from tunix_rt.runs.schema import Job, Status
from tunix_rt.store import Store

COMPLETED, FAILED, CANCELLED, LOST = 0, 1, 3, 4
"""Exit codes of a run's process."""


def do(store: Store, job_of: Callable[[str], Job | None], run_id: str, attempt: int) -> int:
    """Do one claimed run to its end and return the exit code of this process.

    `job_of(kind)` says how runs of a kind are done.
    """
    die_with_parent()
    with store.read() as connection:
        row = get(connection, run_id)
    folder = store.home / "runs" / run_id
    folder.mkdir(parents=True, exist_ok=True)
    report = Reporter(store, run_id, attempt, folder)

    def stop(_signal: int, _frame: object) -> None:
        report.stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the worker's to hear
    try:
        status, error, code = _attempt(report, job_of(row.kind), row.kind, row.config)
    except Lost as lost:
        print(lost, file=sys.stderr, flush=True)  # noqa: T201
        return LOST
    with store.write() as connection:
        if status == "cancelled":
            query.put_back(connection, run_id, attempt, died=False)
        else:
            query.finish(connection, run_id, attempt, status=status, error=error, exit_code=code)
    return code


def _attempt(
    report: Reporter, job: Job | None, kind: str, config: object
) -> tuple[Status, str | None, int]:
    try:
        if job is None:
            raise BadInput(f"This version does not know runs of the kind {kind!r}.")
        job.do(report, _read(job, config))
        report.flush()
    except Cancelled as stopped:
        return "cancelled", stopped.message, CANCELLED
    except Lost:
        raise
    except TunixError as explained:
        print(f"error: {explained}", file=sys.stderr, flush=True)  # noqa: T201
        return "failed", str(explained), FAILED
    except MemoryError:
        return "failed", "The machine has not enough memory for this run.", FAILED
    except Exception as bug:  # the one place where a bug in a job ends: on its run
        traceback.print_exc()
        return "failed", f"{type(bug).__name__}: {bug}"[:2000], FAILED
    return "completed", None, COMPLETED


def _read(job: Job, config: object) -> BaseModel:
    try:
        return job.config.model_validate(config)
    except ValidationError as invalid:
        first = invalid.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise BadInput(
            f"The run's config is not valid{f' at {place}' if place else ''}: {first['msg']}."
        ) from None


def die_with_parent() -> None:
    """Ask the kernel to kill this process when the worker's thread ends (Linux only)."""
    if sys.platform == "linux":
        parent = os.getppid()
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)
