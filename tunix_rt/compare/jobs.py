"""The long work of comparing: a gate that waits for the runs it judges."""

from tunix_rt.compare import gating
from tunix_rt.compare.schema import CheckRequest
from tunix_rt.kit.errors import Conflict
from tunix_rt.runs.schema import Job, Run


def gate(run: Run, request: CheckRequest) -> None:
    """Check a run against its baseline; this run fails where that one is worse."""
    with run.store.read() as connection:
        found = gating.check(connection, request)
    run.result(found.model_dump())
    run.log(f"{found.verdict}: {found.details}")
    if found.verdict == "fail":
        raise Conflict(f"The gate {request.baseline_name} is closed: {found.details}")


jobs = [Job("gate", CheckRequest, gate)]
