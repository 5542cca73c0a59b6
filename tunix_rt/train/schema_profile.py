"""The table `[profile]` of a recipe: some steps are traced, for a person to look into."""

from typing import Annotated

from pydantic import Field

from tunix_rt.train.schema_part import Part

PROFILE = "profile"
"""The folder of a run that holds what was traced."""


class Profile(Part):
    """A trace by jax.profiler, which TensorBoard and XProf read; an artifact of the run."""

    start: Annotated[int, Field(ge=1, le=10_000_000)] = 3
    """The first step that is traced; the first of all compiles."""
    steps: Annotated[int, Field(ge=1, le=1000)] = 3
