"""What the steps claim is computed exactly, and the first false claim is shown.

Each family of claims is a module here: equalities, comparisons, words, whole numbers, units,
bases, calculator marks, equations of one unknown, moves of a game. Only what was fully
understood is called false, and a text without claims is undecided. A sum that holds says nothing
about whether it was the right sum.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from operator import add, mul, sub

from tunix_rt.verify.schema import (
    LONGEST_TRACE,
    Claim,
    Outcome,
    StepInput,
    StepsVerdict,
    TraceInput,
)
from tunix_rt.verify.steps.claims import (
    bases,
    comparisons,
    conversions,
    equalities,
    equations,
    marks,
    moves,
    whole,
    words,
)
from tunix_rt.verify.steps.claims.said import Found, Said
from tunix_rt.verify.steps.claims.tokens import MARK

VERSION = "2"

FAMILIES: tuple[Callable[[Said], Iterable[Found]], ...] = (
    bases.find,
    equalities.find,
    whole.find,
    words.find,
    conversions.find,
    comparisons.find,
    marks.find,
)
"""Of two families that find the same words, the first one judges."""


_DIGIT = re.compile(r"[\d½¼¾⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞]")
_PLAIN = re.compile(r"(\d{1,15})([-+*])(\d{1,15})=(\d{1,15})")
_SIGNS: dict[str, Callable[[int, int], int]] = {"+": add, "-": sub, "*": mul}


def check(trace: TraceInput) -> StepsVerdict:
    """Judge every claim in the steps; one that the prompt itself states is not judged."""
    steps = trace.steps
    if sum(len(step.content) for step in steps) > LONGEST_TRACE:
        return _verdict("undecided", f"The steps are longer than {LONGEST_TRACE:,} characters.", [])
    stated = _squeezed(trace.prompt)
    claims = [
        claim
        for claim in _claims(steps, trace.prompt)
        if not (stated and _states(claim.text) and _squeezed(claim.text) in stated)
    ]
    false = [claim for claim in claims if claim.outcome == "wrong"]
    if false:
        return _verdict("wrong", false[0].message, claims, false[0])
    if not claims:
        return _verdict("undecided", "The steps state nothing that could be checked.", [])
    return _verdict("right", f"{len(claims)} claims hold.", claims)


def _claims(steps: tuple[StepInput, ...], prompt: str) -> list[Claim]:
    said = [Said(step.content, prompt) for step in steps]
    claims = [
        _claim(step, one) for step, words in zip(steps, said, strict=True) for one in _within(words)
    ]
    across = [*equations.find(said, prompt), *moves.find(steps)]
    claims += [_claim(steps[place], one) for place, one in across]
    order = {step.index: place for place, step in enumerate(steps)}
    return sorted(claims, key=lambda claim: (order[claim.step], claim.start, claim.end))


def _within(said: Said) -> Iterator[Found]:
    """What every family finds in one step and in its calculator marks, each place once."""
    if not _DIGIT.search(said.text):
        return
    taken = bytearray(len(said.text))
    for family in FAMILIES:
        found = [one for one in family(said) if not any(taken[one.start : one.end])]
        for one in found:
            if family is not marks.find:
                taken[one.start : one.end] = b"\1" * (one.end - one.start)
            yield one
    if "<<" in said.text:
        for mark in MARK.finditer(said.text):
            yield from _inside(mark)


def _inside(mark: re.Match[str]) -> Iterator[Found]:
    """The equality in a calculator mark; most are of two whole numbers, and hold."""
    plain = _PLAIN.fullmatch(mark[1])
    if plain and _SIGNS[plain[2]](int(plain[1]), int(plain[3])) == int(plain[4]):
        yield Found(mark.start(1), mark.end(1), True, f"{mark[1]} holds.")
        return
    for one in equalities.find(Said(mark[1])):
        shift = mark.start(1)
        yield one._replace(start=one.start + shift, end=one.end + shift)


def _states(claim: str) -> bool:
    """Whether a claim holds a sign, and not only words that a prompt might share."""
    return any(sign in claim for sign in "=<>≤≥≈≡")


def _claim(step: StepInput, found: Found) -> Claim:
    return Claim(
        step=step.index,
        start=found.start,
        end=found.end,
        text=step.content[found.start : found.end],
        outcome="right" if found.holds else "wrong",
        message=found.message,
    )


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _verdict(
    outcome: Outcome, reason: str, claims: list[Claim], first: Claim | None = None
) -> StepsVerdict:
    return StepsVerdict(
        outcome=outcome,
        method="claims",
        version=VERSION,
        reason=reason,
        first_error=first,
        claims=tuple(claims),
        warnings=(),
    )
