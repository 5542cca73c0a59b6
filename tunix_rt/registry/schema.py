"""Models and versions, as the contract shows them."""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from tunix_rt.kit.words import no_nul

Description = Annotated[str, Field(max_length=10_000), AfterValidator(no_nul)]
Name = Annotated[str, Field(pattern=r"^[a-zA-Z0-9._-]+$", min_length=1, max_length=256)]
Label = Annotated[str | None, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]


class NewModel(BaseModel):
    """A family of versions to create."""

    model_config = ConfigDict(frozen=True)

    name: Name
    description: Description | None = None
    task_type: Annotated[str, Field(max_length=64), AfterValidator(no_nul)] | None = None


class Promote(BaseModel):
    """Make a version of what a run left behind."""

    model_config = ConfigDict(frozen=True)

    source_run_id: Annotated[str, Field(min_length=1, max_length=64)]
    version_label: Label = None
    description: Description | None = None


class Version(BaseModel):
    """One version: an immutable copy of a run's output."""

    id: str
    artifact_id: str
    version: str
    source_run_id: str
    status: str
    metrics_json: dict[str, Any]
    config_json: dict[str, Any]
    provenance_json: dict[str, Any]
    storage_uri: str
    sha256: str
    size_bytes: int
    created_at: str


class Model(BaseModel):
    """A family of versions."""

    id: str
    name: str
    description: str | None
    task_type: str | None
    created_at: str
    updated_at: str
    latest_version: str | None


class ModelDetail(Model):
    """A family with its versions, newest first."""

    versions: list[Version]
