"""Ask a verifier about an answer or about steps; what it cannot judge, it says so.

A verifier or detector meets arbitrary text: its crash is a verdict of undecided, or a warning.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from hashlib import sha256
from typing import Any, Protocol

from pydantic import ValidationError

from tunix_rt.kit.catalog import Catalog
from tunix_rt.kit.errors import NotFound
from tunix_rt.verify.reading.single import end_of_sentence
from tunix_rt.verify.schema import (
    LONGEST_TRACE,
    Expected,
    KnownVerifier,
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


@cache
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


def verifiers() -> list[KnownVerifier]:
    """Everything that can judge answers, then steps, then what warns."""
    return [
        *(_known("answer", answers, name, answer_verifier(name)) for name in answers.names()),
        *(_known("steps", steps, name, step_verifier(name)) for name in steps.names()),
        *(_known("warning", detectors, name, detector(name)) for name in detectors.names()),
    ]


def _known(subject: Any, catalog: Catalog[Any], name: str, plugin: Any) -> KnownVerifier:
    summary = catalog.summary(name)
    return KnownVerifier(subject=subject, name=name, version=plugin.VERSION, summary=summary)
