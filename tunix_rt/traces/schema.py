"""The shape of a trace, wherever it travels: file, wire, job or test."""

import hashlib
from collections.abc import Sequence
from typing import Annotated, Any, Literal

import msgspec
from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    FailFast,
    Field,
    JsonValue,
    TypeAdapter,
    ValidationInfo,
    model_validator,
)

from tunix_rt.kit.words import LONGEST_KEY, Text, storable

VerdictWord = Literal["right", "wrong", "undecided"]
MetaPair = Annotated[Text, Field(max_length=500, pattern=r"^[^=]+=")]


_PLAIN = frozenset({str, int, float, bool})

NUL = b"\\u0000"
"""How JSON writes the character that no database takes."""

STORED = object()
"""The validation context of a body that was checked when it was stored."""


class Step(BaseModel):
    """One unit of reasoning."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    i: Annotated[int, Field(ge=0, le=2**31)]
    type: Annotated[str, Field(min_length=1, max_length=64)]
    content: Annotated[str, Field(min_length=1, max_length=20_000)]


class ReasoningTrace(BaseModel):
    """A trace as clients of every version send it; unknown fields are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    trace_version: Annotated[str, Field(min_length=1, max_length=64)]
    prompt: Annotated[str, Field(min_length=1, max_length=50_000)]
    final_answer: Annotated[str, Field(min_length=1, max_length=50_000)]
    steps: Annotated[list[Step], FailFast(), Field(min_length=1, max_length=1000)]
    meta: dict[str, JsonValue] | None = None

    @model_validator(mode="after")
    def _is_storable(self, info: ValidationInfo) -> "ReasoningTrace":
        if info.context is STORED:
            return self
        if len({step.i for step in self.steps}) != len(self.steps):
            raise ValueError("two steps have the same i")
        for name in ("trace_version", "prompt", "final_answer"):
            storable(getattr(self, name), name)
        for place, step in enumerate(self.steps):
            storable(step.type, f"steps.{place}.type")
            storable(step.content, f"steps.{place}.content")
        storable(self.meta, "meta")
        return self

    def body(self) -> bytes:
        """The trace as canonical JSON: keys sorted, UTF-8; what is stored and hashed."""
        # a model's __dict__ is its fields: no copy, no serializer, a third of the time
        steps = [step.__dict__ for step in self.steps]
        return _encoder.encode({**self.__dict__, "steps": steps})


class QuickStep(msgspec.Struct, gc=False):
    """A step of a `QuickTrace`."""

    i: Annotated[int, msgspec.Meta(ge=0, le=2**31)]
    type: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    content: Annotated[str, msgspec.Meta(min_length=1, max_length=20_000)]


class QuickTrace(msgspec.Struct, gc=False):
    """A `ReasoningTrace` by another name: what most lines hold, at a third of the cost."""

    trace_version: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    prompt: Annotated[str, msgspec.Meta(min_length=1, max_length=50_000)]
    final_answer: Annotated[str, msgspec.Meta(min_length=1, max_length=50_000)]
    steps: Annotated[list[QuickStep], msgspec.Meta(min_length=1, max_length=1000)]
    meta: dict[str, Any] | None = None

    def body(self) -> bytes:
        """The same bytes as of a `ReasoningTrace`."""
        return _encoder.encode(self)


AnyTrace = ReasoningTrace | QuickTrace


def parse(raw: bytes) -> AnyTrace:
    """The trace of a JSON document; `ValidationError` says what is wrong with it.

    What the quick reader does not take without a doubt, the exact one decides.
    """
    try:
        quick = _quick.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return TRACE.validate_json(raw)
    if NUL in raw or not _is_plain(quick):
        return TRACE.validate_json(raw)
    return quick


def parse_stored(raw: bytes) -> AnyTrace:
    """The trace of a stored body, which was checked by the rules of its day."""
    try:
        return _quick.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return TRACE.validate_json(raw, context=STORED)


def parse_batch(raw: bytes) -> Sequence[AnyTrace]:
    """The traces of a JSON array of 1 to 1000; the first bad one ends the reading."""
    try:
        quick: Sequence[AnyTrace] = _quick_batch.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return TRACES.validate_json(raw)
    if NUL in raw or not all(map(_is_plain, quick)):
        return TRACES.validate_json(raw)
    return quick


def _is_plain(quick: AnyTrace) -> bool:
    """Whether a trace needs no closer look for a document in meta or a repeated i."""
    if quick.meta:
        for name, value in quick.meta.items():
            if type(value) not in _PLAIN or len(name) > LONGEST_KEY:
                return False
    return len({step.i for step in quick.steps}) == len(quick.steps)


