"""What a dataset is built from, its manifest, and how it looks from outside."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator

from tunix_rt.kit.words import STORABLE, Text
from tunix_rt.rendering.schema_proofs import ProvenRendering

SCHEMA_VERSION = "2"


class Build(BaseModel):
    """A request to freeze a dataset."""

    model_config = ConfigDict(frozen=True)

    dataset_name: Annotated[Text, Field(min_length=1, max_length=128)]
    dataset_version: Annotated[Text, Field(min_length=1, max_length=64)]
    filters: Annotated[dict[str, JsonValue], STORABLE] = {}
    """Fields of the trace filter (source, model, verdict, q); others name meta values."""

    limit: Annotated[int, Field(ge=1, le=10_000_000)] = 100
    selection_strategy: Literal["latest", "random"] = "latest"
    seed: int | None = None
    session_id: Text | None = None
    parent_dataset_id: Text | None = None
    training_run_id: Text | None = None
    provenance: Annotated[dict[str, JsonValue], STORABLE] = {}

    @model_validator(mode="after")
    def _random_needs_a_seed(self) -> "Build":
        if self.selection_strategy == "random" and self.seed is None:
            raise ValueError("selection_strategy random needs a seed")
        return self


class Stats(BaseModel):
    """The contract's numbers about a dataset."""

    trace_count: int
    avg_step_count: float
    min_step_count: int
    max_step_count: int
    avg_total_chars: float


class Manifest(BaseModel):
    """Everything that says what a dataset is; written once."""

    dataset_key: str
    build_id: str
    dataset_name: str
    dataset_version: str
    dataset_schema_version: str
    created_at: str
    filters: dict[str, Any]
    selection_strategy: str
    seed: int | None
    trace_ids: list[str]
    trace_count: int
    stats: Stats
    session_id: str | None
    parent_dataset_id: str | None
    training_run_id: str | None
    provenance: dict[str, Any]
    content_sha256: str
    """sha256 of the rows, one canonical trace a line, in the order of trace_ids."""
    file_sha256: str
    size_bytes: int
    verdicts: dict[str, int]
    """How many traces were right, wrong, undecided or unverified when frozen."""
    tool_version: str
    rendering: ProvenRendering | None = None
    """The rendering that was proven with it; null where nobody asked for one."""


class Built(BaseModel):
    """What building says."""

    dataset_key: str
    build_id: str
    trace_count: int
    manifest_path: str
    content_sha256: str


class Ingest(BaseModel):
    """A file on the server to take in."""

    model_config = ConfigDict(frozen=True)

    path: Annotated[Text, Field(min_length=1, max_length=4096)]
    source_name: Annotated[Text, Field(min_length=1, max_length=200)]


class Ingested(BaseModel):
    """The traces of the file, in its order, those that were known already too."""

    ingested_count: int
    trace_ids: list[str]


class DatasetSummary(BaseModel):
    """One row of the list of datasets."""

    dataset_key: str
    dataset_name: str
    dataset_version: str
    trace_count: int
    content_sha256: str
    created_at: str


class DatasetPage(BaseModel):
    """Datasets, newest first."""

    class Pagination(BaseModel):
        """Where the next page begins."""

        limit: int
        offset: int
        next_offset: int | None

    data: list[DatasetSummary]
    pagination: Pagination
