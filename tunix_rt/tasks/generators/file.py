"""Tasks of one's own, from a file of JSON lines.

A line is `{"prompt", "expected_answer", "verifier"?, "id"?, "family"?, "split"?, "steps"?}`. A line
that does not say its split belongs to the one that its prompt's hash decides.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tunix_rt.kit.errors import BadInput
from tunix_rt.kit.lines import numbered
from tunix_rt.kit.words import Text
from tunix_rt.tasks.schema import (
    LONGEST_FAMILY,
    LONGEST_KEY,
    FamilyInfo,
    Split,
    Step,
    Task,
    side,
)

VERSION = "1"
CACHED = False
NEEDS = None


class Config(BaseModel):
    """Which file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: Path = Path()
    """A server takes only files under the folders it may use."""


class GivenStep(BaseModel):
    """A step with its type."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    type: Annotated[Text, Field(min_length=1, max_length=64)]
    content: Annotated[Text, Field(min_length=1, max_length=20_000)]


class Line(BaseModel):
    """One task as the file has it; other fields are ignored."""

    model_config = ConfigDict(frozen=True)

    prompt: Annotated[Text, Field(min_length=1, max_length=50_000)]
    expected_answer: Annotated[Text, Field(min_length=1, max_length=50_000)]
    verifier: Annotated[Text, Field(max_length=40)] = ""
    id: Annotated[Text, Field(min_length=1, max_length=LONGEST_KEY)] | int | None = None
    family: Annotated[Text, Field(min_length=1, max_length=LONGEST_FAMILY)] = "all"
    split: Literal["train", "test"] | None = None
    steps: Annotated[list[GivenStep | Text], Field(max_length=1000)] = []


def families() -> list[FamilyInfo]:
    """Only the file knows."""
    return []


def generate(config: Config, seed: int, split: Split, start: int = 0) -> Iterator[Task]:
    """The tasks of one side in the order of the file; the seed decides nothing."""
    place = 0
    for number, raw in _lines(config.path):
        if place < start and (quick := _split_of(raw)) is not None:
            place += quick == split
            continue
        try:
            line = Line.model_validate_json(raw)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            where = ".".join(str(part) for part in first["loc"]) or "line"
            said = f"{config.path.name}:{number}: {where}: {first['msg']}"
            raise BadInput(f"The file of tasks is wrong at {said}.") from None
        if (line.split or side(line.prompt)) != split:
            continue
        if place >= start:
            yield _task(line, number, config.path, split)
        place += 1


class _Quick(msgspec.Struct):
    prompt: str
    split: str | None = None


_quick = msgspec.json.Decoder(_Quick)


def _split_of(raw: bytes) -> str | None:
    """The side of a line that is passed over, at a tenth of the cost; none if it is no line."""
    try:
        line = _quick.decode(raw)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None
    return line.split or side(line.prompt)


def _task(line: Line, number: int, path: Path, split: Split) -> Task:
    steps = (
        Step("step", given) if isinstance(given, str) else Step(given.type, given.content)
        for given in line.steps
    )
    key = f"{path.stem[:100]}/{number}" if line.id is None else str(line.id)
    return Task(
        key=key,
        prompt=line.prompt,
        expected=line.expected_answer,
        verifier=line.verifier,
        family=line.family,
        steps=tuple(step for step in steps if step.content.strip()),
        meta={"generator": "file", "file": path.name[:200], "line": number, "split": split},
    )


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    if path == Path():
        raise BadInput("The config names no file.", hint='{"path": "tasks.jsonl"}')
    try:
        with path.open("rb") as file:
            yield from ((number, line) for number, line in numbered(file) if line.strip())
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.") from None
