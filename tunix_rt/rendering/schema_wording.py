"""What a template is told and what it says: pieces of text, each with its kind."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol

Kind = Literal["system", "prompt", "frame", "step", "answer"]
"""`frame` is what the template itself writes around the others."""


class Chat(Protocol):
    """A tokenizer's own chat template, without begin and end of text."""

    @property
    def thinks_apart(self) -> bool:
        """Whether the reasoning is a field of its own, `reasoning_content`."""

    def __hash__(self) -> int:
        """Its frames are remembered."""

    def __call__(self, messages: Sequence[dict[str, str]]) -> tuple[str, str]:
        """The text up to where the model speaks its last message, and all of it."""

    def ahead(self, conversations: Sequence[Sequence[dict[str, str]]]) -> None:
        """Write the conversations that are asked for next, many at once."""


@dataclass(frozen=True, slots=True)
class Said:
    """A trace as a template is told it."""

    prompt: str
    steps: Sequence[str] | None
    """Null where the reasoning is left out; a trace may also have none."""

    answer: str
    system: str | None = None
    chat: Chat | None = None
    """The tokenizer's own template, for the template that asks it."""


class Piece(NamedTuple):
    """Some characters of a rendered trace."""

    text: str
    kind: Kind
    step: int | None = None
    """The place of the step it is, or frames, from 0."""


class Pieces(NamedTuple):
    """A rendered trace: what is given, and what is learned. Together they are its text."""

    given: list[Piece]
    response: list[Piece]


class Segment(NamedTuple):
    """Some characters of a trace as it is trained, and how much they count."""

    text: str
    kind: Kind
    step: int | None
    weight: float
    """0 is shown and not learned."""

    given: bool
    """Whether the model is asked with it; given segments come first and weigh nothing."""


@dataclass(frozen=True, slots=True)
class Example:
    """What a row teaches, in the words of its template; without segments, nothing."""

    segments: Sequence[Segment]
    id: str = ""

    @property
    def prompt(self) -> str:
        """What the model is asked."""
        return joined(one for one in self.segments if one.given)

    @property
    def response(self) -> str:
        """What the model is taught to say."""
        return joined(one for one in self.segments if not one.given)


def example(prompt: str, response: str) -> Example:
    """An example that is two texts as a template wrote them, all of the second learned."""
    asked = Segment(prompt, "frame", None, 0.0, True)
    return Example([asked, Segment(response, "frame", None, 1.0, False)])


def joined(pieces: Iterable[Piece | Segment]) -> str:
    """The text of some pieces."""
    return "".join([one.text for one in pieces])
