"""What the steps claim is computed exactly, and the first false claim is shown.

Each family of claims is a module here: equalities, comparisons, words, whole numbers, units,
bases, calculator marks, equations of one unknown, moves of a game. Only what was fully
understood is called false, and a text without claims is undecided. A sum that holds says nothing
about whether it was the right sum.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
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
    marks,
    whole,
    words,
)
from tunix_rt.verify.steps.claims.equations import Derivation
from tunix_rt.verify.steps.claims.moves import Game
from tunix_rt.verify.steps.claims.said import Found, Said
from tunix_rt.verify.steps.claims.tokens import MARK

VERSION = "2"
MOST_CLAIMS = 10_000
"""Claims of one trace that are judged."""

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
    if sum(len(step.content) for step in trace.steps) > LONGEST_TRACE:
        return _verdict("undecided", f"The steps are longer than {LONGEST_TRACE:,} characters.", [])
    stated = _squeezed(trace.prompt)
    made = list(islice(_claims(trace), MOST_CLAIMS))
    claims = [claim for claim in made if not _is_stated(claim.text, stated)]
    false = [claim for claim in claims if claim.outcome == "wrong"]
    if false:
        return _verdict("wrong", false[0].message, claims, false[0])
    if len(made) == MOST_CLAIMS:
        return _verdict("undecided", f"Only the first {MOST_CLAIMS:,} claims were judged.", claims)
    if not claims:
        return _verdict("undecided", "The steps state nothing that could be checked.", [])
    hold = "1 claim holds." if len(claims) == 1 else f"{len(claims)} claims hold."
    return _verdict("right", hold, claims)


def _claims(trace: TraceInput) -> Iterator[Claim]:
    """Every claim in order; one step's tokens at a time are held."""
    derivation, game = Derivation(trace.prompt), Game()
    for step in trace.steps:
        said = Said(step.content, trace.prompt)
        found = [*_within(said), *derivation.follow(said), *game.follow(step)]
        yield from (_claim(step, one) for one in sorted(found))


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


def _is_stated(claim: str, stated: str) -> bool:
    """Whether the prompt holds a claim with a sign; words alone it might share by chance."""
    signed = stated and any(sign in claim for sign in "=<>≤≥≈≡")
    return bool(signed) and _squeezed(claim) in stated


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
