"""Judge one stored trace: its answer against what was expected, and its steps.

What verification needs stands in the trace's meta: `expected_answer`, `verifier` (a
name from `answers/`; chosen by the expected answer if left out), `expected_data` (what
that verifier needs besides) and `label` (what the source says of the answer).
"""

from typing import Any

from tunix_rt.kit.words import no_nul
from tunix_rt.traces.schema import ReasoningTrace
from tunix_rt.verify.checking import (
    STEPS,
    answer_verifier,
    answers,
    check_answer,
    check_trace,
    detect,
    known,
    literal_text,
    steps_version,
)
from tunix_rt.verify.schema import (
    Claim,
    StepsVerdict,
    Subject,
    TraceInput,
    TraceWarning,
    Verdict,
    VerifyConfig,
)

NONE = "none"
"""The verifier of an answer that nothing can judge."""

NONE_VERSION = "1"
MOST_CLAIMS = 200
"""Claims of one trace that are kept."""

MOST_WARNINGS = 50
"""Warnings of one trace that are kept."""

LONGEST = 500
"""Characters of one claim that are kept; its span says where the rest is."""


def current() -> dict[Subject, list[tuple[str, str]]]:
    """The verifiers of each subject with their versions, as they are now."""
    return {
        "answer": [(NONE, NONE_VERSION)]
        + [(name, answer_verifier(name).VERSION) for name in answers.names()],
        "steps": [(STEPS, steps_version())],
    }


def run_name(config: VerifyConfig) -> str:
    """What a run of this config is called in the list of runs."""
    given = config.filter.model_dump(exclude_defaults=True)
    chosen = ", ".join(f"{name} {value}" for name, value in given.items())
    return f"verify {chosen}" if chosen else "verify all traces"


def judge_answer(trace: ReasoningTrace, verifier: str | None = None) -> Verdict:
    """The verdict on the final answer; undecided when meta does not say what is right.

    A named verifier judges instead of the one that meta asks for.
    """
    meta = trace.meta or {}
    expected, kind = meta.get("expected_answer"), verifier or meta.get("verifier")
    data = meta.get("expected_data")
    if data is not None and not isinstance(data, dict):
        return _undecided("The expected_data of the trace's meta is no object.")
    if expected is None and not data:
        return _undecided("The trace's meta has no expected_answer.")
    name = known(kind)
    if kind is not None and name is None:
        return _undecided(f"There is no answer verifier {str(kind)[:80]!r} here.")
    return check_answer(literal_text(expected), trace.final_answer, kind=name, data=data)


def input_of(trace: ReasoningTrace) -> TraceInput:
    """A trace as step verifiers and detectors see it."""
    return TraceInput.of(trace.prompt, trace.steps, trace.final_answer, trace.meta)


def judge_steps(trace: ReasoningTrace) -> StepsVerdict:
    """The verdict on the steps, in the order they stand, with what the detectors warn of."""
    given = input_of(trace)
    verdict = check_trace(given)
    warnings = (*verdict.warnings, *detect(given))
    return verdict.model_copy(update={"warnings": warnings, "version": steps_version()})


def label_of(trace: ReasoningTrace) -> bool | None:
    """What the source says of the answer, if it says it plainly."""
    label = (trace.meta or {}).get("label")
    return label if isinstance(label, bool) else None


def detail_of(verdict: StepsVerdict) -> dict[str, Any]:
    """The claims as they are stored: the first ones, and how many there were."""
    return {
        "first_error": _kept(verdict.first_error) if verdict.first_error else None,
        "claims": [_kept(claim) for claim in verdict.claims[:MOST_CLAIMS]],
        "claim_count": len(verdict.claims),
        "warnings": [_warned(warning) for warning in verdict.warnings[:MOST_WARNINGS]],
    }


def _kept(claim: Claim) -> dict[str, Any]:
    shown = {"text": clean(claim.text), "message": clean(claim.message)}
    return {**claim.model_dump(), **shown}


def _warned(warning: TraceWarning) -> dict[str, Any]:
    return {**warning.model_dump(), "message": clean(warning.message)}


def clean(text: str) -> str:
    """Words of a verifier as they are stored: they may quote what a model wrote."""
    return no_nul(text[:LONGEST])


def _undecided(reason: str) -> Verdict:
    return Verdict(outcome="undecided", method=NONE, version=NONE_VERSION, reason=reason)
