"""What every training backend is told, and what it says back.

A recipe is the complete configuration of a training run: with the examples and
the machine it decides every bit of the result. Where files lie and who listens
is not in it; that is the `TrainJob`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, ValidationError, model_validator

from tunix_rt.registry.loading.shape import Shape
from tunix_rt.rendering.schema_batching import Batching
from tunix_rt.rendering.schema_options import MaskPolicy, Reasoning, Rendering, System, TooLong
from tunix_rt.rendering.schema_wording import Example
from tunix_rt.train.schema_fork import Fork
from tunix_rt.train.schema_grpo import Grpo, Practice, Practised
from tunix_rt.train.schema_keeping import Checkpoints, Evaluation
from tunix_rt.train.schema_lora import Lora
from tunix_rt.train.schema_machine import Device, Mesh, Precision
from tunix_rt.train.schema_part import Part
from tunix_rt.train.schema_preference import Preference
from tunix_rt.train.schema_profile import Profile

TAUGHT = ("sft", "lora")
"""The methods that learn from examples."""

PAIRED = ("dpo", "orpo")
"""The methods that learn from pairs."""

WINDOW = 1024
"""Least attention window of a new model; Gemma's own small models have 512 and 1024."""


class NanoModel(Part):
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

    def shape(self, vocab: int, max_seq_length: int) -> Shape:
        """The model that is made; its attention looks at whole rows."""
        window = max(WINDOW, max_seq_length)
        return Shape(
            kind="gemma3_text",
            vocab=vocab,
            width=self.width,
            hidden=self.hidden,
            layers=self.layers,
            heads=self.heads,
            kv_heads=self.kv_heads,
            head_width=self.head_width,
            window=window,
            local_theta=10_000,
            global_theta=10_000,
            tied=True,
            context=window,
        )


class FolderModel(Part):
    """A model to go on from: a local folder in the Hugging Face layout."""

    path: Annotated[str, Field(min_length=1, max_length=4096)]


class Tokenizer(Part):
    """`build` makes one from the examples, with digits apart; `model` takes the folder's."""

    source: Literal["build", "model"] = "build"
    vocab_size: Annotated[int, Field(ge=16, le=65_536)] = 96
    """Upper bound when built. Below 512 its alphabet is the characters of the data, and
    others become <unk>; from 512 on it is all bytes, and every text survives."""


class Optimizer(Part):
    """How weights move. Muon turns every matrix, attention too; the rest is Adam's. Adafactor keeps
    a number for each row and column of a large matrix in place of two for each weight.
    """

    name: Literal["adamw", "muon", "adafactor"] = "muon"
    learning_rate: Annotated[float, Field(gt=0, le=10)] = 1.2e-2
    """At its peak. Adafactor's is a share of each weight's own size (arXiv 1804.04235)."""
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

    @model_validator(mode="after")
    def _adafactor_has_no_moments(self) -> Self:
        if self.name == "adafactor":
            for name in ("beta1", "beta2", "adam_learning_rate", "momentum"):
                if getattr(self, name) != type(self).model_fields[name].default:
                    raise ValueError(f"adafactor has no {name}")
        return self


