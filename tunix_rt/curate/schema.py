"""A pipeline of stages, the trace that a stage sees, and what a stage says of it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, NamedTuple, Protocol

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator

from tunix_rt.kit.words import STORABLE, Text
from tunix_rt.traces.language import Asked
from tunix_rt.traces.schema import TraceFilter

Share = Annotated[float, Field(ge=0, le=1)]
Seed = Annotated[int, Field(ge=0, lt=2**63)]
Name = Annotated[Text, Field(min_length=1, max_length=200, pattern=r"\S")]

MOST_STAGES = 40


class Options(BaseModel):
    """What every stage's options are: frozen, and nothing they do not know.

    The words under a field are its description in the JSON Schema that a form is drawn from.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class StageConfig(BaseModel):
    """One stage by its name; options may also stand beside the name, as files have them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    stage: Annotated[Text, Field(min_length=1, max_length=64)]
    options: Annotated[dict[str, JsonValue], STORABLE] = {}

    @model_validator(mode="before")
    @classmethod
    def _gathered(cls, given: Any) -> Any:
        if not isinstance(given, dict) or "options" in given:
            return given
        beside = {key: value for key, value in given.items() if key != "stage"}
        return {"stage": given.get("stage"), "options": beside} if beside else given


class Pipeline(BaseModel):
    """Which traces, which stages in order, and the seed of every chance."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Name = "curation"
    filter: Asked = TraceFilter()
    stages: Annotated[tuple[StageConfig, ...], Field(max_length=MOST_STAGES)] = ()
    seed: Seed = 0
    limit: Annotated[int, Field(ge=1)] | None = None
    """At most so many traces are kept; the seed says which."""


class CurateConfig(BaseModel):
    """A pipeline to run; a dry run decides the same, and nothing can be frozen from it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pipeline: Pipeline
    dry_run: bool = False
    sample: Annotated[int, Field(ge=1)] | None = None
    """A dry run over about so many traces, chosen by their content."""

    @model_validator(mode="after")
    def _sampled_dry(self) -> "CurateConfig":
        if self.sample is not None and not self.dry_run:
            raise ValueError("only a dry run looks at a sample")
        return self


@dataclass(slots=True)
class Seen:
    """A trace as a stage sees it."""

    place: int
    """Its number in this run: a name to give back, and never a reason."""

    key: int
    """The first eight bytes of its content hash, without a sign: the same on any machine."""

    prompt: str
    answer: str
    steps: tuple[str, ...]
    types: tuple[str, ...] = ()
    meta: Mapping[str, Any] = field(default_factory=dict)
    source: str = ""
    model: str | None = None
    group: int = 0
    """The prompt group, as a number without a sign."""

    verdict: str | None = None
    label: str | None = None
    ruling: str | None = None
    """The newest ruling of a person on its answer."""

    step_verdict: str | None = None
    first_error: int | None = None
    claims: int = 0
    """How many claims of its steps were checked."""

    coverage: float = 0.0
    """The share of its steps that hold a checked claim."""

    warnings: tuple[str, ...] = ()
    """The kinds that the detectors warned of."""

    @property
    def family(self) -> str:
        """The kind of its problem: what its meta says, else its source."""
        said = self.meta.get("family")
        return said if isinstance(said, str) and said else self.source

    @property
    def length(self) -> int:
        """Characters of its steps and its answer."""
        return sum(map(len, self.steps)) + len(self.answer)

    @property
    def rank(self) -> int:
        """Lower is better, 64 bits: right first, then more claims, then shorter."""
        worth = {"right": 0, "wrong": 2}.get(self.verdict or "", 1)
        unclaimed = 0x7FFF - min(self.claims, 0x7FFF)
        return worth << 62 | unclaimed << 32 | min(self.length, 0xFFFF_FFFF)

    def parts(self) -> Iterator[tuple[str, str]]:
        """Its texts by name: `prompt`, `step 0` and so on, `answer`."""
        yield "prompt", self.prompt
        for place, step in enumerate(self.steps):
            yield f"step {place}", step
        yield "answer", self.answer


@dataclass(frozen=True, slots=True)
class Drop:
    """A trace is not taken: why, and what shows it; `twin` is the place of the kept one."""

    reason: str
    evidence: dict[str, Any] | None = None
    twin: int | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """A trace is taken: its weight is multiplied by this, its part of the curriculum is this."""

    weight: float = 1.0
    part: int | None = None


Said = Drop | Mark
Each = Callable[[Seen], Said | None]
"""A stage that knows what to say of a trace when it sees it; nothing said keeps it."""


class Whole(Protocol):
    """A stage that has to see every trace before it decides."""

    def see(self, trace: Seen) -> Drop | None:
        """Remember what is needed of one trace, or drop it at once."""

    def end(self) -> Iterator[tuple[int, Said]]:
        """What is said of traces, by their place; of the others nothing."""


class ItemText(NamedTuple):
    """An item of a suite."""

    suite: str
    key: str
    prompt: str


class Outcomes(NamedTuple):
    """How one evaluation answered one prompt: right samples of all samples."""

    right: int
    samples: int


@dataclass(frozen=True)
class Around:
    """What a stage is handed besides its options."""

    seed: int
    folder: Path
    """A folder of its own for what does not fit in memory."""

    traces: Callable[[Sequence[int]], Iterable[Seen]]
    """Traces by their places, once more; one that is gone meanwhile is left out."""

    items: Callable[[Sequence[str]], Iterable[ItemText]]
    """The items of suites by their names."""

    outcomes: Callable[[Sequence[str]], Mapping[int, Sequence[Outcomes]]]
    """By prompt group what evaluations found, oldest first; of no ids, all of them."""
