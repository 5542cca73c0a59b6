"""Ask a verifier about an answer or about steps; what it cannot judge, it says so."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Protocol

from tunix_rt.kit.catalog import Catalog
from tunix_rt.verify.schema import Expected, StepInput, StepsVerdict, Verdict


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

    def check(self, steps: Sequence[StepInput], prompt: str) -> StepsVerdict:
        """Judge every claim the steps make."""


answers = Catalog[AnswerVerifier]("tunix_rt.verify.answers", kind="answer verifier")
steps = Catalog[StepVerifier]("tunix_rt.verify.steps", kind="step verifier")

answer_verifier = cache(answers.load)
step_verifier = cache(steps.load)
"""Remembered: a verifier is asked for once an answer, and a catalog asks Python's importer."""

STEPS = "arithmetic"
"""The step verifier used when none is named."""


def kind_of(expected: str) -> str:
    """The verifier that fits an expected answer: number if it is one, else exact."""
    number = answer_verifier("number")
    try:
        return "number" if number.accepts(Expected(answer=expected)) else "exact"
    except Exception:  # unreadable ground truth is text, and `check` says what is wrong
        return "exact"


def check_answer(
    expected: str, given: str, kind: str | None = None, *, data: Mapping[str, Any] | None = None
) -> Verdict:
    """Judge one answer; a crash inside the verifier is a verdict of undecided.

    `data` is whatever the task's generator kept for the verifier beside the answer.
    """
    name = kind or kind_of(expected)
    plugin = answer_verifier(name)
    try:
        return plugin.check(given, Expected(answer=expected, data=dict(data or {})))
    except Exception as error:  # a verifier meets arbitrary model text
        return Verdict(
            outcome="undecided",
            method=name,
            version=plugin.VERSION,
            reason=f"The verifier {name} crashed: {type(error).__name__}: {error}"[:500],
        )


def check_steps(
    given: Sequence[StepInput], *, prompt: str = "", verifier: str = STEPS
) -> StepsVerdict:
    """Judge the steps of one trace; a crash inside the verifier is undecided."""
    plugin = step_verifier(verifier)
    try:
        return plugin.check(given, prompt)
    except Exception as error:  # a verifier meets arbitrary model text
        return StepsVerdict(
            outcome="undecided",
            method=verifier,
            version=plugin.VERSION,
            reason=f"The verifier {verifier} crashed: {type(error).__name__}: {error}"[:500],
            first_error=None,
            claims=(),
        )
