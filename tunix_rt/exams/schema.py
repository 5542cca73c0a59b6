"""A planted error, an exam made of them, and how a checker does on it."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from tunix_rt.traces.language import Asked
from tunix_rt.traces.schema import TraceFilter

ErrorKind = Literal["result", "operand", "sign", "unit", "rule", "illegal_move", "dropped_step"]

KINDS: dict[ErrorKind, str] = {
    "result": "The result of a claim is another number.",
    "operand": "A number is copied wrongly, and what follows is computed from it.",
    "sign": "The result of a claim has the other sign.",
    "unit": "A quantity is given in another unit of its kind.",
    "rule": "Another operation is used, and computed rightly.",
    "illegal_move": "A move is made that is not among the legal ones.",
    "dropped_step": "A step that a later one needs is missing.",
}

Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]
Format = Literal["processbench", "prm800k", "trl-stepwise", "pairs", "traces"]


class ExamConfig(BaseModel):
    """Which traces, how many items, which errors."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Name
    filter: Asked = TraceFilter()
    count: Annotated[int, Field(ge=1, le=100_000)] = 1000
    """Items with an error; each has its clean twin."""

    kinds: Annotated[tuple[ErrorKind, ...], Field(min_length=1)] = tuple(KINDS)
    propagate: Literal["both", "always", "never"] = "both"
    """Whether what follows a wrong number is computed from it: `both` is by turns."""

    seed: Annotated[int, Field(ge=0, lt=2**31)] = 0


class PlantedStep(BaseModel):
    """One step of a trace with a planted error."""

    type: str
    content: str


class Planted(BaseModel):
    """One changed trace. The span counts code points of the step, in its new content."""

    model_config = ConfigDict(frozen=True)

    kind: ErrorKind
    propagated: bool
    step: int
    """Place of the first wrong step, from 0; of a dropped one, where it stood."""

    start: int
    end: int
    before: str
    """What stood in the span."""

    after: str
    """What stands there now."""

    steps: tuple[PlantedStep, ...]
    final_answer: str


class Twin(BaseModel):
    """The trace as it was before the error was planted."""

    steps: list[PlantedStep]
    final_answer: str


class ExamItem(Planted):
    """A planted error as it is stored, beside its clean twin."""

    position: int
    trace_id: str
    prompt: str
    clean: Twin


class ItemPage(BaseModel):
    """Items of an exam, and the cursor of the next page."""

    data: list[ExamItem]
    next_cursor: str | None


class KindCount(BaseModel):
    """How many items of an exam have this kind of error."""

    kind: ErrorKind
    propagated: bool
    items: int


class Exam(BaseModel):
    """One exam, and what it is made of."""

    name: str
    items: int
    kinds: list[KindCount]
    digest: str
    """sha256 over the items: the same digest, the same exam."""

    config: ExamConfig
    run_id: str | None
    created_at: str


class Exams(BaseModel):
    """Exams, newest first."""

    data: list[Exam]


class Share(BaseModel):
    """A proportion with its Wilson interval at 95 %."""

    count: int
    of: int
    share: float
    low: float
    high: float


class KindScore(BaseModel):
    """What a checker found of one kind of error."""

    kind: ErrorKind
    propagated: bool
    detected: Share
    """It says that some step is wrong."""

    exact: Share
    """It names the step that was changed."""

    warned: Share
    """A warning stands on the step that was changed; it is no verdict."""


class Score(BaseModel):
    """How a step verifier does on an exam.

    `f1` is ProcessBench's: the harmonic mean of the share of erroneous traces whose first
    wrong step is named and the share of clean ones in which none is (arXiv 2412.06559).
    """

    exam: str
    verifier: str
    version: str
    detected: Share
    exact: Share
    warned: Share
    clean: Share
    """Clean twins in which it calls nothing wrong."""

    clean_warned: Share
    """Clean twins with a warning on some step: what the warnings cost."""

    f1: float
    kinds: list[KindScore]


class NewScore(BaseModel):
    """Who is to sit an exam."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    verifier: Annotated[str, Field(max_length=40)] = "claims"


class Scores(BaseModel):
    """The scores of one exam, newest first."""

    data: list[Score]
