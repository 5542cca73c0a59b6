"""A case, a ruling, and the report of a court."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from tunix_rt.runs.schema import Progress, Status
from tunix_rt.traces.language import Asked
from tunix_rt.traces.schema import TraceFilter
from tunix_rt.verify.schema import Outcome, Subject

Word = Literal["right", "wrong", "undecided", "none"]
"""What a witness says of a case; `none`: it says nothing, because it never looked."""

WORDS: tuple[Word, ...] = ("right", "wrong", "undecided", "none")

Which = Literal["disagreements", "audit", "ruled", "all"]
"""Cases with two words; cases with one word, to be ruled on as a sample; ruled; all."""

Witness = Annotated[str, Field(min_length=1, max_length=80)]


class CourtConfig(BaseModel):
    """Two witnesses, and the traces they are heard on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    first: Witness = "stored"
    second: Witness = "current"
    subject: Subject = "answer"
    filter: Asked = TraceFilter()
    impact: bool = False
    """Say also which datasets, sources and evaluations `second` would change."""

    limit: Annotated[int, Field(ge=1)] | None = None
    """Only the oldest so many traces."""

    @model_validator(mode="after")
    def _two(self) -> "CourtConfig":
        if self.first == self.second:
            raise ValueError("both witnesses are the same")
        if self.impact and (self.first, self.second) != ("stored", "current"):
            raise ValueError("only `stored` against `current` has an impact")
        return self


class AdoptConfig(BaseModel):
    """The court whose second witness is to be believed from now on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    court_id: str


class Testimony(BaseModel):
    """What one witness says in one case; `step` is the place of the first wrong one, from 0."""

    outcome: Word
    reason: str
    step: int | None


class Case(BaseModel):
    """One trace before the court."""

    trace_id: str
    prompt: str
    final_answer: str
    expected: str | None
    first: Testimony
    second: Testimony
    ruling: Outcome | None


class CasePage(BaseModel):
    """Cases of a court, and the cursor of the next page."""

    data: list[Case]
    next_cursor: str | None


class Cell(BaseModel):
    """How many cases got this pair of words, and how people ruled on some of them."""

    first: Word
    second: Word
    cases: int
    ruled_right: int
    ruled_wrong: int
    ruled_undecided: int


class Rate(BaseModel):
    """A rate with its 95 % interval, over what people ruled; null where it cannot be told.

    Cases that the witness judged alike in one cell of the confusion were ruled on as a
    sample of that cell, so each ruling stands for `cases / ruled` of them. `unseen` are the
    cases of cells nobody ruled on: the rate says nothing of them.
    """

    estimate: float | None
    low: float | None
    high: float | None
    rulings: int
    unseen: int


class WitnessReport(BaseModel):
    """One witness measured against the people who ruled."""

    name: str
    version: str
    false_positive: Rate
    """Of what is truly not right, the share it calls right."""

    false_negative: Rate
    """Of what is truly right, the share it does not call right."""


class Agreement(BaseModel):
    """The share of cases with the same word from both, its Wilson interval, Cohen's kappa."""

    share: float
    low: float
    high: float
    kappa: float | None


class SourceChange(BaseModel):
    """The verdicts of one source and model before and after; a reward is 1 for right, else 0."""

    source: str
    model: str | None
    traces: int
    changed: int
    reward_before: float
    reward_after: float


class DatasetChange(BaseModel):
    """A frozen dataset that holds traces whose verdict would change."""

    key: str
    traces: int
    changed: int
    right_before: int
    right_after: int


class EvaluationChange(BaseModel):
    """A cell of the leaderboard, judged again."""

    evaluation_id: str
    model_id: str
    suite: str
    items: int
    changed: int
    accuracy_before: float
    accuracy_after: float


class Impact(BaseModel):
    """What believing the second witness would change."""

    sources: list[SourceChange]
    datasets: list[DatasetChange]
    evaluations: list[EvaluationChange]


class Court(BaseModel):
    """One row of the list of courts."""

    run_id: str
    status: Status
    progress: Progress | None
    subject: Subject
    first: str
    second: str
    cases: int
    disagreements: int
    created_at: str


class Courts(BaseModel):
    """Courts, newest first."""

    data: list[Court]


class CourtReport(Court):
    """What a court has found so far."""

    agreement: Agreement
    cells: list[Cell]
    witnesses: list[WitnessReport]
    impact: Impact | None


class KnownWitness(BaseModel):
    """Somebody who can be heard."""

    name: str
    summary: str


class KnownWitnesses(BaseModel):
    """Everybody who can be heard on a subject."""

    data: list[KnownWitness]
