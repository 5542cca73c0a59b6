"""/api/tunix/runs/{id}/rollouts and /doctor: what a model practised, while it does."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import AfterValidator

from tunix_rt.kit.http import Limit, Offset, Reading, path_id, problems
from tunix_rt.train import doctoring, showing
from tunix_rt.train.schema_rollouts import Diagnosis, RolloutPage

router = APIRouter(prefix="/tunix", tags=["training"])

RunId = Annotated[str, Path(), AfterValidator(path_id("run"))]
Place = Annotated[int | None, Query(ge=0, le=2**31 - 1)]


@router.get("/runs/{run_id}/rollouts", response_model=RolloutPage, responses=problems(404, 422))
def list_rollouts(
    connection: Reading,
    run_id: RunId,
    limit: Limit = 20,
    offset: Offset = 0,
    round: Place = None,
    slot: Place = None,
) -> RolloutPage:
    """What a training has practised so far, the newest round first; or one round, or one group."""
    return showing.rollouts(connection, run_id, limit=limit, offset=offset, round=round, slot=slot)


@router.get("/runs/{run_id}/doctor", response_model=Diagnosis, responses=problems(404, 422))
def examine_run(connection: Reading, run_id: RunId) -> Diagnosis:
    """What is wrong with a training that practises, with rollouts that show it."""
    return doctoring.diagnose(connection, run_id)
