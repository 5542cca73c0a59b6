"""What a step verifier finds of what was planted, and what it sees where nothing was."""

from collections import Counter

from tunix_rt.exams import query
from tunix_rt.exams.schema import ErrorKind, KindScore, Score, Share
from tunix_rt.kit.proportions import wilson
from tunix_rt.runs.schema import Run
from tunix_rt.verify.checking import STEPS, check_trace, detect, step_verifier
from tunix_rt.verify.schema import TraceInput

Turn = tuple[ErrorKind, bool]
EVERY = 200
"""Items between two words about progress."""


def score(run: Run, exam: str, verifier: str = STEPS) -> Score:
    """Every item and its clean twin judged by a step verifier."""
    version = step_verifier(verifier).VERSION
    with run.store.read() as connection:
        total = query.get(connection, exam).items
    items: Counter[Turn] = Counter()
    detected: Counter[Turn] = Counter()
    exact: Counter[Turn] = Counter()
    warned: Counter[Turn] = Counter()
    clean = clean_warned = 0
    for place, row in enumerate(query.every(run.store, exam)):
        planted, turn = query.planted(row), (row.kind, bool(row.propagated))
        spoilt = TraceInput.of(row.prompt, planted.steps, planted.final_answer)
        first = check_trace(spoilt, verifier).first_error
        items[turn] += 1
        detected[turn] += first is not None
        exact[turn] += first is not None and first.step == planted.step
        warned[turn] += planted.step in _warned(spoilt)
        twin = TraceInput.of(row.prompt, *query.clean(row))
        clean += check_trace(twin, verifier).first_error is None
        clean_warned += bool(_warned(twin))
        if place % EVERY == 0:
            run.progress(place, total, f"{place:,} of {total:,} judged")
    exactly = share(exact.total(), total)
    unharmed = share(clean, total)
    return Score(
        exam=exam,
        verifier=verifier,
        version=version,
        detected=share(detected.total(), total),
        exact=exactly,
        warned=share(warned.total(), total),
        clean=unharmed,
        clean_warned=share(clean_warned, total),
        f1=_harmonic(exactly.share, unharmed.share),
        kinds=[
            KindScore(
                kind=turn[0],
                propagated=turn[1],
                detected=share(detected[turn], number),
                exact=share(exact[turn], number),
                warned=share(warned[turn], number),
            )
            for turn, number in sorted(items.items())
        ],
    )


def share(count: int, of: int) -> Share:
    """A proportion with its Wilson interval."""
    low, high = wilson(count, of)
    return Share(count=count, of=of, share=count / of if of else 0.0, low=low, high=high)


def _warned(trace: TraceInput) -> set[int | None]:
    """The steps that the detectors warn of."""
    return {warning.step for warning in detect(trace)} - {None}


def _harmonic(a: float, b: float) -> float:
    return 2 * a * b / (a + b) if a + b else 0.0
