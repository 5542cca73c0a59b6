"""What every training backend is told, and what it says back.

A recipe is the complete configuration of a training run: with the examples and
the machine it decides every bit of the result. Where files lie and who listens
is not in it; that is the `TrainJob`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from tunix_rt.rendering.schema_options import MaskPolicy, Reasoning, Rendering, System, TooLong
from tunix_rt.rendering.schema_wording import Example


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class NanoModel(_Part):
    """A small Gemma 3 from scratch; its vocabulary is its tokenizer's."""

    preset: Literal["nano"] = "nano"
    layers: Annotated[int, Field(ge=1, le=64)] = 2
    width: Annotated[int, Field(ge=8, le=8192)] = 96
    heads: Annotated[int, Field(ge=1, le=128)] = 4
    kv_heads: Annotated[int, Field(ge=1, le=128)] = 1
    head_width: Annotated[int, Field(ge=2, le=512, multiple_of=2)] = 24
    hidden: Annotated[int, Field(ge=8, le=65_536)] = 256

    @model_validator(mode="after")
    def _heads_share_evenly(self) -> Self:
        if self.heads % self.kv_heads:
            raise ValueError(f"heads ({self.heads}) must be a multiple of kv_heads")
        return self


class FolderModel(_Part):
    """A model to go on from: a local folder in the Hugging Face layout."""

    path: Annotated[str, Field(min_length=1, max_length=4096)]


class Tokenizer(_Part):
    """`build` makes one from the examples, with digits apart; `model` takes the folder's."""

    source: Literal["build", "model"] = "build"
    vocab_size: Annotated[int, Field(ge=16, le=65_536)] = 96
    """Upper bound when built. Below 512 its alphabet is the characters of the data, and
    others become <unk>; from 512 on it is all bytes, and every text survives."""


class Optimizer(_Part):
    """How weights move. Muon turns every matrix, attention too; the rest is Adam's."""

    name: Literal["adamw", "muon"] = "muon"
    learning_rate: Annotated[float, Field(gt=0, le=10)] = 1.2e-2
    warmup_steps: Annotated[int, Field(ge=0)] = 30
    schedule: Literal["cosine", "constant", "linear"] = "cosine"
    final_ratio: Annotated[float, Field(ge=0, le=1)] = 0.02
    """What is left of the learning rate at the last step."""
    weight_decay: Annotated[float, Field(ge=0, le=10)] = 0.01
    beta1: Annotated[float, Field(ge=0, lt=1)] = 0.9
    beta2: Annotated[float, Field(ge=0, lt=1)] = 0.999
    adam_learning_rate: Annotated[float, Field(gt=0, le=10)] | None = None
    """Peak rate of what Muon leaves to Adam (embeddings, norms); the same if not given."""
    momentum: Annotated[float, Field(ge=0, lt=1)] = 0.95
    """Muon's; the betas are Adam's."""
    clip: Annotated[float, Field(gt=0)] = 1.0
    """Largest global norm of a gradient."""


class Checkpoints(_Part):
    """How much work a crash may cost, and how many states stay on disk."""

    every: Annotated[int, Field(ge=1)] = 200
    keep: Annotated[int, Field(ge=1, le=100)] = 2


class Recipe(_Part):
    """The complete configuration of a training run."""

    name: Annotated[str, Field(min_length=1, max_length=128)] = "recipe"
    description: Annotated[str, Field(max_length=2000)] = ""
    backend: Annotated[str, Field(min_length=1, max_length=64)] = "tunix"
    method: Literal["sft"] = "sft"
    template: Annotated[str, Field(min_length=1, max_length=64)] = "think"
    """How a trace becomes prompt and response: a name from rendering/templates."""
    system: System | None = None
    """An instruction before each prompt."""
    reasoning: Reasoning = "train"
    """The steps: learned, shown and not learned, or left out."""
    masks: MaskPolicy = MaskPolicy()
    model: NanoModel | FolderModel = NanoModel()
    tokenizer: Tokenizer = Tokenizer()
    optimizer: Optimizer = Optimizer()
    checkpoints: Checkpoints = Checkpoints()
    steps: Annotated[int, Field(ge=1, le=10_000_000)] | None = None
    epochs: Annotated[float, Field(gt=0, le=10_000)] | None = None
    """Exactly one of `steps` and `epochs`; with neither, one epoch."""
    batch_size: Annotated[int, Field(ge=1, le=65_536)] = 32
    max_seq_length: Annotated[int, Field(ge=8, le=131_072)] = 128
    too_long: TooLong = "refuse"
    """What happens to examples of more than `max_seq_length` tokens; `cut` loses their end."""
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 0
    log_every: Annotated[int, Field(ge=1)] = 1

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        if self.steps is not None and self.epochs is not None:
            raise ValueError("give steps or epochs, not both")
        if self.tokenizer.source == "model" and isinstance(self.model, NanoModel):
            raise ValueError('tokenizer.source "model" needs model.path')
        if self.tokenizer.source == "build" and isinstance(self.model, FolderModel):
            raise ValueError('a model from model.path needs tokenizer.source = "model"')
        return self

    def rendering(self) -> Rendering:
        """How this recipe turns rows into tokens and batches."""
        own = isinstance(self.model, FolderModel)
        return Rendering(
            template=self.template,
            tokenizer=self.model.path if isinstance(self.model, FolderModel) else None,
            vocab_size=Rendering().vocab_size if own else self.tokenizer.vocab_size,
            system=self.system,
            reasoning=self.reasoning,
            masks=self.masks,
            max_seq_length=self.max_seq_length,
            too_long=self.too_long,
            batch_size=self.batch_size,
            seed=self.seed,
        )


class TrainConfig(_Part):
    """What is trained on what; the whole recipe is stored with the run."""

    recipe: Recipe
    dataset_key: Annotated[str, Field(min_length=1, max_length=256)]
    dry_run: bool = False
    output_dir: str | None = None
    """Where a copy of the model is wanted."""
    request: dict[str, Any] | None = None
    """What an earlier client sent."""


@dataclass(frozen=True, slots=True)
class Progress:
    """One training step, as it happened."""

    step: int
    """Steps done, counting this one."""
    total: int
    loss: float
    learning_rate: float
    gradient_norm: float
    tokens_per_second: float
    """Trained and prompt tokens, without padding, since the report before."""


@dataclass(frozen=True, slots=True)
class TrainJob:
    """A recipe with its examples, its folder and its listener."""

    recipe: Recipe
    examples: Iterable[Example]
    """What is taught; may be walked through again and again, and is then read again."""
    folder: Path
    """Called again on the same folder, training goes on where it stopped."""
    report: Callable[[Progress], None]
    """May raise, which stops the training; what was checkpointed stays."""


@dataclass(frozen=True, slots=True)
class TrainResult:
    """What a finished training leaves behind."""

    model: Path
    """Folder in the Hugging Face layout."""
    steps: int
    resumed_from: int
    """0, or the step of the checkpoint this call went on from."""
    parameters: int
    examples: int
    dropped: int
    """Examples left out because they were too long, or the masks leave nothing of them."""
    first_loss: float
    final_loss: float
    """Mean of the last ten logged steps."""
    seconds: float
    """Of this call, without what came before a resume."""
    tokens: int
    """Trained and prompt tokens over all steps, without padding."""
    first_batch_sha256: str
    weights_sha256: str
    """Of model.safetensors."""
    tokenizer_sha256: str
