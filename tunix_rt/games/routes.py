"""/api/ungar: the card-game engine, as earlier clients know it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from tunix_rt.games import playing, ungar
from tunix_rt.games.schema import EngineStatus, Play, PlayedMany
from tunix_rt.kit.errors import BadInput
from tunix_rt.kit.http import OpenStore, json_lines, problems
from tunix_rt.kit.ids import is_id
from tunix_rt.rendering import records

router = APIRouter(prefix="/ungar", tags=["games"])


@router.get("/status", response_model=EngineStatus)
def get_engine_status() -> EngineStatus:
    """Whether the engine is installed."""
    return ungar.status()


@router.post(
    "/high-card-duel/generate",
    status_code=201,
    response_model=PlayedMany,
    responses=problems(422, 501, 502),
)
def play_games(store: OpenStore, request: Play) -> PlayedMany:
    """Play games of High Card Duel and store each as a trace with its exact odds."""
    return playing.play(store, request, ungar.Engine())


@router.get(
    "/high-card-duel/export.jsonl",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/x-ndjson": {}}}, **problems(422)},
)
def export_games(
    store: OpenStore,
    limit: Annotated[int, Query(ge=1, le=10_000)] = 100,
    trace_ids: Annotated[str | None, Query(max_length=400_000)] = None,
) -> StreamingResponse:
    """The newest games, or those named, separated by commas, in that order."""
    ids = None if trace_ids is None else [_id(one.strip()) for one in trace_ids.split(",")]
    return json_lines(records.blocks(playing.export(store, ids, limit)))


def _id(text: str) -> str:
    if not is_id(text):
        raise BadInput(f"{text[:100]!r} in trace_ids is not the id of a trace.")
    return str(UUID(text))
