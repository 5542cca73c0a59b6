"""Ask a verifier about an answer or about steps; what it cannot judge, it says so.

A verifier or detector meets arbitrary text: its crash is a verdict of undecided, or a warning.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from hashlib import sha256
from typing import Protocol

from pydantic import ValidationError

from tunix_rt.kit.catalog import Catalog
from tunix_rt.kit.errors import NotFound
from tunix_rt.verify.schema import (
    LONGEST_TRACE,
    Expected,
    StepInput,
    StepsVerdict,
    TraceInput,
    TraceWarning,
    Verdict,
    warn,
)


class AnswerVerifier(Protocol):
    """What a module in `answers/` provides."""

    VERSION: str

    def accepts(self, expected: Expected) -> bool:
        """Whether this verifier can judge answers against `expected`."""

    def check(self, given: str, expected: Expected) -> Verdict:
        """Compare what was given with what was expected."""


class StepVerifier(Protocol):
    """What a module in `steps/` provides."""

    VERSION: str

    def check(self, trace: TraceInput) -> StepsVerdict:
        """Judge every claim the steps make."""


class Detector(Protocol):
    """What a module in `detectors/` provides."""

    VERSION: str

    def detect(self, trace: TraceInput) -> Iterable[TraceWarning]:
        """What a person should look at."""


answers = Catalog[AnswerVerifier]("tunix_rt.verify.answers", kind="answer verifier")
steps = Catalog[StepVerifier]("tunix_rt.verify.steps", kind="step verifier")
detectors = Catalog[Detector]("tunix_rt.verify.detectors", kind="detector")

answer_verifier = cache(answers.load)
step_verifier = cache(steps.load)
detector = cache(detectors.load)
"""Remembered: a verifier is asked for once an answer, and a catalog asks Python's importer."""

STEPS = "claims"
"""The step verifier used when none is named."""


def kind_of(expected: str) -> str:
    """The verifier that fits an expected answer: number if it is one, else exact."""
    number = answer_verifier("number")
    try:
        return "number" if number.accepts(Expected(answer=expected)) else "exact"
    except Exception:  # unreadable ground truth is text, and `check` says what is wrong
        return "exact"


def check_answer(expected: str, given: str, kind: str | None = None) -> Verdict:
    """Judge one answer; a crash inside the verifier is a verdict of undecided."""
    name = kind or kind_of(expected)
    plugin = answer_verifier(name)
    try:
        return plugin.check(given, Expected(answer=expected))
    except Exception as error:  # a verifier meets arbitrary model text
        return Verdict(
            outcome="undecided",
            method=name,
            version=plugin.VERSION,
            reason=f"The verifier {name} crashed: {type(error).__name__}: {error}"[:500],
        )


def check_steps(
    given: Sequence[StepInput],
    *,
    prompt: str = "",
    final_answer: str = "",
    verifier: str = STEPS,
) -> StepsVerdict:
    """Judge the steps of one trace by one verifier, without the detectors."""
    try:
        trace = TraceInput(prompt=prompt, steps=tuple(given), final_answer=final_answer)
    except ValidationError as error:
        return _crashed(verifier, error)
    return check_trace(trace, verifier)


def check_trace(trace: TraceInput, verifier: str = STEPS) -> StepsVerdict:
    """Judge one trace by one step verifier; a crash inside it is undecided."""
    try:
        return step_verifier(verifier).check(trace)
    except NotFound:
        raise
    except Exception as error:  # a verifier meets arbitrary model text
        return _crashed(verifier, error)


def detect(trace: TraceInput) -> Iterator[TraceWarning]:
    """What every detector warns of; a crash inside one is a warning."""
    if sum(len(step.content) for step in trace.steps) > LONGEST_TRACE:
        yield warn("too_long", f"The steps are longer than {LONGEST_TRACE:,} characters.")
        return
    for name in detectors.names():
        try:
            yield from detector(name).detect(trace)
        except Exception as error:  # a detector meets arbitrary model text
            said = f"The detector {name} crashed: {type(error).__name__}: {error}"
            yield warn("crashed", said[:500])


def steps_version() -> str:
    """The version of a stored verdict on steps: it changes with the verifier and any detector."""
    found = ",".join(f"{name}={detector(name).VERSION}" for name in detectors.names())
    return f"{step_verifier(STEPS).VERSION}-{sha256(found.encode()).hexdigest()[:6]}"


def _crashed(verifier: str, error: Exception) -> StepsVerdict:
    return StepsVerdict(
        outcome="undecided",
        method=verifier,
        version=step_verifier(verifier).VERSION,
        reason=f"The verifier {verifier} crashed: {type(error).__name__}: {error}"[:500],
        first_error=None,
        claims=(),
        warnings=(),
    )
