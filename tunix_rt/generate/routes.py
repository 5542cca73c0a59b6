"""/api/redi: whether the text-generation server beside this one answers."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from tunix_rt.generate.health import Health
from tunix_rt.generate.schema import RediHealth

router = APIRouter(prefix="/redi", tags=["generate"])


def _health(request: Request) -> Health:
    """The application's memory of the last answer."""
    state = request.app.state
    if not hasattr(state, "redi_health"):
        state.redi_health = Health(state.settings)
    found: Health = state.redi_health
    return found


@router.get("/health", response_model=RediHealth, response_model_exclude_none=True)
async def get_redi_health(health: Annotated[Health, Depends(_health)]) -> RediHealth:
    """Whether RediAI answers; in mock mode it always does."""
    return await health.now()
