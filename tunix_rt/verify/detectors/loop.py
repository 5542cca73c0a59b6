"""A text that goes in circles: a block three times in a row, or words said before."""

import zlib
from collections.abc import Iterator

from tunix_rt.verify.schema import TraceInput, TraceWarning, warn

VERSION = "1"
TIMES = 3
"""So often in a row is a loop."""

GRAM = 8
FEWEST_WORDS = 48
DUPLICATES = 0.4
"""Share of the runs of eight words that were said before."""

MOST_WORDS = 20_000
"""Words at the end of the steps that are looked at."""

LONGEST_BLOCK = 60
"""Words of a block that is looked for."""

SHORTEST_BLOCK = 12
"""Characters of a block; `1, 2, 1, 2` is no loop yet."""

FEWEST_CHARACTERS = 1_500
RATIO = 0.1
"""A text that zlib makes smaller than this share of itself says next to nothing."""


def detect(trace: TraceInput) -> Iterator[TraceWarning]:
    """One warning with the first sign of a loop."""
    if warning := _same_steps(trace):
        yield warning
        return
    words: list[str] = []
    owners: list[int] = []
    for step in trace.steps:
        here = step.content.lower().split()
        words += here
        owners += [step.index] * len(here)
    words, owners = words[-MOST_WORDS:], owners[-MOST_WORDS:]
    place = _block(words)
    if place is not None:
        at, size = place
        message = f"{' '.join(words[at : at + size])[:80]!r} stands {TIMES} times in a row."
        yield warn("loop", message, owners[at])
    elif (share := _duplicates(words)) >= DUPLICATES:
        yield warn("loop", f"{share:.0%} of the runs of {GRAM} words were said before.")
    elif _shrinks(trace):
        yield warn("loop", "The steps repeat themselves almost letter by letter.")


def _same_steps(trace: TraceInput) -> TraceWarning | None:
    row = 1
    for before, step in zip(trace.steps, trace.steps[1:], strict=False):
        row = row + 1 if step.content.strip() == before.content.strip() else 1
        if row == TIMES:
            return warn("loop", f"{TIMES} steps in a row say the same.", step.index)
    return None


def _block(words: list[str]) -> tuple[int, int] | None:
    """Place and size of a block of at least three words that is repeated at once."""
    last: dict[tuple[str, ...], int] = {}
    for at in range(len(words) - 2):
        gram = tuple(words[at : at + 3])
        before = last.get(gram)
        last[gram] = at
        size = at - before if before is not None else 0
        if before is None or not 3 <= size <= min(LONGEST_BLOCK, before):
            continue
        block = words[before:at]
        thrice = words[at : at + size] == block == words[before - size : before]
        if thrice and len(" ".join(block)) >= SHORTEST_BLOCK:
            return before - size, size
    return None


def _duplicates(words: list[str]) -> float:
    if len(words) < FEWEST_WORDS:
        return 0.0
    count = len(words) - GRAM + 1
    distinct = {tuple(words[at : at + GRAM]) for at in range(count)}
    return 1 - len(distinct) / count


def _shrinks(trace: TraceInput) -> bool:
    text = "\n".join(step.content for step in trace.steps).encode("utf-8", "replace")
    return len(text) >= FEWEST_CHARACTERS and len(zlib.compress(text)) < RATIO * len(text)
