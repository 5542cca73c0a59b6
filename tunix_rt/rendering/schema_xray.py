"""An X-ray: rows as they will be trained, token by token, with proofs and numbers."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from tunix_rt.kit.words import Text
from tunix_rt.rendering.schema import Outcome
from tunix_rt.rendering.schema_options import Rendering
from tunix_rt.rendering.schema_proofs import Proofs
from tunix_rt.rendering.schema_wording import Kind

Fate = Literal["trained", "cut", "too_long", "left_out"]
"""What becomes of a row: `left_out` by the policy, or because nothing of it is learned."""


class Look(BaseModel):
    """What to look at, and how it is rendered."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rendering: Rendering = Rendering()
    rows: Annotated[int, Field(ge=0, le=100)] = 20
    """How many rows are shown."""

    row: Annotated[Text, Field(min_length=1, max_length=64)] | None = None
    """Only the row of this trace, of whatever split."""

    prove: Annotated[int, Field(ge=1, le=10_000)] = 1000
    """How many rows are proven and counted, from the first."""


class LookAtTraces(Look):
    """Stored traces to look at before they are frozen, as if they were a dataset."""

    trace_ids: Annotated[list[Text], Field(min_length=1, max_length=1000)]


class XraySpan(BaseModel):
    """Neighbouring tokens of one part of a row; `end` is the first token behind them."""

    start: int
    end: int
    kind: Kind
    step: int | None
    """The place of the step that it is, or that it frames, from 0."""

    step_type: str | None
    weight: float


class XrayRow(BaseModel):
    """One row. Tokens that are not shown, because there are too many, are only counted."""

    id: str
    split: str
    fate: Fate
    length: int
    """Tokens of the whole row."""

    trained: int
    """Tokens that are learned."""

    given: int
    """Tokens that the model is asked with: the first ones."""

    ids: list[int]
    tokens: list[str]
    """The characters of each token, together the whole text. Of a character that several tokens
    share, the others are empty."""

    spans: list[XraySpan]
    verdict: Outcome | None
    first_error: int | None
    step_verdicts: list[Outcome] | None


class XrayTokenizer(BaseModel):
    """What the tokens are tokens of."""

    name: str | None
    """The folder's; null where it is built from the rows."""

    size: int
    sha256: str
    begin: str | None
    """How begin of text is written; null where a model has none."""

    end: str


class Xray(BaseModel):
    """What training will see."""

    rendering: Rendering
    tokenizer: XrayTokenizer
    rows: list[XrayRow]
    complete: bool
    """Whether the proofs are about every row. If not, the first batch is not known either."""

    proofs: Proofs
