"""Judge what stands in a file, line by line, without storing anything.

A line that is not what it should be comes back as `BadLine`, with its number; the
lines behind it are judged all the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from tunix_rt.kit.errors import BadInput
from tunix_rt.kit.lines import Line, numbered
from tunix_rt.traces.schema import ReasoningTrace
from tunix_rt.verify.checking import answers, check_answer, known, literal_text
from tunix_rt.verify.judging import judge_steps
from tunix_rt.verify.schema import Outcome, StepsVerdict, TraceWarning, warn


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that could not be judged, and why. `number` counts from 1."""

    number: int
    reason: str


Answer = str | bool | int | float | list[Any] | dict[str, Any] | None
"""An answer as text, or as the literal that it is."""


class GivenAnswer(BaseModel):
    """One line of a file of answers; other fields are ignored."""

    model_config = ConfigDict(frozen=True)

    id: str | int
    expected: Answer
    given: Answer
    kind: str | None = None
    data: dict[str, Any] | None = None


class GivenTrace(ReasoningTrace):
    """One line of a file of traces; its own id, which a trace does not need, is shown."""

    id: Any = None


class JudgedAnswer(BaseModel):
    """What is said of one answer."""

    id: str | int
    verdict: Outcome
    method: str
    reason: str


class FirstError(BaseModel):
    """The first false claim; `step` is its place from 0, the span counts code points."""

    step: int
    start: int
    end: int
    claim: str
    message: str


class JudgedSteps(BaseModel):
    """What is said of the steps of one trace; `index` is its place in the file from 0."""

    id: str | int | None
    index: int
    first_error: FirstError | None
    warnings: list[TraceWarning]


def judge_answers(path: Path) -> Iterator[JudgedAnswer | BadLine]:
    """Judge every {id, expected, given, kind?, data?} line."""
    for number, line in _lines(path):
        try:
            item = GivenAnswer.model_validate_json(line)
        except ValidationError as error:
            yield BadLine(number, _why(error))
            continue
        if item.kind is not None and known(item.kind) is None:
            names = ", ".join(answers.names())
            yield BadLine(number, f"no verifier is called {item.kind[:80]!r}: {names}")
            continue
        expected, given = literal_text(item.expected), literal_text(item.given)
        verdict = check_answer(expected, given, item.kind, item.data)
        yield JudgedAnswer(
            id=item.id, verdict=verdict.outcome, method=verdict.method, reason=verdict.reason
        )


def judge_traces(path: Path) -> Iterator[JudgedSteps | BadLine]:
    """Judge the steps of every ReasoningTrace line."""
    for index, (number, line) in enumerate(_lines(path)):
        try:
            trace = GivenTrace.model_validate_json(line)
        except ValidationError as error:
            yield BadLine(number, _why(error))
            continue
        verdict = judge_steps(trace)
        yield JudgedSteps(
            id=_shown_id(trace.id),
            index=index,
            first_error=_first_error(verdict),
            warnings=_warnings(verdict),
        )


def _first_error(verdict: StepsVerdict) -> FirstError | None:
    first = verdict.first_error
    if first is None:
        return None
    return FirstError(
        step=first.step,
        start=first.start,
        end=first.end,
        claim=first.text,
        message=first.message,
    )


def _warnings(verdict: StepsVerdict) -> list[TraceWarning]:
    """What the detectors said, and that nothing could be judged."""
    if verdict.outcome != "undecided":
        return list(verdict.warnings)
    return [warn("undecided", verdict.reason), *verdict.warnings]


def _lines(path: Path) -> Iterator[Line]:
    try:
        file = path.open("rb")
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.") from None
    with file:
        yield from ((number, line) for number, line in numbered(file) if line.strip())


def _shown_id(found: Any) -> str | int | None:
    return found if isinstance(found, str | int) and not isinstance(found, bool) else None


def _why(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    return f"{place}: {first['msg']}" if place else first["msg"]
