"""A rubric, a judge that applies it, and what the judge said."""

import hashlib
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator

from tunix_rt.runs.schema import Queued
from tunix_rt.traces.language import Asked
from tunix_rt.traces.schema import TraceFilter
from tunix_rt.verify.schema import Outcome, Subject, Tally


class Rubric(BaseModel):
    """What a judge is asked, and of what: the content of a rubric file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,39}$")]
    subject: Subject = "answer"
    question: Annotated[str, Field(min_length=10, max_length=20_000)]
    """The instructions; the problem and the solution are put behind them."""

    show_expected: bool = False
    """Tell the judge the expected answer, where the trace has one."""


class Ask(BaseModel):
    """Who is asked, and how often."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rubric: Rubric
    provider: Annotated[str, Field(min_length=1, max_length=40)] = "openai"
    provider_config: dict[str, JsonValue] = {}
    """What the provider is told: a model's name, an address."""

    votes: Annotated[int, Field(ge=1, le=25)] = 1
    """Times each trace is asked about, each with its own seed."""

    temperature: Annotated[float, Field(ge=0, le=10)] = 0.0
    seed: Annotated[int, Field(ge=0, lt=2**30)] = 0
    max_new_tokens: Annotated[int, Field(ge=16, le=32_768)] = 512

    @model_validator(mode="after")
    def _votes_differ(self) -> "Ask":
        if self.votes > 1 and self.temperature == 0:
            raise ValueError("several votes at temperature 0 are one vote: raise temperature")
        return self

    def judge(self) -> str:
        """The judge's id: the rubric's name, and a hash of all that shapes what it says."""
        told = self.model_dump_json(include=set(Ask.model_fields) - {"votes"})
        return f"{self.rubric.name}@{hashlib.sha256(told.encode()).hexdigest()[:8]}"


class JudgeConfig(Ask):
    """Which traces a judge is asked about. What it has said of one already is kept."""

    filter: Asked = TraceFilter()
    limit: Annotated[int, Field(ge=1)] | None = None
    """Only the oldest so many traces."""

    def asked(self) -> Ask:
        """The same without the choice of traces."""
        return Ask(**{name: getattr(self, name) for name in Ask.model_fields})


class Vote(BaseModel):
    """One answer of a judge. `step` is the first wrong step it names, from 0."""

    vote: int
    outcome: Outcome
    step: int | None
    reason: str
    said: str
    """What the model wrote, its first 8,000 characters."""


class Judgement(BaseModel):
    """What a judge says of one trace: the word most votes say; undecided if none leads."""

    judge: str
    subject: Subject
    outcome: Outcome
    step: int | None
    reason: str
    votes: list[Vote]


class Judgements(BaseModel):
    """What every judge says of one trace."""

    judgements: list[Judgement]


class Judge(BaseModel):
    """One judge, and how often it said what; a vote is one trace asked about once."""

    id: str
    rubric: Rubric
    provider: str
    provider_config: dict[str, Any]
    temperature: float
    seed: int
    max_new_tokens: int
    traces: int
    votes: Tally
    created_at: str


class JudgeList(BaseModel):
    """Judges, newest first."""

    data: list[Judge]


class JudgeQueued(Queued):
    """A run that waits for a worker, and the judge it asks."""

    judge: str
