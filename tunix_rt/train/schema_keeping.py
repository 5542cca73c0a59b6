"""What is kept of a training while it runs: `[checkpoints]` and `[evaluation]`."""

from typing import Annotated

from pydantic import Field

from tunix_rt.train.schema_part import Part


class Checkpoints(Part):
    """How much work a crash may cost, and how many states stay on disk."""

    every: Annotated[int, Field(ge=1)] = 200
    """Steps from one to the next."""
    minutes: Annotated[float, Field(gt=0, le=10_000)] | None = None
    """One also whenever so much time went by since the last."""
    keep: Annotated[int, Field(ge=1, le=100)] = 2
    """How many of the newest stay."""
    max_gb: Annotated[float, Field(gt=0, le=1_000_000)] | None = None
    """Room for weights and moments in checkpoints, in gigabytes; fewer are kept where they would
    take more."""
    best: bool = False
    """Keep the weights of the lowest held-out loss too, and leave those behind as the model."""


class Evaluation(Part):
    """The held-out loss while a model learns; with `every` it is measured."""

    every: Annotated[int, Field(ge=1)] | None = None
    """Steps from one measurement to the next; the end is measured in any case."""
    split: Annotated[str, Field(min_length=1, max_length=32)] = "test"
    """The split of the dataset that is not trained on."""
    rows: Annotated[int, Field(ge=1, le=1_000_000)] = 256
    """The first so many rows of it."""
