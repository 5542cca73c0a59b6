"""What earlier clients send about trainings, and what they are answered."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from tunix_rt.kit.words import Text
from tunix_rt.runs.schema import RunId, Status
from tunix_rt.train.schema_fork import Fork

Mode = Literal["dry-run", "local"]


class Hyperparameters(BaseModel):
    """The knobs of the contract."""

    model_config = ConfigDict(frozen=True)

    learning_rate: Annotated[float, Field(gt=0, le=1)] = 2e-5
    weight_decay: Annotated[float, Field(ge=0, le=1)] = 0.01
    num_epochs: Annotated[int, Field(ge=1, le=100)] = 3
    batch_size: Annotated[int, Field(ge=1, le=512)] = 8
    max_seq_length: Annotated[int, Field(ge=128, le=32_768)] = 2048
    device: Literal["cpu", "cuda", "auto", "gpu", "tpu"] = "auto"


class RunRequest(BaseModel):
    """A training to start, or only to check."""

    model_config = ConfigDict(frozen=True, protected_namespaces=())

    dataset_key: Annotated[Text, Field(min_length=1, max_length=256)]
    model_id: Annotated[Text, Field(min_length=1, max_length=256)]
    output_dir: Annotated[Text, Field(min_length=1, max_length=512)] | None = None
    dry_run: bool = True
    hyperparameters: Hyperparameters = Hyperparameters()


class ManifestRequest(BaseModel):
    """A training to write down."""

    model_config = ConfigDict(frozen=True, protected_namespaces=())

    dataset_key: Annotated[Text, Field(min_length=1, max_length=256)]
    model_id: Annotated[Text, Field(min_length=1, max_length=256)]
    output_dir: Annotated[Text, Field(min_length=1, max_length=512)]
    hyperparameters: Hyperparameters = Hyperparameters()


class SftRequest(BaseModel):
    """What to export: a frozen dataset, or traces by their ids."""

    model_config = ConfigDict(frozen=True)

    dataset_key: Annotated[Text, Field(min_length=1, max_length=256)] | None = None
    trace_ids: Annotated[list[str], Field(max_length=10_000)] | None = None
    limit: Annotated[int, Field(ge=1, le=10_000)] = 100


class TunixRun(BaseModel):
    """A training run as earlier clients know it."""

    model_config = ConfigDict(protected_namespaces=())

    run_id: str
    status: Status
    mode: Mode
    dataset_key: str
    model_id: str
    output_dir: str
    exit_code: int | None
    stdout: str
    stderr: str
    duration_seconds: float | None
    started_at: str
    completed_at: str | None
    message: str


class TunixRunSummary(BaseModel):
    """One row of the list of training runs."""

    model_config = ConfigDict(protected_namespaces=())

    run_id: str
    dataset_key: str
    model_id: str
    mode: Mode
    status: Status
    started_at: str
    duration_seconds: float | None
    metrics: dict[str, float]


class TunixRunPage(BaseModel):
    """Training runs, newest first."""

    class Pagination(BaseModel):
        """Where the next page begins."""

        limit: int
        offset: int
        next_offset: int | None

    data: list[TunixRunSummary]
    pagination: Pagination


class TunixRunStatus(BaseModel):
    """Only the state of a training run."""

    run_id: str
    status: Status
    queued_at: str
    started_at: str | None
    completed_at: str | None
    exit_code: int | None


class TunixStatus(BaseModel):
    """Whether trainings can run here."""

    available: bool
    version: str | None
    runtime_required: bool
    message: str


class Artifact(BaseModel):
    """A file a run left behind."""

    name: str
    size: int
    path: str


class Artifacts(BaseModel):
    """The files a run left behind."""

    artifacts: list[Artifact]


class Rendered(BaseModel):
    """A manifest, and what it is about."""

    model_config = ConfigDict(protected_namespaces=())

    manifest_yaml: str
    dataset_key: str
    model_id: str
    format: str
    message: str


class StartingRecipe(BaseModel):
    """A recipe to begin with."""

    name: str
    description: str
    recipe: dict[str, JsonValue]
    """With all its keys."""


class StartingRecipes(BaseModel):
    """The recipes to begin with, by name."""

    data: list[StartingRecipe]


class TrainRequest(BaseModel):
    """A training by a recipe: what `tunix-rt train run --queue` says."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    recipe: dict[str, JsonValue]
    """The recipe itself, with the keys of a recipe file."""

    dataset_key: Annotated[Text, Field(min_length=1, max_length=256)]
    evaluate: Annotated[Text, Field(min_length=1, max_length=128)] | None = None
    """The suite that the model is measured on afterwards."""

    fork: Fork | None = None
    """Begin with the weights of a checkpoint of another run, in place of the recipe's."""
    dry_run: bool = False
    """Only say what the training would be and take; the run's result has it under `dry_run`."""
    priority: Annotated[int, Field(ge=-1000, le=1000)] = 0
    after: tuple[RunId, ...] = ()
    """Runs that must be completed before."""


class QueuedTraining(BaseModel):
    """A training that waits for a worker."""

    run_id: str
    status: Literal["pending"]
    evaluation_run_id: str | None
    """The evaluation that waits for the training."""
