"""/api/regression: baselines, and runs checked against them."""

from fastapi import APIRouter

from tunix_rt.compare import gating, query
from tunix_rt.compare.schema import Baseline, Check, CheckRequest, GateRequest, NewBaseline
from tunix_rt.kit.http import Limit, Offset, Reading, Writing, problems
from tunix_rt.runs import query_read, queueing
from tunix_rt.runs.schema import Queued

router = APIRouter(prefix="/regression", tags=["regression"])


@router.post("/baselines", status_code=201, response_model=Baseline, responses=problems(400, 422))
def set_baseline(connection: Writing, new: NewBaseline) -> Baseline:
    """Name what a run reached; a name that is taken moves to this run."""
    return gating.set_baseline(connection, new)


@router.get("/baselines", response_model=list[Baseline], responses=problems(422))
def list_baselines(connection: Reading, limit: Limit = 50, offset: Offset = 0) -> list[Baseline]:
    """Baselines, the one set last first."""
    return [query.shown(row) for row in query.page(connection, limit=limit, offset=offset)]


@router.post("/check", response_model=Check, responses=problems(400, 404, 422))
def check_run(connection: Reading, request: CheckRequest) -> Check:
    """Compare a run with a baseline: pass, unless it is worse by more than 5 %."""
    return gating.check(connection, request)


@router.post("/gates", status_code=202, response_model=Queued, responses=problems(404, 409, 422))
def queue_gate(connection: Writing, request: GateRequest) -> Queued:
    """Queue a check behind other runs; where it fails, what waits for it is cancelled."""
    query.get(connection, request.baseline_name)
    query_read.get(connection, request.run_id)
    return queueing.queue(connection, gating.gate(request))
