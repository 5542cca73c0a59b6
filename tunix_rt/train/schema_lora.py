"""The table `[lora]`: small matrices that are trained beside frozen weights."""

from typing import Annotated, Literal

from pydantic import Field

from tunix_rt.train.schema_part import Part

Attention = Literal["q_proj", "k_proj", "v_proj", "o_proj"]
Mlp = Literal["gate_proj", "up_proj", "down_proj"]
Group = Literal["all", "attention", "mlp"]


GROUPS: dict[str, frozenset[str]] = {
    "attention": frozenset({"q_proj", "k_proj", "v_proj", "o_proj"}),
    "mlp": frozenset({"gate_proj", "up_proj", "down_proj"}),
}
"""The weights of each group."""


class Lora(Part):
    """With `method = "lora"` or `adapters`: every target W learns A and B, and becomes
    W + AB alpha/rank.
    """

    rank: Annotated[int, Field(ge=1, le=1024)] = 8
    alpha: Annotated[float, Field(gt=0, le=65_536)] = 16.0
    targets: Annotated[tuple[Group | Attention | Mlp, ...], Field(min_length=1)] = ("all",)
    """Weights by their usual names, or all of the `attention` or the `mlp`. Weights that a model
    keeps in one piece (k and v of Gemma 3) are named together."""

    def weights(self) -> frozenset[str]:
        """The names of all targets."""
        found: frozenset[str] = frozenset()
        for target in self.targets:
            every = frozenset().union(*GROUPS.values()) if target == "all" else None
            found |= every or GROUPS.get(target, frozenset({target}))
        return found
