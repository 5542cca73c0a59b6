"""The table `[preference]` of a recipe, for the methods that learn from pairs."""

from typing import Annotated

from pydantic import Field

from tunix_rt.train.schema_part import Part


class Preference(Part):
    """How a right trace is preferred to a wrong one of the same prompt."""

    beta: Annotated[float, Field(gt=0, le=10)] = 0.1
    """DPO: how near the model stays to where it began. ORPO: weight of the odds beside what is
    learned from the right traces."""
    nll: Annotated[float, Field(ge=0, le=100)] = 0.0
    """DPO: weight of learning the right traces as supervised training does, which keeps them from
    becoming unlikelier together with the wrong ones. ORPO has it by itself."""
