"""What is shown of a curation: its funnel, decisions, clusters and hits."""

from typing import Any, Literal

from pydantic import BaseModel

from tunix_rt.curate.schema import Pipeline
from tunix_rt.runs.schema import Progress, Status

MOST_EXAMPLES = 5


class KnownStage(BaseModel):
    """One stage: `options` is the JSON Schema of what it takes, with defaults."""

    name: str
    version: str
    summary: str
    options: dict[str, Any]


class KnownStages(BaseModel):
    """Every stage there is."""

    data: list[KnownStage]


class ReasonCount(BaseModel):
    """How many traces one stage dropped for one reason, with a few of them."""

    reason: str
    traces: int
    examples: list[str]
    """Ids of traces."""


class FunnelStage(BaseModel):
    """What came to a stage and what it let through."""

    place: int
    stage: str
    came: int
    kept: int
    reasons: list[ReasonCount]


class CurationSummary(BaseModel):
    """One row of the list of curations."""

    run_id: str
    name: str
    status: Status
    progress: Progress | None
    dry_run: bool
    looked_at: int
    kept: int
    created_at: str


class CurationPage(BaseModel):
    """Curations, newest first, and the cursor of the next page."""

    data: list[CurationSummary]
    next_cursor: str | None


class Curation(CurationSummary):
    """A curation with its funnel, as far as it has come."""

    pipeline: Pipeline
    sample: int | None
    funnel: list[FunnelStage]
    selection_sha256: str | None
    """Over the content hashes, weights and parts in order: the same selection, the same hash."""

    pipeline_sha256: str | None
    versions: dict[str, str]
    """Of the stages."""

    error: str | None


class Decision(BaseModel):
    """What a curation said of one trace: a place, weight and part, or a stage and a reason."""

    trace_id: str
    kept: bool
    place: int | None
    weight: float | None
    part: int | None
    stage_place: int | None
    stage: str | None
    reason: str | None
    evidence: dict[str, Any] | None
    twin_id: str | None
    """The trace that was kept in its stead."""

    prompt: str
    final_answer: str
    """The first characters of both."""


class DecisionPage(BaseModel):
    """Decisions, and the cursor of the next page."""

    data: list[Decision]
    next_cursor: str | None


class Cluster(BaseModel):
    """A kept trace, and how many were dropped as its twins; the first of them."""

    trace_id: str
    prompt: str
    size: int
    """With the kept one."""

    members: list[Decision]


class ClusterPage(BaseModel):
    """Clusters, the largest first, and the cursor of the next page."""

    data: list[Cluster]
    next_cursor: str | None


class Quoted(BaseModel):
    """A text and the characters of it that are meant, end exclusive."""

    text: str
    start: int
    end: int


class Hit(BaseModel):
    """A trace that holds an item of an eval set, text against text."""

    trace_id: str
    suite: str
    item: str
    rule: Literal["any-gram", "half-covered", "same", "ratio"]
    text: Literal["raw", "masked"]
    share: float
    """Of the item's grams that were found, or the ratio, 0 to 1."""

    part: str
    """Where in the trace: `prompt`, `step 0` and so on, `answer`."""

    trace: Quoted
    original: Quoted | None
    """The item; null where its suite is gone or it was given with the pipeline."""


class HitPage(BaseModel):
    """Hits, and the cursor of the next page."""

    data: list[Hit]
    next_cursor: str | None


class TraceCuration(BaseModel):
    """What one curation said of one trace."""

    run_id: str
    name: str
    dry_run: bool
    created_at: str
    decision: Decision


class TraceCurations(BaseModel):
    """What the newest curations said of one trace."""

    trace_id: str
    data: list[TraceCuration]
