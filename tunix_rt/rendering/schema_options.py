"""How traces are rendered: everything that decides a token or its weight."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from tunix_rt.kit.words import Text
from tunix_rt.rendering.schema_batching import Batching

TooLong = Literal["refuse", "drop", "cut"]
Reasoning = Literal["train", "context", "omit"]
System = Annotated[Text, Field(min_length=1, max_length=20_000)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class MaskPolicy(_Part):
    """What verdicts do to the weights of tokens. Without verdicts all reasoning weighs 1."""

    wrong: Literal["train", "mask"] = "train"
    """Whether a wrong step is learned; masked it stays as context, and weighs nothing."""

    undecided: Annotated[float, Field(ge=0, le=1)] = 1.0
    """Weight of a step that no verifier could decide."""

    after_error: Literal["train", "mask"] = "train"
    """Whether anything from the first wrong step on is learned: steps, answer and end."""

    keep_corrections: bool = True
    """With `after_error = "mask"`: an error that one of the next two steps takes up and puts
    right ends nothing. The error is not learned, its correction is."""

    wrong_answer: Literal["train", "mask", "drop"] = "train"
    """A wrong final answer: learned, masked with the end of the text, or no row at all."""


class Rendering(_Part):
    """How rows become tokens and batches. With the rows and the tokenizer it decides all of it."""

    template: Annotated[Text, Field(min_length=1, max_length=64)] = "think"
    """A name from rendering/templates."""

    tokenizer: Annotated[Text, Field(min_length=1, max_length=4096)] | None = None
    """A folder in the Hugging Face layout; without one, a small tokenizer is built from the
    rows."""

    vocab_size: Annotated[int, Field(ge=16, le=65_536)] = 96
    """Upper bound of a tokenizer that is built."""

    system: System | None = None
    """An instruction before the prompt."""

    reasoning: Reasoning = "train"
    """The steps: learned, shown and not learned, or left out."""

    masks: MaskPolicy = MaskPolicy()
    max_seq_length: Annotated[int, Field(ge=8, le=131_072)] = 128
    too_long: TooLong = "refuse"
    """What happens to rows of more than `max_seq_length` tokens; `cut` loses their end."""

    batch_size: Annotated[int, Field(ge=1, le=65_536)] = 32
    batching: Batching = Batching()
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 0
