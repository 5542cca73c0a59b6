"""Families of reasoning-gym: 97 kinds of problems, 53 of them with worked steps.

The library makes the problem and scores the answer; the steps are made here, from what the
library tells about the problem. A problem is offered only when the family's own scorer calls its
answer right and its steps end in that answer: others are passed over, and counted.
"""

from collections.abc import Iterator
from itertools import count
from random import Random
from typing import Annotated, Any

from pydantic import Field, JsonValue, model_validator

from tunix_rt.tasks.generators.reasoning_gym.families import EXACTLY, LEFT_OUT, UNWORKED, WORKED
from tunix_rt.tasks.generators.reasoning_gym.library import (
    PINNED,
    Family,
    example,
    family,
)
from tunix_rt.tasks.generators.reasoning_gym.working import Entry, Unworkable
from tunix_rt.tasks.schema import FamilyInfo, Split, Step, TaggedConfig, Task, side

VERSION = f"{PINNED}-1"
"""The library's version, and that of the steps made here."""

CACHED = True
NEEDS = ("reasoning_gym", "pip install 'tunix-rt[tasks]'")

TRIES = 200
"""Problems of one family that are looked at for one task, before another family is drawn."""

ROUNDS = 20
LONGEST = 50_000
"""Characters of a question."""

MOST_STEPS = 1000
"""Steps of one trace."""

Setting = Annotated[dict[str, JsonValue], Field(max_length=20)]


class Config(TaggedConfig):
    """Which families, and the settings of each as the library names them."""

    families: Annotated[tuple[str, ...], Field(min_length=1, max_length=200)] = tuple(WORKED)
    """Families, drawn from evenly; by default those that have worked steps."""

    settings: Annotated[dict[str, Setting], Field(max_length=200)] = {}
    """Family to its settings, such as `{"gcd": {"max_value": 99}}`."""

    worked: bool = True
    """Only problems with worked steps. Without, families that have no steps are offered too."""

    @model_validator(mode="after")
    def _can_be_made(self) -> "Config":
        for name in (*self.families, *self.settings):
            if name in LEFT_OUT:
                raise ValueError(f"the family {name!r} is left out: {LEFT_OUT[name]}")
            if name not in WORKED and name not in UNWORKED:
                raise ValueError(f"there is no family {name!r}")
            if self.worked and name not in WORKED:
                raise ValueError(f"the family {name!r} has no worked steps: set worked to false")
        for setting in self.settings.values():
            _require_small(setting)
        return self


def families() -> list[FamilyInfo]:
    """Every family that is offered, and whether it has worked steps."""
    worked = [FamilyInfo(name=name, worked=True) for name in WORKED]
    unworked = [FamilyInfo(name=name, worked=False) for name in UNWORKED]
    return sorted(worked + unworked, key=lambda one: one.name)


def generate(config: Config, seed: int, split: Split, start: int = 0) -> Iterator[Task]:
    """Task i of the stream depends on the config, the seed, the split and i alone."""
    for index in count(start):
        task = _task(config, seed, split, index)
        if task is None:
            return
        yield task


def _task(config: Config, seed: int, split: Split, index: int) -> Task | None:
    """One task; none where the families have nothing for this side."""
    key = f"reasoning-gym{config.tag}/{seed}/{split}/{index}"
    random = Random(key)
    passed_over = 0
    for _ in range(ROUNDS):
        name = random.choice(config.families)
        made = family(name, seed, config.settings.get(name, {}))
        for _ in range(TRIES):
            number = random.randrange(made.size)
            entry = _entry(made, number)
            if entry is None or side(entry["question"]) != split:
                continue
            try:
                steps, expected, verifier = _worked(made, entry, worked=config.worked)
            except Unworkable:
                passed_over += 1
                continue
            meta = {"generator": "reasoning-gym", "dataset": name, "seed": seed, "split": split}
            return Task(
                key=key,
                prompt=entry["question"],
                expected=expected,
                verifier=verifier,
                family=name,
                steps=tuple(steps),
                meta={**meta, "index": index, "passed_over": passed_over},
                data=made.data(number) if verifier == "reasoning-gym" else None,
            )
    return None


def _entry(made: Family, number: int) -> Entry | None:
    """A problem of the library; none where it fails to make one, or makes one that is too long."""
    try:
        entry = made.entry(number)
    except (ValueError, IndexError, ZeroDivisionError, ArithmeticError, RecursionError):
        return None
    question = entry["question"]
    return entry if 0 < len(question) <= LONGEST and "\0" not in question else None


def _worked(made: Family, entry: Entry, *, worked: bool) -> tuple[list[Step], str, str]:
    """Steps, expected answer and verifier; `Unworkable` if they do not agree with each other."""
    name, expected = made.name, example(entry)
    verifier = EXACTLY.get(name, "reasoning-gym")
    steps: list[Step] = []
    if name in WORKED:
        try:
            steps = WORKED[name](entry)
        except (ArithmeticError, LookupError, TypeError, ValueError) as error:
            if worked:  # an entry that is not as the others of its family
                raise Unworkable(str(error)) from error
        if len(steps) > MOST_STEPS or any(not step.content.strip() for step in steps):
            raise Unworkable("there are too many steps")
    if expected and not made.scores(expected, entry):
        raise Unworkable("its own scorer refuses its own answer")
    if name == "coin_flip":
        rational = entry["metadata"]["rational"]
        expected = f"{rational['numerator']}/{rational['denominator']}"
    return steps, expected, verifier


def _require_small(value: Any, depth: int = 0) -> None:
    """`ValueError` for a setting that no problem needs, and that could cost memory without end."""
    if depth > 4:
        raise ValueError("a setting is nested too deeply")
    if isinstance(value, dict | list):
        if len(value) > 100:
            raise ValueError("a setting has more than 100 values")
        for inner in value.values() if isinstance(value, dict) else value:
            _require_small(inner, depth + 1)
    elif isinstance(value, str):
        if len(value) > 200:
            raise ValueError("a setting has more than 200 characters")
    elif isinstance(value, int | float) and abs(value) > 2**53:
        raise ValueError("a setting is larger than 2^53")
