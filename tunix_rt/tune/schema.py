"""What a client asks for, what a job and its trials look like, and the config of the run."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from tunix_rt.kit.words import STORABLE

Status = Literal["created", "running", "completed", "failed", "cancelled"]
Scalar = str | int | float | bool | None
Params = dict[str, Scalar]
"""A value for each name of the search space."""

Finite = Annotated[float, Field(allow_inf_nan=False)]
LARGEST = 2**53
Whole = Annotated[int, Field(ge=-LARGEST, le=LARGEST)]
Name = Annotated[str, Field(min_length=1, max_length=256), STORABLE]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, protected_namespaces=())


class Choice(_Part):
    """One of several values."""

    type: Literal["choice"]
    values: Annotated[list[Annotated[Scalar, STORABLE]], Field(min_length=1, max_length=100)]

    @model_validator(mode="after")
    def _each_once_and_not_huge(self) -> Self:
        for place, value in enumerate(self.values):
            if isinstance(value, int) and abs(value) > LARGEST:
                raise ValueError("holds a whole number beyond 2**53")
            if value in self.values[:place]:
                raise ValueError(f"{value!r} stands there twice")
        return self


class Uniform(_Part):
    """A number between two, each as likely as the others."""

    type: Literal["uniform"]
    min: Finite
    max: Finite

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.min >= self.max:
            raise ValueError(f"min ({self.min:g}) must be below max ({self.max:g})")
        return self


class LogUniform(Uniform):
    """A number between two, each order of magnitude as likely as the others."""

    type: Literal["loguniform"]  # type: ignore[assignment]
    min: Annotated[Finite, Field(gt=0)]


class RandInt(_Part):
    """A whole number from `min` to `max`, both included."""

    type: Literal["randint"]
    min: Whole
    max: Whole

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.min >= self.max:
            raise ValueError(f"min ({self.min}) must be below max ({self.max})")
        return self


Dimension = Annotated[Choice | Uniform | LogUniform | RandInt, Field(discriminator="type")]
Space = dict[Name, Dimension]


class NewJob(_Part):
    """A tuning job to create; what is not searched is as in a training call of the contract."""

    name: Name
    dataset_key: Name
    base_model_id: Name
    """`nano`, or the folder of a model, under one of the allowed roots."""
    metric_name: Name
    metric_mode: Literal["max", "min"]
    num_samples: Annotated[int, Field(ge=1, le=100)] = 1
    max_concurrent_trials: Annotated[int, Field(ge=1, le=10)] = 1
    search_space: Annotated[Space, Field(min_length=1, max_length=50)]
    suite: Annotated[str, Field(min_length=1, max_length=128), STORABLE] | None = None
    """What trials are measured on; the newest suite at the start, if left out."""
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 0
    """The same seed tries the same values, as long as the trials' numbers are the same."""


class TuneConfig(BaseModel):
    """The run that drives a job."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    job_id: str
    model: str | None
    """The checked folder of the base model; null for the nano preset."""


class Trial(BaseModel):
    """One try: its values, its training run, and the number it reached."""

    id: str
    tuning_job_id: str
    number: int
    run_id: str | None
    evaluation_run_id: str | None
    params_json: Params
    metric_value: float | None
    status: Literal["running", "completed", "failed", "cancelled"]
    error: str | None
    created_at: str
    completed_at: str | None


class Job(BaseModel):
    """A tuning job; `trials` is null in lists. `run_id` is the run that drives it."""

    id: str
    name: str
    status: Status
    dataset_key: str
    base_model_id: str
    mode: Literal["local"]
    suite: str | None
    metric_name: str
    metric_mode: Literal["max", "min"]
    num_samples: int
    max_concurrent_trials: int
    search_space_json: Space
    seed: int
    run_id: str | None
    best_run_id: str | None
    best_params_json: Params | None
    created_at: str
    started_at: str | None
    completed_at: str | None
    trials: list[Trial] | None


class Answer(BaseModel):
    """What starting or cancelling a job says."""

    job_id: str
    status: Status
    message: str