class Recipe(Part):
    """The complete configuration of a training run."""

    name: Annotated[str, Field(min_length=1, max_length=128)] = "recipe"
    description: Annotated[str, Field(max_length=2000)] = ""
    backend: Annotated[str, Field(min_length=1, max_length=64)] = "tunix"
    method: Literal["sft", "lora", "dpo", "orpo", "grpo"] = "sft"
    """`sft` trains every weight, `lora` small matrices beside them that are added in the end; `dpo`
    and `orpo` learn from pairs of a right and a wrong trace; `grpo` lets a model practise."""
    adapters: bool = False
    """Of `dpo`, `orpo` and `grpo`: train small matrices, as `lora` does, in place of every
    weight."""
    template: Annotated[str, Field(min_length=1, max_length=64)] = "think"
    """How a trace becomes prompt and response: a name from rendering/templates."""
    system: System | None = None
    """An instruction before each prompt."""
    reasoning: Reasoning = "train"
    """The steps: learned, shown and not learned, or left out."""
    masks: MaskPolicy = MaskPolicy()
    model: NanoModel | FolderModel = NanoModel()
    tokenizer: Tokenizer = Tokenizer()
    lora: Lora = Lora()
    optimizer: Optimizer = Optimizer()
    batching: Batching = Batching()
    device: Device = "auto"
    mesh: Mesh = Mesh()
    precision: Precision = "stored"
    checkpoints: Checkpoints = Checkpoints()
    evaluation: Evaluation = Evaluation()
    profile: Profile | None = None
    """Which steps are traced, if any."""
    grpo: Grpo | None = None
    """What `method = "grpo"` practises, and how."""
    preference: Preference | None = None
    """How `method = "dpo"` and `"orpo"` learn from pairs."""
    steps: Annotated[int, Field(ge=1, le=10_000_000)] | None = None
    epochs: Annotated[float, Field(gt=0, le=10_000)] | None = None
    """Exactly one of `steps` and `epochs`; with neither, one epoch."""
    batch_size: Annotated[int, Field(ge=1, le=65_536)] = 32
    """Rows of a batch; with `batching` they may be counted in tokens."""
    accumulate: Annotated[int, Field(ge=1, le=65_536)] = 1
    """Parts that a batch is computed in, one after another: less memory, the same gradient."""
    max_seq_length: Annotated[int, Field(ge=8, le=131_072)] = 128
    too_long: TooLong = "refuse"
    """What happens to examples of more than `max_seq_length` tokens; `cut` loses their end."""
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 0
    log_every: Annotated[int, Field(ge=1)] = 1

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        if self.steps is not None and self.epochs is not None:
            raise ValueError("give steps or epochs, not both")
        if self.checkpoints.best and self.evaluation.every is None:
            raise ValueError("checkpoints.best needs evaluation.every")
        if self.lora != Lora() and not self.adapts:
            needed = 'method = "lora"' if self.method in TAUGHT else "adapters = true"
            raise ValueError(f"the table lora needs {needed}")
        if self.tokenizer.source == "model" and isinstance(self.model, NanoModel):
            raise ValueError('tokenizer.source "model" needs model.path')
        if self.tokenizer.source == "build" and isinstance(self.model, FolderModel):
            raise ValueError('a model from model.path needs tokenizer.source = "model"')
        return self

    @property
    def adapts(self) -> bool:
        """Whether small matrices beside the weights are trained, and not the weights."""
        return self.method == "lora" or self.adapters

    @classmethod
    def of_today(cls, stored: dict[str, Any], exclude: set[str] | None = None) -> dict[str, Any]:
        """A stored recipe as plain JSON, with the keys that it was stored without.

        A key that came later means by its default what was done before. What no recipe is any
        more is given back as it is.
        """
        try:
            return cls.model_validate(stored).model_dump(mode="json", exclude=exclude)
        except ValidationError:
            return stored

    def steps_of(self, batches: Callable[[float], int]) -> int:
        """The steps of this recipe, where `batches` says how many so many epochs are."""
        if self.steps is not None:
            return self.steps
        return batches(1 if self.epochs is None else self.epochs)

    @model_validator(mode="after")
    def _pairs_fit(self) -> Self:
        if self.method not in PAIRED:
            if self.preference is not None:
                raise ValueError('the table preference needs method = "dpo" or "orpo"')
            return self
        if not isinstance(self.model, FolderModel):
            raise ValueError(f'method "{self.method}" needs model.path: a model that was taught')
        if self.too_long == "cut":
            raise ValueError("a pair cannot be cut")
        if self.method == "orpo" and self.preference is not None and self.preference.nll:
            raise ValueError("preference.nll is for dpo; orpo learns the right traces by itself")
        self._cuts("batch_size", self.batch_size)
        return self

    @model_validator(mode="after")
    def _practice_fits(self) -> Self:
        if (self.method == "grpo") != (self.grpo is not None):
            raise ValueError('method "grpo" and a table grpo need each other')
        if self.grpo is None:
            return self
        if not isinstance(self.model, FolderModel):
            raise ValueError('method "grpo" needs model.path: a model that can answer already')
        if self.steps is None:
            raise ValueError('method "grpo" needs steps')
        for name, steps in (("steps", self.steps), ("checkpoints.every", self.checkpoints.every)):
            if steps % self.grpo.iterations:
                raise ValueError(f"{name} ({steps}) must be a multiple of grpo.iterations")
        self._cuts("grpo.prompts times grpo.group", self.grpo.prompts * self.grpo.group)
        return self

    def _cuts(self, name: str, lines: int) -> None:
        """Refuse lines that are not as many in each part, and on each device."""
        if lines % self.accumulate:
            raise ValueError(f"{name} must be a multiple of accumulate")
        if lines // self.accumulate % self.mesh.fsdp:
            raise ValueError(f"{name} must be a multiple of accumulate times mesh.fsdp")

    @model_validator(mode="after")
    def _every_key_is_obeyed(self) -> Self:
        """A key that a method does not look at is refused: its default says that nobody set it."""
        unused: tuple[str, ...] = ("adapters",)
        if self.method not in TAUGHT:
            unused = ("batching", "evaluation", "profile")
        if self.method == "grpo":
            unused += ("batch_size", "masks", "reasoning", "too_long")
        for name in unused:
            if getattr(self, name) != type(self).model_fields[name].default:
                raise ValueError(f'{name} means nothing with method "{self.method}"')
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
            batching=self.batching,
            seed=self.seed,
        )


