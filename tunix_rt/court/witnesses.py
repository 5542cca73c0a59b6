"""Who can testify: the stored verdict, the source's label, any verifier as it is now.

A witness is named by a word: `stored`, `label`, `current`, a verifier, or `judge:` and the
id of a judge, who is heard with what it has said already and is not asked. It hears a
batch of traces and says one thing of each; what it has never seen, it says `none` of.
"""

from collections.abc import Callable, Sequence
from typing import Any

from tunix_rt.court.schema import KnownWitness, Testimony
from tunix_rt.judges import query as judges
from tunix_rt.kit.errors import BadInput
from tunix_rt.store import Connection, Row
from tunix_rt.traces import query as traces
from tunix_rt.verify import judging
from tunix_rt.verify import query as verdicts
from tunix_rt.verify.checking import (
    STEPS,
    answer_verifier,
    answers,
    check_trace,
    step_verifier,
    steps,
)
from tunix_rt.verify.schema import StepsVerdict, Subject, Verdict

Hear = Callable[[Connection, Sequence[Row[Any]]], list[Testimony]]

STORED = "stored"
LABEL = "label"
CURRENT = "current"
JUDGE = "judge:"

SAYS_NOTHING = Testimony(outcome="none", reason="", step=None)


def known(connection: Connection, subject: Subject) -> list[KnownWitness]:
    """Everybody who can be heard on a subject."""
    found = [
        KnownWitness(name=STORED, summary="The verdict that is stored on the trace."),
        KnownWitness(name=CURRENT, summary="The verifiers as they are now, chosen by the trace."),
    ]
    if subject == "answer":
        found.append(
            KnownWitness(name=LABEL, summary="What the trace's source says of its answer.")
        )
    catalog = answers if subject == "answer" else steps
    found += [KnownWitness(name=n, summary=catalog.summary(n)) for n in catalog.names()]
    heard = judges.names(connection, subject)
    return found + [KnownWitness(name=JUDGE + id_, summary=model) for id_, model in heard]


def version(name: str, subject: Subject) -> str:
    """The version of a witness: of the verifier it is, or of all of them."""
    if name in (STORED, LABEL) or name.startswith(JUDGE):
        return ""
    if name == CURRENT:
        return " ".join(f"{n} {v}" for n, v in judging.current()[subject] if n != judging.NONE)
    return (answer_verifier(name) if subject == "answer" else step_verifier(name)).VERSION


def witness(connection: Connection, name: str, subject: Subject) -> Hear:
    """The witness of this name, or `BadInput` with the names there are."""
    names = [one.name for one in known(connection, subject)]
    if name not in names:
        raise BadInput(
            f"Nobody called {name[:80]!r} can be heard on {subject}.",
            hint=f"Known: {', '.join(names)}.",
        )
    if name == STORED:
        return lambda connection, rows: _stored(connection, rows, subject)
    if name == LABEL:
        return lambda _, rows: [_label(row) for row in rows]
    if name.startswith(JUDGE):
        return lambda connection, rows: _judged(connection, rows, name.removeprefix(JUDGE))
    chosen = None if name == CURRENT else name
    judge = _answer if subject == "answer" else _steps
    return lambda _, rows: [judge(row, chosen) for row in rows]


def _stored(connection: Connection, rows: Sequence[Row[Any]], subject: Subject) -> list[Testimony]:
    found = verdicts.stored(connection, [row.id for row in rows], subject)
    return [
        Testimony(outcome=said.outcome, reason=said.reason, step=_first(said.detail))
        if (said := found.get(row.id))
        else SAYS_NOTHING
        for row in rows
    ]


def _judged(connection: Connection, rows: Sequence[Row[Any]], judge: str) -> list[Testimony]:
    found = judges.said(connection, [row.id for row in rows], judge)
    return [
        Testimony(outcome=said[0].outcome, reason=judging.clean(said[0].reason), step=said[0].step)
        if (said := found.get(row.id))
        else SAYS_NOTHING
        for row in rows
    ]


def _label(row: Row[Any]) -> Testimony:
    label = judging.label_of(traces.payload(row))
    if label is None:
        return SAYS_NOTHING
    return Testimony(outcome="right" if label else "wrong", reason="The source says so.", step=None)


def _answer(row: Row[Any], verifier: str | None) -> Testimony:
    return testimony(judging.judge_answer(traces.payload(row), verifier))


def _steps(row: Row[Any], verifier: str | None) -> Testimony:
    return testimony(check_trace(judging.input_of(traces.payload(row)), verifier or STEPS))


def testimony(verdict: Verdict | StepsVerdict) -> Testimony:
    """A verdict as it is said before the court."""
    first = verdict.first_error if isinstance(verdict, StepsVerdict) else None
    return Testimony(
        outcome=verdict.outcome,
        reason=judging.clean(verdict.reason),
        step=first.step if first else None,
    )


def _first(detail: dict[str, Any] | None) -> int | None:
    first = (detail or {}).get("first_error")
    return first["step"] if first else None
