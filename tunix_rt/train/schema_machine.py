"""Where a training computes, and in which numbers: `device`, `[mesh]`, `precision`."""

from typing import Annotated, Literal

from pydantic import Field

from tunix_rt.train.schema_part import Part

Device = Annotated[str, Field(pattern=r"^(auto|(cpu|gpu|tpu)(:[0-9]{1,4})?)$", max_length=16)]
"""`auto` takes what the library finds first; a number behind a colon names one of several."""

Precision = Literal["stored", "float32", "bfloat16"]
"""`stored`: weights and sums as the model's file has them. `float32`: both in float32. `bfloat16`:
sums in bfloat16, trained weights in float32; the model is written as it was stored."""


class Mesh(Part):
    """Devices that share the work; together they compute what one of them computes."""

    fsdp: Annotated[int, Field(ge=1, le=65_536)] = 1
    """Parts that the rows of a batch are cut into, and the weights with them."""
    tp: Annotated[int, Field(ge=1, le=65_536)] = 1
    """Parts that each layer is cut into: its heads, and the width of its MLP."""
