"""Models that come from elsewhere and go elsewhere: what is asked, and what was found."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from tunix_rt.kit.words import no_nul
from tunix_rt.registry.schema import Description, Label, Name

Source = Annotated[str, Field(min_length=1, max_length=4096), AfterValidator(no_nul)]
"""A folder in the Hugging Face layout, or the id of a model on the hub."""


class _Asked(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Import(_Asked):
    """Make a version of a checkpoint that others made."""

    source: Source
    name: Name
    version_label: Label = None
    description: Description | None = None
    parity: bool = True
    """Whether its logits are compared with transformers' first, where that is installed."""


class CheckModel(_Asked):
    """Say whether a checkpoint can be loaded, and whether Tunix computes it rightly."""

    source: Source
    parity: bool = True


class NewExport(_Asked):
    """Write a version as other programs want it."""

    format: Literal["safetensors", "gguf"] = "safetensors"
    max_shard_size: Annotated[str, Field(max_length=20)] = "5GB"
    """Largest weights file; a single tensor may be larger. Of safetensors only."""
    outtype: Literal["f32", "f16", "bf16", "q8_0", "auto"] = "auto"
    """The number format of a GGUF file."""
    folder: str | None = None
    """Where to; new or empty. The run's own folder if not given."""


class Export(NewExport):
    """The same, with the version."""

    version_id: str


class Parity(BaseModel):
    """How far Tunix and transformers are apart, in float32, on made-up tokens."""

    max_difference: float
    largest_logit: float
    argmax_agreement: float
    tokens: int
    passes: bool


class Checked(BaseModel):
    """What was found in a folder."""

    source: str
    folder: str | None
    architecture: str | None
    parameters: int | None
    dtype: str | None
    vocabulary: int | None
    parity: Parity | None
    """Null where it was not compared."""
    passes: bool
    said: str
    """One sentence: why it does not pass, or what was and was not looked at."""


class Exported(BaseModel):
    """What was written."""

    folder: str
    files: list[str]
    bytes: int
