"""What a training begins with in place of the recipe's weights: a checkpoint of another run."""

from typing import Annotated

from pydantic import Field

from tunix_rt.runs.schema import RunId
from tunix_rt.train.schema_part import Part


class Fork(Part):
    """The weights of a checkpoint; the optimizer begins anew, and steps count from 0."""

    run_id: RunId
    step: Annotated[int, Field(ge=1, le=10_000_000)] | None = None
    """The newest there is, if it is not said."""
