"""What a dry run says of a training before its first step."""

from dataclasses import dataclass

from pydantic import BaseModel, Field

from tunix_rt.kit.errors import BadInput
from tunix_rt.rendering.schema_batching import Layout
from tunix_rt.rendering.schema_proofs import Numbers, Proof


class DoesNotFit(BadInput):
    """A device has not enough memory for a step that was taken or tried."""

    def __init__(self, what: str, advice: str) -> None:
        super().__init__(f"{what} took more memory than there is.", hint=advice)


@dataclass(frozen=True, slots=True)
class Tried:
    """What a backend found when it tried one step on the longest batch of a job."""

    layout: Layout
    """What `auto` chose, or the recipe's."""
    step: "TriedStep"
    compiled_bytes: int | None
    round: "TriedRound | None" = None
    """Only for methods that practise."""


class PlannedShape(BaseModel):
    """One kind of batch."""

    lines: int
    width: int
    batches: float
    """How many of them an epoch has."""


class MemoryPlan(BaseModel):
    """Bytes that a device holds at the height of a step; the first five are estimated."""

    weights: int
    gradients: int
    optimizer: int
    activations: int
    cache: int = 0
    """What a model remembers of rollouts while it writes them; gone when a step is taken."""
    total: int
    compiled: int | None
    """What the compiled step asks for, where it was compiled and says so."""
    room: int | None
    """What there is; null where nobody looked."""
    fits: bool | None
    advice: str | None
    """What would fit, where this does not."""


class TriedStep(BaseModel):
    """One step on the longest real batch, twice: before a checkpoint and restored from it."""

    lines: int
    width: int
    loss: float
    compile_seconds: float
    step_seconds: float
    checkpoint_bytes: int
    restored: bool
    """Whether the step after the checkpoint had the same loss once it was restored."""
    device: str


class TriedRound(BaseModel):
    """The rollouts of the first round, asked for and judged as the training does, twice; nothing of
    them is kept. The step is tried on answers as long as they may be.
    """

    compile_seconds: float
    """What the first time took beyond the second."""
    sample_seconds: float
    judge_seconds: float
    answer_tokens: float
    """Mean length of an answer."""
    ended: float
    """Share of the answers that ended by themselves."""


class PlannedPractice(BaseModel):
    """What a model practises on."""

    problems: int
    """Those that are practised on."""
    held_out: int
    watched: int
    rounds: int
    rollouts: int
    """Of one round."""
    longest_prompt: int
    """Tokens."""
    new_tokens: int
    """The most that an answer may have."""
    samples: int
    """How often as many answers as a round has are asked for: rounds, measurements and looks."""


class DryRun(BaseModel):
    """Rows as they will be trained, the batches they make, what that takes."""

    complete: bool
    """Whether every row was looked at; who waits for an answer gets one about the first rows."""
    numbers: Numbers
    proofs: list[Proof]
    parameters: int
    trained_parameters: int
    layout: str | None
    """Null, as everything about batches, for methods that practise; and for pairs, as long as only
    the first rows were looked at."""
    shapes: list[PlannedShape]
    steps: int | None
    """Null where only some rows were looked at, and the recipe counts epochs."""
    tokens: int | None
    """Trained and prompt tokens over all steps, without padding."""
    useful_share: float | None
    """Of the places of an epoch's batches, those that are not padding."""
    operations: float | None
    """Over all steps, padding not counted."""
    memory: MemoryPlan | None
    tried: TriedStep | None
    tried_round: TriedRound | None = None
    """Only for methods that practise."""
    seconds: float | None
    """About what all steps take, compiling counted; null where no step was tried."""
    practice: PlannedPractice | None = None
    """Only for methods that practise, and where every row was looked at."""
    warnings: list[str] = []
    """What speaks against the recipe, though it would run."""
    left_out: list[str] = Field(description="What was not done, and why.")
