"""Every `a op b = c` in the steps is computed exactly, and the first false one is shown.

Units, currency signs, thousands separators and percentages are read as people write
them; calculator marks `<<a=b>>` are claims of their own. Algebra is not judged, and a
text without equalities is undecided. A sum that holds says nothing about whether it was
the right sum.
"""

from collections.abc import Iterator, Sequence

from tunix_rt.verify.schema import Claim, Outcome, StepInput, StepsVerdict
from tunix_rt.verify.steps.arithmetic.claims import Found, find_claims
from tunix_rt.verify.steps.arithmetic.tokens import MARK

VERSION = "1"
LIMIT = 2_000_000
"""Characters of one trace's steps; a longer one is not judged."""


def check(steps: Sequence[StepInput], prompt: str) -> StepsVerdict:
    """Judge every equality in the steps; one that the prompt itself states is not judged."""
    if sum(len(step.content) for step in steps) > LIMIT:
        return _verdict("undecided", f"The steps are longer than {LIMIT:,} characters.", [])
    stated = _squeezed(prompt)
    claims = [
        claim
        for step in steps
        for claim in _claims(step)
        if not (stated and "=" in stated and _squeezed(claim.text) in stated)
    ]
    false = [claim for claim in claims if claim.outcome == "wrong"]
    if false:
        return _verdict("wrong", false[0].message, claims, false[0])
    if not claims:
        return _verdict("undecided", "The steps state no equality that could be checked.", [])
    return _verdict("right", f"{len(claims)} equalities hold.", claims)


def _claims(step: StepInput) -> list[Claim]:
    claims = [_claim(step, found, 0) for found in find_claims(step.content)]
    for mark, start in _marks(step.content):
        claims += [_claim(step, found, start) for found in find_claims(mark)]
    return sorted(claims, key=lambda claim: (claim.start, claim.end))


def _marks(content: str) -> Iterator[tuple[str, int]]:
    if "<<" in content:
        for mark in MARK.finditer(content):
            yield mark[1], mark.start(1)


def _claim(step: StepInput, found: Found, shift: int) -> Claim:
    start, end = found.start + shift, found.end + shift
    return Claim(
        step=step.index,
        start=start,
        end=end,
        text=step.content[start:end],
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
        method="arithmetic",
        version=VERSION,
        reason=reason,
        first_error=first,
        claims=tuple(claims),
    )
