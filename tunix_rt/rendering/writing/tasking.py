"""The problems of a dataset: each prompt once, with the answer that all its traces expect."""

import hashlib
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tunix_rt.rendering.schema import TraceRow
from tunix_rt.rendering.writing import trusting
from tunix_rt.rendering.writing.grouping import groups


class Problem(NamedTuple):
    """A prompt whose right answer is known."""

    trace: TraceRow
    """One of its traces, a right one if there is one."""

    answer: str
    verifier: str | None
    solved: bool
    """Whether `trace` is known to be right."""


def problems(rows: Iterable[TraceRow]) -> Iterator[Problem]:
    """The prompts with one expected answer, in the order of their hashes.

    A prompt whose traces expect different answers is left out: nobody knows which is right.
    """
    for group in groups(rows, _kind, most=1):
        if len({kind.partition("-")[0] for kind in group}) > 1:
            continue
        best = min(group, key=lambda kind: ORDER.index(kind.partition("-")[2]))
        trace, answer = group[best][0], expected(group[best][0])
        if answer is not None:
            yield Problem(trace, answer, verifier(trace), best.endswith("-right"))


ORDER = ("right", "none", "wrong")
"""Which trace is preferred to stand for its prompt."""


def expected(trace: TraceRow) -> str | None:
    """The answer its task expects, if anything says one."""
    return trace.expected_answer or _text(trace, "expected_answer")


def verifier(trace: TraceRow) -> str | None:
    """The verifier that compares answers to this prompt, if anything names one."""
    return trace.verifier or _text(trace, "verifier")


def _text(trace: TraceRow, name: str) -> str | None:
    found = (trace.meta or {}).get(name)
    return found if isinstance(found, str) and found else None


def _kind(trace: TraceRow) -> str | None:
    answer = expected(trace)
    if answer is None:
        return None
    digest = hashlib.sha256(answer.strip().encode()).hexdigest()[:16]
    return f"{digest}-{trusting.outcome(trace) or 'none'}"
