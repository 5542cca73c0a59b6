"""/api/runs/{id}/checkpoints: what a training can go on from, or be forked from."""

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import AfterValidator

from tunix_rt.kit.http import OpenStore, Reading, path_id, problems
from tunix_rt.runs import query_read
from tunix_rt.train import checkpointing
from tunix_rt.train.schema_checkpoints import KeptCheckpoints

router = APIRouter(prefix="/runs", tags=["training"])

RunId = Annotated[str, Path(), AfterValidator(path_id("run"))]


@router.get("/{run_id}/checkpoints", response_model=KeptCheckpoints, responses=problems(404, 422))
def list_checkpoints(connection: Reading, store: OpenStore, run_id: RunId) -> KeptCheckpoints:
    """What a training has kept so far, in the order of steps; of any other run nothing."""
    row = query_read.get(connection, run_id)
    return KeptCheckpoints(data=checkpointing.checkpoints(store.home / "runs" / str(row.id)))