class TrainConfig(Part):
    """What is trained on what; the whole recipe is stored with the run."""

    recipe: Recipe
    dataset_key: Annotated[str, Field(min_length=1, max_length=256)]
    dry_run: bool = False
    output_dir: str | None = None
    """Where a copy of the model is wanted."""
    request: dict[str, Any] | None = None
    """What an earlier client sent."""
    fork: Fork | None = None
    """Whose weights it begins with, in place of the recipe's."""


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
    more: Mapping[str, float] = field(default_factory=dict)
    """Numbers of this method, by name."""


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
    check: Callable[[], None] = lambda: None
    """Raises `Cancelled` where somebody asked to stop; called between steps, whatever is reported,
    and in between where a step takes long."""
    held_out: Iterable[Example] | None = None
    """What is not trained on, to be measured by; null where nobody asks."""
    cache: Path | None = None
    """Where what was compiled is kept for the next training."""
    practice: Practice | None = None
    """What a model practises on; only for methods that practise."""
    pairs: Iterable[tuple[Example, Example]] | None = None
    """A preferred example and another of the same prompt; only for methods that learn from pairs.
    May be walked through again."""
    start: Path | None = None
    """A model folder with the weights to begin with, in place of the recipe's; it is of the same
    shape and tokenizer."""


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
    """Trained and prompt tokens over all steps, without padding; those before a resume too."""
    first_batch_sha256: str
    weights_sha256: str
    """Of model.safetensors."""
    tokenizer_sha256: str
    layout: str = "padded"
    """How rows shared a batch; what `auto` chose."""
    held_out_loss: float | None = None
    """Of the weights that are left behind."""
    kept_step: int | None = None
    """The step that these weights are of, where they are the best ones."""
    practised: Practised | None = None
    """What came of practising."""
    useful_tokens_per_second: float | None = field(default=None, compare=False)
    """Of the steps of this call, by the time it took to take them: compiling, measuring and keeping
    counted, and not what came before a resume. Null where no step was left to take."""
