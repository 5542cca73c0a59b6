"""How a model is asked, and what it said."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class Sampling(BaseModel):
    """How the next token is chosen. Temperature 0 is greedy, and the default."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    max_new_tokens: Annotated[int, Field(ge=1, le=32_768)] = 256
    temperature: Annotated[float, Field(ge=0, le=10)] = 0.0
    top_p: Annotated[float, Field(gt=0, le=1)] = 1.0
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 0
    """Ignored when greedy. The same seed and the same prompts give the same texts."""


class Completion(BaseModel):
    """One text a model wrote; the end-of-text token is not part of it."""

    model_config = ConfigDict(frozen=True)

    text: str
    tokens: int
    finish: Literal["stop", "length"]
    """`stop`: the model ended its text. `length`: it was cut at `max_new_tokens`."""


class RediHealth(BaseModel):
    """Whether RediAI answers, and if not, why."""

    status: Literal["healthy", "down"]
    error: str | None = None


class ProviderInfo(BaseModel):
    """A place where a model runs."""

    name: str
    summary: str
