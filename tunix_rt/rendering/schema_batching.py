"""How rows share a batch: padded, in buckets of like length, or packed."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Layout = Literal["padded", "buckets", "packed", "auto"]


class Batching(BaseModel):
    """How rows share a batch. What the layout does to the hash of the first batch is proven too."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    layout: Layout = "padded"
    """`padded`: rows as wide as the longest one. `buckets`: rows of like length together, wide or
    narrow batches of as many tokens. `packed`: several rows end to end in one, each of which sees
    only itself. `auto`: what takes the least time on the first batches of a training."""

    batch_tokens: Annotated[int, Field(ge=8, le=2**27)] | None = None
    """Tokens of a batch, padding counted, in place of `batch_size`. Without it `batch_size` rows
    of mean length, or as they come in `padded`. A batch has at most 65,536 lines."""

    buckets: Annotated[int, Field(ge=1, le=32)] = 6
    """At most so many widths; each is compiled once."""
