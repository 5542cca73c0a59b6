"""What people say of a trace or of a step: labels, tags, notes, scores, with author and history."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from tunix_rt.kit.words import Text

Kind = Literal["label", "tag", "note", "score"]
LABELS = ("good", "neutral", "bad")
MOST_AT_ONCE = 1_000
TraceId = Annotated[str, Field(pattern=r"^[0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}$")]


class Mark(BaseModel):
    """One thing to say.

    A `label` is called good, neutral or bad, a `tag` anything; a `note` has a text, a `score` a
    value and, if it is not the score of the trace, a name of its own.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind
    name: Annotated[Text, Field(max_length=64, pattern=r"^\S[^\n]*$|^$")] = ""
    value: Annotated[float | None, Field(allow_inf_nan=False)] = None
    text: Annotated[Text | None, Field(min_length=1, max_length=20_000)] = None
    step: Annotated[int | None, Field(ge=0, le=2**31 - 1)] = None
    """The place of a step, from 0; null is the whole trace."""

    @model_validator(mode="after")
    def _says_something(self) -> "Mark":
        if self.kind == "label" and self.name not in LABELS:
            raise ValueError(f"a label is one of {', '.join(LABELS)}")
        if self.kind == "tag" and not self.name:
            raise ValueError("a tag has a name")
        if (self.kind == "note") != (self.text is not None):
            raise ValueError("a note has a text, and nothing else has one")
        if self.kind != "score" and self.value is not None:
            raise ValueError("only a score has a value")
        return self


class NewMark(Mark):
    """One thing to say of one trace, and who says it."""

    author: Annotated[Text, Field(min_length=1, max_length=100)] = "local"

    @model_validator(mode="after")
    def _is_whole(self) -> "NewMark":
        if self.kind == "score" and self.value is None:
            raise ValueError("a score has a value")
        return self


class TraceIds(BaseModel):
    """Some traces."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    trace_ids: Annotated[list[TraceId], Field(min_length=1, max_length=MOST_AT_ONCE)]


class MarkMany(TraceIds):
    """One thing to say of many traces, or (`remove`) to take back from them."""

    mark: Mark
    author: Annotated[Text, Field(min_length=1, max_length=100)] = "local"
    remove: bool = False


class Annotation(BaseModel):
    """Something that was said; `ended_at` is when it was replaced or taken back."""

    id: str
    trace_id: str
    step: int | None
    kind: Kind
    name: str
    value: float | None
    text: str | None
    author: str
    created_at: str
    ended_at: str | None


class Annotations(BaseModel):
    """What is said of a trace now, and what was said before, oldest first."""

    current: list[Annotation]
    history: list[Annotation]


class Changed(BaseModel):
    """How many traces an action reached."""

    changed: int


class Purged(BaseModel):
    """What was removed for ever, and which frozen datasets go on holding its content."""

    purged: int
    datasets: dict[str, int]
    freed_bytes: int
