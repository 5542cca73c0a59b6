"""The shape of a task: a problem, its answer, and the steps that lead there.

Plain slotted dataclasses and not models: a demo makes twenty thousand of them
from our own code, so there is nothing to validate.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel

LONGEST_NAME = 128
"""Characters in the name of a suite."""

LONGEST_KEY = 200
LONGEST_FAMILY = 64

Split = Literal["train", "test"]
"""Which side of the wall a task stands on; a prompt is never on both."""


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
    meta: Mapping[str, str | int | float | bool]


@dataclass(frozen=True, slots=True)
class Item:
    """One problem of a suite: what is asked, and how its answer is checked."""

    key: str
    family: str
    verifier: str
    prompt: str
    expected: str


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


class SuiteItems(BaseModel):
    """Problems of a suite, and the position to go on behind."""

    data: list[SuiteItem]
    next_after: int | None