_encoder = msgspec.json.Encoder(order="sorted")
_quick = msgspec.json.Decoder(QuickTrace)
TRACE = TypeAdapter(ReasoningTrace)
MAX_BATCH = 1000
TRACES = TypeAdapter(
    Annotated[list[ReasoningTrace], FailFast(), Field(min_length=1, max_length=MAX_BATCH)]
)
"""A batch; the first bad trace ends the reading, so that a long list of errors is never built."""

_quick_batch = msgspec.json.Decoder(
    Annotated[list[QuickTrace], msgspec.Meta(min_length=1, max_length=MAX_BATCH)]
)


def content_hash(body: bytes) -> bytes:
    """Identity by content: two traces with equal bodies are one trace. sha256, 32 bytes."""
    return hashlib.sha256(body).digest()


def group_of(prompt: str) -> str:
    """The prompt group: eight bytes of sha256 over the prompt without its edges, in hex."""
    return hashlib.sha256(prompt.strip().encode()).hexdigest()[:16]


def key_of(digest: bytes) -> int:
    """The first eight bytes of a hash as a signed integer, which an index holds in little room."""
    return int.from_bytes(digest[:8], "big", signed=True)


LabelWord = Literal["good", "neutral", "bad"]
Verdict = Literal["right", "wrong", "undecided", "none"]
Label = Literal["good", "neutral", "bad", "none"]
Number = Annotated[int, Field(ge=0, le=2**31 - 1)]
Score = Annotated[float, Field(allow_inf_nan=False)]


class FilterFields(BaseModel):
    """What a trace can be found by, one value each; every field that is given must match."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: Text | None = None
    model: Text | None = None
    verdict: Verdict | None = None
    """`none` finds traces that nobody has verified yet."""
    label: Label | None = None
    tag: Annotated[Text | None, Field(max_length=64)] = None
    type: Annotated[Text | None, Field(max_length=64)] = None
    """A type that one of its steps has."""
    steps_min: Number | None = None
    steps_max: Number | None = None
    chars_min: Number | None = None
    chars_max: Number | None = None
    """Characters of all steps together."""
    score_min: Score | None = None
    score_max: Score | None = None
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    """Stored at this moment or later; before this moment."""
    dataset: Annotated[Text | None, Field(max_length=256)] = None
    """The key of a frozen dataset that holds it."""
    group: Annotated[str | None, Field(pattern=r"^[0-9a-f]{16}$")] = None
    """The prompt group: traces with one prompt have one."""
    deleted: bool = False
    """Only deleted traces instead of only those that are not."""
    q: Annotated[Text | None, Field(max_length=1000)] = None
    """Words, and phrases in quotes, that stand in its prompt, steps or answer."""


class TraceFilter(FilterFields):
    """Which traces."""

    meta: Annotated[tuple[MetaPair, ...], Field(max_length=8)] = ()
    """`key=value` pairs that its meta holds."""

    @property
    def searches(self) -> bool:
        """Whether the full-text index is needed to find them."""
        return self.q is not None or bool(self.meta) or self.group is not None


class FilterQuery(FilterFields):
    """The filter as query parameters, beside which others may stand."""

    model_config = ConfigDict(extra="ignore")

    def filter(self, meta: tuple[str, ...] = ()) -> TraceFilter:
        """The filter itself."""
        return TraceFilter(**self.model_dump(exclude_defaults=True), meta=meta)


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
    label: LabelWord | None
    score: float | None
    group: str | None
    deleted_at: str | None


Order = Literal["newest", "rank"]
"""By when a trace was stored, or by how well it answers the words of `q`."""


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
    unindexed: int
    """Newer traces that a search for words does not see yet; 0 without such a search."""


class Trace(BaseModel):
    """One stored trace."""

    id: str
    created_at: str
    trace_version: str
    source: str
    model: str | None
    content_hash: str
    group: str | None
    verdict: VerdictWord | None
    first_error_step: int | None
    label: LabelWord | None
    score: float | None
    deleted_at: str | None
    format: str | None
    """The format of the record it was read from; null for one that a client sent."""
    datasets: list[str]
    """Frozen datasets that hold it."""
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
    labels: list[Count]
    types: list[Count]
    """By step type: a trace counts once for each type its steps have."""


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


class BaselineScore(BaseModel):
    """The baseline score of one trace: 0..100, it measures shape and not quality."""

    trace_id: str
    score: float
    details: ScoreDetails
