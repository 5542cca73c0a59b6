"""What a verifier is told, and what it says. Undecided is not wrong, and never right."""

from collections.abc import Iterable
from typing import Annotated, Any, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field, model_validator

from tunix_rt.traces.language import Asked
from tunix_rt.traces.schema import TraceFilter

Outcome = Literal["right", "wrong", "undecided"]
Subject = Literal["answer", "steps"]


class Expected(BaseModel):
    """The ground truth of one task: its answer, and whatever its generator kept."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    answer: str
    data: dict[str, Any] = {}


class Verdict(BaseModel):
    """What one verifier says of one answer."""

    model_config = ConfigDict(frozen=True)

    outcome: Outcome
    method: str
    version: str
    reason: str


class TypedStep(Protocol):
    """What any step has, wherever it comes from."""

    @property
    def type(self) -> str:
        """Its kind."""

    @property
    def content(self) -> str:
        """Its text."""


class StepInput(BaseModel):
    """One step of a trace, as a step verifier sees it; `index` is its place from 0."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    index: int
    type: str
    content: str


LONGEST_TRACE = 1_000_000
"""Characters of one trace's steps; a longer one is not judged."""


class TraceInput(BaseModel):
    """A whole trace, as step verifiers and detectors see it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    prompt: str = ""
    steps: tuple[StepInput, ...]
    final_answer: str = ""
    meta: dict[str, Any] = {}

    @classmethod
    def of(
        cls,
        prompt: str,
        steps: Iterable[TypedStep],
        final_answer: str,
        meta: dict[str, Any] | None = None,
    ) -> "TraceInput":
        """A trace from its parts, each step numbered by its place."""
        numbered = tuple(
            StepInput(index=place, type=step.type, content=step.content)
            for place, step in enumerate(steps)
        )
        return cls(prompt=prompt, steps=numbered, final_answer=final_answer, meta=meta or {})


class TraceWarning(BaseModel):
    """Something about a trace that a person should look at; it never makes a verdict.

    `step` is its place from 0 and null where it is about the whole trace; `start` and `end` count
    code points of the step's content, and are null where it is about the whole step.
    """

    model_config = ConfigDict(frozen=True)

    kind: str
    step: int | None
    start: int | None
    end: int | None
    message: str


def warn(
    kind: str,
    message: str,
    step: int | None = None,
    start: int | None = None,
    end: int | None = None,
) -> TraceWarning:
    """A warning about a trace, a step, or the characters from `start` to `end` of a step."""
    return TraceWarning(kind=kind, step=step, start=start, end=end, message=message)


class Claim(BaseModel):
    """One statement inside a step that could be checked, and where it stands.

    `start` and `end` count Python code points of the step's content, end exclusive.
    """

    model_config = ConfigDict(frozen=True)

    step: int
    start: int
    end: int
    text: str
    outcome: Outcome
    message: str


class StepsVerdict(BaseModel):
    """What one verifier says of all steps of one trace.

    Wrong: a claim is false, and `first_error` is the first one. Right: something was
    checked and nothing is false. Undecided: there was nothing it could check.
    """

    model_config = ConfigDict(frozen=True)

    outcome: Outcome
    method: str
    version: str
    reason: str
    first_error: Claim | None
    claims: tuple[Claim, ...]
    warnings: tuple[TraceWarning, ...]


class VerifyConfig(BaseModel):
    """Which traces to judge, and what of them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    filter: Asked = TraceFilter()
    again: bool = False
    """Judge also what this version of the verifiers has judged already."""

    answers: bool = True
    steps: bool = True
    batch: Annotated[int, Field(ge=1, le=5000)] = 500
    """Traces judged and stored in one transaction."""

    @model_validator(mode="after")
    def _judges_something(self) -> "VerifyConfig":
        if not (self.answers or self.steps):
            raise ValueError("neither the answers nor the steps are to be judged")
        return self


class StoredVerdict(BaseModel):
    """What is known of the answer of one trace."""

    outcome: Outcome
    method: str
    version: str
    reason: str
    label: bool | None
    """Whether the trace's source calls the answer right."""

    run_id: str | None
    judged_at: str


class StoredSteps(StoredVerdict):
    """What is known of the steps of one trace; a claim's `step` is its place from 0."""

    first_error: Claim | None
    claims: list[Claim]
    claim_count: int
    """How many claims there are; the first 200 are kept."""
    warnings: list[TraceWarning]
    """What the detectors found; the first 50 are kept."""


class TraceVerdicts(BaseModel):
    """Everything the verifiers say of one trace; null where nobody has judged."""

    trace_id: str
    answer: StoredVerdict | None
    steps: StoredSteps | None


class Tally(BaseModel):
    """How many traces were judged how."""

    right: int
    wrong: int
    undecided: int


class Agreement(BaseModel):
    """How many answers are judged as their source labels them."""

    agree: int
    labelled: int


class GroupSummary(BaseModel):
    """The verdicts of one source and model."""

    source: str | None
    model: str | None
    traces: int
    answers: Tally
    steps: Tally
    labels: Agreement


class Summary(BaseModel):
    """The verdicts of the matching traces, together and by source and model."""

    total: GroupSummary
    groups: list[GroupSummary]


class KnownVerifier(BaseModel):
    """One plugin: what it judges, or `warning` where it only warns."""

    subject: Literal["answer", "steps", "warning"]
    name: str
    version: str
    summary: str


class KnownVerifiers(BaseModel):
    """Everything that can judge answers, judge steps, or warn."""

    data: list[KnownVerifier]
