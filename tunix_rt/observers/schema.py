"""An observer, the exams it sat, and how likely it calls a trace wrong."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from tunix_rt.traces.language import Asked
from tunix_rt.traces.schema import TraceFilter

Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]
Truth = Literal["verdict", "label", "ruling"]
"""Who says what is right: the stored verdict on the answer, the source's label, people."""


class FitConfig(BaseModel):
    """What an observer learns from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Name
    filter: Asked = TraceFilter()
    truth: Truth = "verdict"
    folds: Annotated[int, Field(ge=2, le=20)] = 5
    limit: Annotated[int, Field(ge=50, le=1_000_000)] = 50_000
    """At most so many traces, the oldest."""

    seed: Annotated[int, Field(ge=0, lt=2**31)] = 0


class ExamineConfig(BaseModel):
    """The exam an observer has to pass before its labels leave the house."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    observer: Name
    filter: Asked = TraceFilter()
    truth: Truth = "verdict"
    coverage: Annotated[float, Field(gt=0, le=1)] = 0.1
    """The share of the traces that it marks: those it finds likeliest wrong."""

    precision: Annotated[float, Field(gt=0, lt=1)] = 0.9
    """Of what it marks so much must be wrong, with 95 % confidence."""

    limit: Annotated[int, Field(ge=50, le=1_000_000)] = 50_000


class RankConfig(BaseModel):
    """Which traces an observer is to rank."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    observer: Name
    filter: Asked = TraceFilter()


class Model(BaseModel):
    """Logistic regression on standardised features, calibrated by a monotone curve."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    features: tuple[str, ...]
    features_version: str
    mean: tuple[float, ...]
    scale: tuple[float, ...]
    weights: tuple[float, ...]
    intercept: float
    curve_from: tuple[float, ...]
    """Uncalibrated probabilities, growing."""

    curve_to: tuple[float, ...]
    """What each of them means: the share of such traces that were wrong."""


class Coefficient(BaseModel):
    """How much one feature counts: per standard deviation, in log-odds of being wrong."""

    feature: str
    weight: float


class Quality(BaseModel):
    """How an observer did on problems it had not seen (grouped cross-validation)."""

    traces: int
    problems: int
    wrong: int
    auc: float
    auc_low: float
    auc_high: float
    """Interval at 95 %, by resampling problems."""

    brier: float
    """Mean squared error of its probability; the share of wrong traces alone would give
    `brier_of_share`."""

    brier_of_share: float
    recall_at_90: float
    """Share of the wrong traces it finds while nine of ten that it marks are wrong."""


class Exam(BaseModel):
    """One exam that an observer sat."""

    id: str
    observer: str
    coverage: float
    required: float
    marked: int
    traces: int
    left_out: int
    """Traces whose problem it had learned from; they do not count."""

    wrong: int
    precision: float
    low: float
    """Lower end of the one-sided 95 % interval (Wilson) of the precision."""

    threshold: float
    passed: bool
    truth: Truth
    created_at: str


class Observer(BaseModel):
    """One observer."""

    name: str
    config: FitConfig
    digest: str
    quality: Quality
    coefficients: list[Coefficient]
    licence: Exam | None
    """Its newest exam, if it passed that one: then its labels may be exported."""

    exams: list[Exam]
    ranked: int
    created_at: str


class Observers(BaseModel):
    """Observers, newest first."""

    data: list[Observer]


class Ranked(BaseModel):
    """One trace with the probability that it is wrong."""

    trace_id: str
    probability: float
    prompt: str
    final_answer: str
    verdict: str | None


class RankedPage(BaseModel):
    """Traces, the likeliest wrong first, and the cursor of the next page."""

    data: list[Ranked]
    next_cursor: str | None


class NewExam(BaseModel):
    """The exam to sit."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    filter: Asked = TraceFilter()
    truth: Truth = "verdict"
    coverage: Annotated[float, Field(gt=0, le=1)] = 0.1
    precision: Annotated[float, Field(gt=0, lt=1)] = 0.9


class NewRanking(BaseModel):
    """The traces to rank."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    filter: Asked = TraceFilter()
