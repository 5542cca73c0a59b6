"""What to measure, and how a result looks from outside."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from tunix_rt.runs.schema import Status

Outcome = Literal["right", "wrong", "undecided", "missing"]
"""`missing`: nobody gave a prediction. It counts as wrong, and is listed apart."""


class EvaluateConfig(BaseModel):
    """One evaluation: a model folder or recorded predictions, on one suite."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    suite: Annotated[str, Field(min_length=1, max_length=128)]
    model_id: Annotated[str, Field(min_length=1, max_length=256)]
    """What the leaderboard calls it."""

    model_folder: str | None = None
    predictions: str | None = None
    """sha256 of a blob with lines {id, prediction}; then no model is asked."""

    provider: str = "jax"
    provider_config: dict[str, JsonValue] = {}
    """What else the provider is told: an address, a model's name."""

    template: str = "think"
    """How prompts are worded. `chat` leaves that to who is asked: the jax provider applies the
    model's own chat template, a server the one it has."""

    system: Annotated[str, Field(min_length=1, max_length=20_000)] | None = None
    """An instruction before each prompt."""

    subject_run_id: str | None = None
    """The training run that made the model."""

    dataset_key: str | None = None
    limit: Annotated[int, Field(ge=1)] | None = None
    """Only the first so many items of the suite."""

    samples: Annotated[int, Field(ge=1, le=1000)] = 1
    max_new_tokens: Annotated[int, Field(ge=1, le=32_768)] = 128
    temperature: Annotated[float, Field(ge=0, le=10)] = 0.0
    seed: int = 0
    batch_size: Annotated[int, Field(ge=1, le=4096)] = 128


@dataclass(frozen=True, slots=True)
class Tally:
    """What was counted in one family; `right` may be a fraction when items have samples."""

    family: str
    n: int
    right: float
    undecided: int
    missing: int


class FamilyScore(BaseModel):
    """The accuracy of one family of problems, with its 95 % Wilson interval."""

    family: str
    n: int
    correct: int
    accuracy: float
    ci_low: float
    ci_high: float


class EvaluationDetail(BaseModel):
    """One evaluation. Accuracies are 0..1; the interval is Wilson's at 95 %."""

    id: str
    run_id: str
    subject_run_id: str | None
    model_id: str
    model_folder: str | None
    suite: str
    dataset_key: str | None
    status: Status
    n_items: int
    n_correct: int
    n_undecided: int
    n_missing: int
    accuracy: float
    ci_low: float
    ci_high: float
    families: list[FamilyScore]
    config: dict[str, Any]
    created_at: str
    completed_at: str | None


class ItemResult(BaseModel):
    """What was said on one item, and what the verifier made of it."""

    position: int
    sample: int
    item: str
    family: str
    prompt: str
    expected: str
    output: str
    answer: str | None
    outcome: Outcome
    method: str
    reason: str
    finish: str
    tokens: int | None


class ItemPage(BaseModel):
    """Items of an evaluation, in the order of the suite."""

    class Pagination(BaseModel):
        """Where the next page begins."""

        limit: int
        next_cursor: str | None

    data: list[ItemResult]
    pagination: Pagination


class Scorecard(BaseModel):
    """How much of the suite was scored; `stddev` is of the 0/1 outcomes."""

    n_items: int
    n_scored: int
    n_skipped: int
    primary_score: float
    stddev: float


class LeaderboardItem(BaseModel):
    """One row of the leaderboard: `score` is 0..100, `primary_score` 0..1."""

    run_id: str
    evaluation_id: str
    model_id: str
    dataset_key: str | None
    suite: str
    config_path: str | None
    score: float
    verdict: Literal["pass", "fail", "uncertain"]
    metrics: dict[str, float]
    evaluated_at: str
    primary_score: float
    scorecard: Scorecard


class Leaderboard(BaseModel):
    """Evaluations, best first."""

    class Pagination(BaseModel):
        """Where the next page begins."""

        limit: int
        offset: int
        next_offset: int | None

    data: list[LeaderboardItem]
    pagination: Pagination
    filters: dict[str, str | None]


class DetailedMetric(BaseModel):
    """One number of an evaluation."""

    name: str
    score: float
    max_score: float
    details: dict[str, Any]


class JudgeName(BaseModel):
    """The verifier that judged; several are joined by `+`, and so are their versions."""

    name: str
    version: str


class EvaluateRequest(BaseModel):
    """How a training run is to be evaluated."""

    model_config = ConfigDict(frozen=True)

    judge_override: Annotated[str | None, Field(max_length=128)] = None
    """`answer_correctness`, which is what judges without it, too."""


class Evaluation(BaseModel):
    """An evaluation as earlier clients know it."""

    evaluation_id: str
    run_id: str
    score: float
    verdict: Literal["pass", "fail", "uncertain"]
    metrics: dict[str, float]
    detailed_metrics: list[DetailedMetric]
    judge: JudgeName
    evaluated_at: str
    primary_score: float
