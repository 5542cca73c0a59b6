"""The shape of a trace, wherever it travels: file, wire, job or test."""

import hashlib
import math
from typing import Annotated, Any, Literal

import msgspec
from pydantic import (
    BaseModel,
    ConfigDict,
    FailFast,
    Field,
    JsonValue,
    TypeAdapter,
    model_validator,
)

from tunix_rt.kit.words import Text

VerdictWord = Literal["right", "wrong", "undecided"]


class Step(BaseModel):
    """One unit of reasoning."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    i: Annotated[int, Field(ge=0, le=2**31)]
    type: Annotated[str, Field(min_length=1, max_length=64)]
    content: Annotated[str, Field(min_length=1, max_length=20_000)]


class ReasoningTrace(BaseModel):
    """A trace as clients of every version send it; unknown fields are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    trace_version: Annotated[Text, Field(min_length=1, max_length=64)]
    prompt: Annotated[str, Field(min_length=1, max_length=50_000)]
    final_answer: Annotated[str, Field(min_length=1, max_length=50_000)]
    steps: Annotated[list[Step], FailFast(), Field(min_length=1, max_length=1000)]
    meta: dict[str, JsonValue] | None = None

    @model_validator(mode="after")
    def _is_storable(self) -> "ReasoningTrace":
        if len({step.i for step in self.steps}) != len(self.steps):
            raise ValueError("two steps have the same i")
        if self.meta is not None and not _finite(self.meta):
            raise ValueError("meta holds NaN or Infinity, which JSON cannot say")
        return self

    def body(self) -> bytes:
        """The trace as canonical JSON: keys sorted, UTF-8; what is stored and hashed."""
        # a model's __dict__ is its fields: no copy, no serializer, a third of the time
        steps = [step.__dict__ for step in self.steps]
        return _encoder.encode({**self.__dict__, "steps": steps})


_encoder = msgspec.json.Encoder(order="sorted")
TRACE = TypeAdapter(ReasoningTrace)
MAX_BATCH = 1000
TRACES = TypeAdapter(
    Annotated[list[ReasoningTrace], FailFast(), Field(min_length=1, max_length=MAX_BATCH)]
)
"""A batch; the first bad trace ends the reading, so that a long list of errors is never built."""


def content_hash(body: bytes) -> bytes:
    """Identity by content: two traces with equal bodies are one trace. sha256, 32 bytes."""
    return hashlib.sha256(body).digest()


def _finite(value: Any) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, dict):
        return all(_finite(inner) for inner in value.values())
    if isinstance(value, list):
        return all(_finite(inner) for inner in value)
    return True


class TraceFilter(BaseModel):
    """Which traces; every field that is given must match."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: Text | None = None
    model: Text | None = None
    verdict: Literal["right", "wrong", "undecided", "none"] | None = None
    """`none` finds traces that nobody has verified yet."""

    q: Annotated[Text | None, Field(max_length=200)] = None
    """Words that the first 160 characters of the prompt contain, case ignored."""


class FilterQuery(TraceFilter):
    """The filter as query parameters, beside which others may stand."""

    model_config = ConfigDict(extra="ignore")


class Created(BaseModel):
    """The identity a trace was given."""

    id: str
    created_at: str
    trace_version: str


class CreatedMany(BaseModel):
    """The identities of a batch, in the order they were sent."""

    created_count: int
    traces: list[Created]


class TraceSummary(BaseModel):
    """One row of the list of traces."""

    id: str
    created_at: str
    trace_version: str
    source: str
    model: str | None
    prompt: str
    final_answer: str
    step_count: int
    total_chars: int
    verdict: VerdictWord | None
    first_error_step: int | None
    task: str | None


class Pagination(BaseModel):
    """Where the next page begins: an offset for old clients, a cursor for new ones."""

    limit: int
    offset: int
    next_offset: int | None
    next_cursor: str | None


class TracePage(BaseModel):
    """Traces, newest first."""

    data: list[TraceSummary]
    pagination: Pagination


class Trace(BaseModel):
    """One stored trace."""

    id: str
    created_at: str
    trace_version: str
    source: str
    model: str | None
    content_hash: str
    verdict: VerdictWord | None
    first_error_step: int | None
    payload: ReasoningTrace


class ComparedTrace(BaseModel):
    """One side of a comparison; the score is the baseline score."""

    id: str
    created_at: str
    score: float
    trace_version: str
    payload: ReasoningTrace


class Comparison(BaseModel):
    """Two traces side by side."""

    base: ComparedTrace
    other: ComparedTrace


class Count(BaseModel):
    """How many traces share a value; a null value is one nobody set."""

    value: str | None
    count: int


class Facets(BaseModel):
    """How the traces of a filter divide."""

    total: int
    sources: list[Count]
    models: list[Count]
    verdicts: list[Count]


class ScoreRequest(BaseModel):
    """Which score to compute."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    criteria: Literal["baseline"] = "baseline"


class ScoreDetails(BaseModel):
    """How the baseline score came about."""

    step_count: int
    avg_step_length: float
    total_chars: int
    step_score: float
    length_score: float
    criteria: str
    scored_at: str


class Score(BaseModel):
    """The baseline score of one trace: 0..100, it measures shape and not quality."""

    trace_id: str
    score: float
    details: ScoreDetails
