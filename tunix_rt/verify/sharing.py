"""Judging shared out among processes: each core takes a part of a batch, none can stop the run.

A process that dies, or takes too long or too much memory over its part, is replaced and the part
judged again trace by trace; a trace that breaks its process even then is undecided, and says why.
Few traces are judged in this process: starting another takes longer.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import chain
from typing import Any

import msgspec

from tunix_rt.kit.apart import Apart, Broke, cores
from tunix_rt.traces.schema import STORED, ReasoningTrace
from tunix_rt.verify import judging
from tunix_rt.verify.schema import StepsVerdict, Subject, Verdict

FEW = 256
"""Traces that are judged here."""

MOST_PROCESSES = 8
PART_SECONDS = 120.0
TRACE_SECONDS = 20.0
"""More than any answer may take, with the start of what it is computed in."""

MEMORY = 512 * 2**20
JUDGE = f"{__name__}:judge_parsed"

Said = dict[str, Any]
"""What is said of one trace, by subject: the columns of its verdict's row."""

Judge = Callable[[Sequence[bytes]], "Future[list[Said]]"]


def judge(body: bytes, subjects: Sequence[Subject]) -> Said:
    """What the verifiers say of one trace, given as canonical JSON."""
    return _said(ReasoningTrace.model_validate_json(body, context=STORED), subjects)


def judge_parsed(bodies: list[dict[str, Any]], subjects: list[Subject]) -> list[Said]:
    """The same for several, in another process."""
    return [_said(ReasoningTrace.model_validate(body, context=STORED), subjects) for body in bodies]


@contextmanager
def judges(total: int, subjects: Sequence[Subject]) -> Iterator[Judge]:
    """Something that judges batches, one behind the other, for as long as it is needed."""
    if total <= FEW:
        yield lambda bodies: _done([judge(body, subjects) for body in bodies])
        return
    number = cores(MOST_PROCESSES)
    crew = [Crew(subjects) for _ in range(number)]
    with ThreadPoolExecutor(number + 1) as pool:

        def share(bodies: Sequence[bytes]) -> "Future[list[Said]]":
            size = -(-len(bodies) // number)
            parts = [bodies[start : start + size] for start in range(0, len(bodies), size)]
            begun = [pool.submit(one.judge, part) for one, part in zip(crew, parts, strict=False)]
            return pool.submit(lambda: list(chain.from_iterable(f.result() for f in begun)))

        try:
            yield share
        finally:
            for one in crew:
                one.close()


class Crew:
    """One process that judges parts, and one for traces that broke it."""

    def __init__(
        self,
        subjects: Sequence[Subject],
        target: str = JUDGE,
        *,
        part_seconds: float = PART_SECONDS,
        trace_seconds: float = TRACE_SECONDS,
    ) -> None:
        self._subjects = subjects
        self._many = Apart(target, seconds=part_seconds, memory=MEMORY)
        self._single = Apart(target, seconds=trace_seconds, memory=MEMORY)

    def judge(self, bodies: Sequence[bytes]) -> list[Said]:
        """What is said of each; a trace that breaks a process is undecided."""
        try:
            return self._ask(self._many, bodies)
        except Broke:
            return [self._alone(body) for body in bodies]

    def close(self) -> None:
        """End both processes."""
        self._many.close()
        self._single.close()

    def _alone(self, body: bytes) -> Said:
        try:
            return self._ask(self._single, [body])[0]
        except Broke as error:
            return _broken(str(error), self._subjects)

    def _ask(self, process: Apart, bodies: Sequence[bytes]) -> list[Said]:
        said: list[Said] = process([msgspec.Raw(body) for body in bodies], list(self._subjects))
        return said


def _said(trace: ReasoningTrace, subjects: Sequence[Subject]) -> Said:
    said: Said = {}
    if "answer" in subjects:
        verdict = judging.judge_answer(trace)
        said["answer"] = _row(verdict) | {"label": judging.label_of(trace), "detail": None}
    if "steps" in subjects:
        judged = judging.judge_steps(trace)
        said["steps"] = _row(judged) | {"label": None, "detail": judging.detail_of(judged)}
    return said


def _row(verdict: Verdict | StepsVerdict) -> dict[str, Any]:
    return {
        "outcome": verdict.outcome,
        "verifier": verdict.method,
        "version": verdict.version,
        "reason": judging.clean(verdict.reason),
    }


def _broken(why: str, subjects: Sequence[Subject]) -> Said:
    """Undecided by the first verifier of each subject, so that it is not tried for ever."""
    detail: Said = {"first_error": None, "claims": [], "claim_count": 0, "warnings": []}
    return {
        subject: {
            "outcome": "undecided",
            "verifier": judging.current()[subject][0][0],
            "version": judging.current()[subject][0][1],
            "reason": judging.clean(f"Its verifier had to be stopped: {why}."),
            "label": None,
            "detail": detail if subject == "steps" else None,
        }
        for subject in subjects
    }


def _done(said: list[Said]) -> "Future[list[Said]]":
    done: Future[list[Said]] = Future()
    done.set_result(said)
    return done
