"""The shape of a task: a problem, its answer, and the steps that lead there.

Plain slotted dataclasses and not models: a demo makes twenty thousand of them
from our own code, so there is nothing to validate.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from tunix_rt.kit.words import STORABLE, Text

LONGEST_NAME = 128
"""Characters in the name of a suite."""

LONGEST_KEY = 200
LONGEST_FAMILY = 64

Split = Literal["train", "test"]
"""Which side of the wall a task stands on; a prompt is never on both."""

HELD_OUT = 10
"""One problem in ten belongs to the test split."""


def side(prompt: str) -> Split:
    """The split a problem belongs to: a property of its text, so no seed can leak it."""
    hashed = int.from_bytes(hashlib.sha256(prompt.encode()).digest()[:4], "big")
    return "test" if hashed % HELD_OUT == 0 else "train"


class TaggedConfig(BaseModel):
    """The config of a generator whose keys tell one config from another."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @cached_property
    def tag(self) -> str:
        """What tells this config's keys from the default's: empty, or eight hex digits."""
        if self == type(self)():
            return ""
        return "@" + hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:8]


@dataclass(frozen=True, slots=True)
class Step:
    """One unit of reasoning, small enough to be checked alone."""

    type: str
    content: str


@dataclass(frozen=True, slots=True)
class Task:
    """One problem with a known answer and, where the generator has them, worked steps."""

    key: str
    prompt: str
    expected: str
    verifier: str
    family: str
    steps: tuple[Step, ...]
    meta: Mapping[str, Any]
    data: Mapping[str, Any] | None = None
    """What the verifier needs beside the expected answer, as JSON."""


@dataclass(frozen=True, slots=True)
class Item:
    """One problem of a suite: what is asked, and how its answer is checked."""

    key: str
    family: str
    verifier: str
    prompt: str
    expected: str
    data: Mapping[str, Any] | None = None


class FamilyInfo(BaseModel):
    """A kind of problem that a generator offers."""

    name: str
    worked: bool
    """Whether its problems come with worked steps."""


class GeneratorInfo(BaseModel):
    """A source of tasks."""

    name: str
    summary: str
    version: str
    available: bool
    install: str | None
    """How to install the library it needs; null if it needs none."""

    families: list[FamilyInfo]
    config_schema: dict[str, Any]


class GeneratorList(BaseModel):
    """Every source of tasks."""

    data: list[GeneratorInfo]


class Draw(BaseModel):
    """Which tasks: of a generator, its config, a seed and a side of the wall."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    generator: Annotated[Text, Field(min_length=1, max_length=64)]
    config: Annotated[dict[str, JsonValue], STORABLE] = {}
    seed: Annotated[int, Field(ge=0, le=2**53)] = 0
    split: Split = "train"


class MakeTasks(Draw):
    """How many tasks to make, and what becomes of them."""

    count: Annotated[int, Field(ge=1, le=1_000_000)]
    into: Literal["traces", "suite"]
    """Stored as traces with their worked steps, or frozen as a suite."""

    name: Annotated[Text, Field(min_length=1, max_length=LONGEST_NAME)]
    """The name of the suite, or the source of the traces."""


class ShownStep(BaseModel):
    """One step of a sample."""

    type: str
    content: str


class Sample(BaseModel):
    """One task, made to be looked at."""

    key: str
    prompt: str
    expected: str
    verifier: str
    family: str
    steps: list[ShownStep]
    meta: dict[str, Any]


class Preview(BaseModel):
    """A few tasks, made to be looked at; nothing is stored."""

    data: list[Sample]


class SuiteSummary(BaseModel):
    """One row of the list of suites."""

    name: str
    origin: dict[str, Any]
    digest: str
    item_count: int
    created_at: str


class SuitePage(BaseModel):
    """Suites, newest first."""

    data: list[SuiteSummary]


class SuiteItem(BaseModel):
    """One problem of a suite as the API shows it."""

    position: int
    key: str
    family: str
    verifier: str
    prompt: str
    expected: str
    data: dict[str, Any] | None
    """What the verifier is told beside the expected answer."""


class SuiteItems(BaseModel):
    """Problems of a suite, and the position to go on behind."""

    data: list[SuiteItem]
    next_after: int | None
