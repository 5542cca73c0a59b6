"""What is shown of rows as they will be trained: proofs, and numbers."""

from typing import Literal

from pydantic import BaseModel

from tunix_rt.rendering.schema_options import Rendering
from tunix_rt.rendering.schema_wording import Kind

ProofName = Literal[
    "worded",
    "fits",
    "text",
    "reasoning",
    "no_empty_thought",
    "answer",
    "one_begin",
    "end_trained",
    "trained",
]


class Broken(BaseModel):
    """A row that breaks a proof, and how."""

    row: str
    why: str


class Proof(BaseModel):
    """One promise, kept for every row or broken by some."""

    name: ProofName
    says: str
    ok: bool
    broken: int
    """Rows that break it."""

    examples: list[Broken]
    """The first of them."""


class KindShare(BaseModel):
    """How many tokens of one kind there are, and how many of them are learned."""

    kind: Kind
    tokens: int
    trained: int
    weight: float
    """All their weights together."""


class StepShare(BaseModel):
    """The same for steps of one type."""

    type: str
    steps: int
    tokens: int
    trained: int
    weight: float


class LengthBin(BaseModel):
    """How many rows have `low` to `high` tokens, both included."""

    low: int
    high: int
    rows: int


class Lengths(BaseModel):
    """How many tokens rows have before anything is cut."""

    shortest: int
    median: int
    p95: int
    p99: int
    longest: int
    mean: float
    bins: list[LengthBin]


class Cut(BaseModel):
    """What `max_seq_length` does."""

    rows: int
    """Rows that are longer."""

    tokens: int
    """Tokens behind the limit."""

    answers: int
    """Rows whose answer is not whole within it."""


class Numbers(BaseModel):
    """What was counted while rows were rendered."""

    rows: int
    """Rows of the training split."""

    trained_rows: int
    """Those that are left once the policy and the length have had their say."""

    left_out: int
    """Rows the policy leaves out, or nothing of which is learned."""

    tokens: int
    trained_tokens: int
    kinds: list[KindShare]
    step_types: list[StepShare]
    lengths: Lengths | None
    """Null where there is no row."""

    cut: Cut


class Proofs(BaseModel):
    """What holds for every row of a rendering, and what does not."""

    ok: bool
    proofs: list[Proof]
    numbers: Numbers
    tokenizer_sha256: str
    first_batch_sha256: str | None
    """Of the first batch that training will see; null where no row is left, and where the layout
    is chosen only when it is trained."""


class ProvenRendering(BaseModel):
    """A rendering that was proven when a dataset was frozen, as its manifest keeps it."""

    rendering: Rendering
    tokenizer_sha256: str
    first_batch_sha256: str | None
    overridden: list[ProofName]
    """Broken proofs that somebody let pass by name."""

    proofs: Proofs

    def is_of(self, rendering: Rendering, tokenizer_sha256: str) -> bool:
        """Whether this is about the same rendering; a tokenizer may have moved."""
        mine, other = (one.model_copy(update=_PLACE) for one in (self.rendering, rendering))
        return mine == other and tokenizer_sha256 == self.tokenizer_sha256


_PLACE = {"tokenizer": None, "vocab_size": 0}
"""What names a tokenizer without being one."""
