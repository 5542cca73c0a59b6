"""A run for other trackers: what is asked, and where a run can go."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from tunix_rt.kit.words import no_nul

EVENTS = "tensorboard"
"""The folder of an exporting run that holds the event file, an artifact of it."""

EXPERIMENT = "tunix-rt"

Tracker = Literal["tensorboard", "mlflow"]


class NewRunExport(BaseModel):
    """Hand a run's numbers and config to a tracker; the server's settings say where MLflow is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    to: Tracker
    experiment: Annotated[str, Field(min_length=1, max_length=200), AfterValidator(no_nul)] = (
        EXPERIMENT
    )
    """Of MLflow only."""


class RunExport(NewRunExport):
    """The same, with the run."""

    run_id: str


class RunExports(BaseModel):
    """Where a run can go, as it is now."""

    to: list[Tracker]
