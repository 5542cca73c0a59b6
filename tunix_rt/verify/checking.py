"""Ask a verifier about an answer or about steps; what it cannot judge, it says so."""

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, Protocol

from tunix_rt.kit.catalog import Catalog
from tunix_rt.verify.reading.single import end_of_sentence
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


KINDS = (
    *("equation", "time", "number", "boolean", "choice", "date", "ratio", "literal", "output"),
    *("interval", "collection", "math", "text"),
)
"""How an expected answer is compared: by the first of these that accepts it."""

SENTENCES = frozenset(
    {"date", "time", "ratio", "interval", "collection", "equation", "math", "text"}
)
"""Kinds whose answer may be the end of a sentence: "The capital of France is Paris."."""

_NUMBER = re.compile(r"-?\d{1,40}(?:\.\d{1,40})?", re.ASCII)


def kind_of(expected: str) -> str:
    """The verifier that fits an expected answer, decided by the expected answer alone."""
    if _NUMBER.fullmatch(expected):
        return "number"
    return _short_kind_of(expected) if len(expected) <= 200 else _kind_of(expected)


def _kind_of(expected: str) -> str:
    wanted = Expected(answer=expected)
    return next((name for name in KINDS if _accepts(name, wanted)), "text")


_short_kind_of = lru_cache(8192)(_kind_of)


def _accepts(name: str, wanted: Expected) -> bool:
    try:
        return answer_verifier(name).accepts(wanted)
    except Exception:  # unreadable ground truth, which a verifier calls undecided
        return False


def known(kind: object) -> str | None:
    """The name of the verifier that is meant, an underscore for a dash forgiven."""
    name = kind.replace("_", "-") if isinstance(kind, str) else ""
    return name if name in answers.names() else None


def literal_text(value: Any) -> str:
    """An expected or given answer as text: what is not text already, as JSON."""
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False)


def check_answer(
    expected: str, given: str, kind: str | None = None, data: Mapping[str, Any] | None = None
) -> Verdict:
    """Judge one answer; a crash inside the verifier is a verdict of undecided.

    `kind` is the name of a verifier; without one the expected answer decides. `data` is
    what a verifier needs beside the expected answer, such as the item of reasoning-gym.
    """
    name = (known(kind) or kind) if kind else kind_of(expected)
    plugin = answer_verifier(name)
    wanted = Expected(answer=expected, data=dict(data or {}))
    try:
        verdict = plugin.check(given, wanted)
        if verdict.outcome == "wrong" and name in SENTENCES and (end := end_of_sentence(given)):
            again = plugin.check(end, wanted)
            return again if again.outcome == "right" else verdict
        return verdict
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
