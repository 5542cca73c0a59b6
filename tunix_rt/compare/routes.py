"""/api/regression: baselines, and runs checked against them."""

from fastapi import APIRouter

from tunix_rt.compare import gating, query
from tunix_rt.compare.schema import Baseline, Check, CheckRequest, NewBaseline
from tunix_rt.kit.http import Limit, Offset, Reading, Writing, problems

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
