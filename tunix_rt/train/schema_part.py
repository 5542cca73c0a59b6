"""What every table of a recipe is: frozen, and without keys that nobody knows."""

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """One table of a recipe."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)
