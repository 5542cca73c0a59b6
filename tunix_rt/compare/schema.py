"""A baseline, a check against it, and how both look from outside."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from tunix_rt.kit.words import STORABLE
from tunix_rt.runs.schema import RunId

Name = Annotated[str, Field(min_length=1, max_length=256), STORABLE]


class NewBaseline(BaseModel):
    """A name for what a run reached; given again, the name moves to another run."""

    model_config = ConfigDict(frozen=True)

    name: Name
    run_id: RunId
    metric: Name = "primary_score"
    lower_is_better: bool | None = None
    """Left out, it is read from the metric's name."""
    eval_set: Name | None = None
    """Only evaluations on this suite count, the baseline's and those it is compared with."""
    dataset_key: Name | None = None
    """Only evaluations of models trained on this dataset count."""


class Baseline(BaseModel):
    """What later runs are compared with."""

    id: str
    name: str
    run_id: str
    metric: str
    lower_is_better: bool
    eval_set: str | None
    dataset_key: str | None
    created_at: str


class CheckRequest(BaseModel):
    """Which run is compared with which baseline."""

    model_config = ConfigDict(frozen=True)

    run_id: RunId
    baseline_name: Name


class GateRequest(CheckRequest):
    """A check that is a run: it waits for other runs, and fails where the check does."""

    after: tuple[RunId, ...] = ()
    """Runs that must be completed before: the training's evaluation."""

    priority: int = 0


class Check(BaseModel):
    """A run against a baseline; `delta` is current minus baseline.

    `delta_percent` is relative to the baseline's absolute value, and null where the
    baseline is 0 and the run is not: there is no percentage of nothing.
    """

    run_id: str
    baseline_name: str
    baseline_run_id: str
    metric_name: str
    baseline_value: float
    current_value: float
    delta: float
    delta_percent: float | None
    verdict: Literal["pass", "fail"]
    details: str
