"""What is asked of the game engine, and what it answers."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Result = Literal["win", "loss", "tie"]
Seed = Annotated[int, Field(ge=-(2**62), le=2**62)]


class EngineStatus(BaseModel):
    """Whether the engine is installed."""

    available: bool
    version: str | None


class Play(BaseModel):
    """How many games to play."""

    model_config = ConfigDict(frozen=True)

    count: Annotated[int, Field(ge=1, le=100)]
    seed: Seed | None = None
    """The deal of game i has the seed `seed + i`; without one, nobody can repeat it."""
    persist: bool = True


class Played(BaseModel):
    """One game that was played; it has no id when it was not stored."""

    trace_id: str | None
    game: str
    result: Result
    my_card: str


class PlayedMany(BaseModel):
    """The ids of the stored traces, and the first three games."""

    trace_ids: list[str]
    preview: list[Played]
