"""Every SQL statement about judges and their votes."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import func, select

from tunix_rt.judges.schema import Ask, Judge, Judgement, Vote
from tunix_rt.judges.table import judge, judgement
from tunix_rt.kit.errors import NotFound
from tunix_rt.kit.ids import iso, now
from tunix_rt.store import Connection, Row, upsert
from tunix_rt.verify.schema import Outcome, Tally


def know(connection: Connection, ask: Ask) -> str:
    """Record who judges, unless it is known; its id."""
    id_ = ask.judge()
    row = {
        "id": id_,
        "subject": ask.rubric.subject,
        "config": ask.model_dump(mode="json", exclude={"votes"}),
        "created_at": now(),
    }
    new = upsert(connection, judge).on_conflict_do_nothing(index_elements=["id"])
    connection.execute(new, [row])
    return id_


def voted(connection: Connection, id_: str, trace_ids: Sequence[str]) -> set[tuple[str, int]]:
    """The (trace, vote) pairs of a judge that are kept already."""
    rows = select(judgement.c.trace_id, judgement.c.vote).where(
        judgement.c.judge == id_, judgement.c.trace_id.in_(trace_ids)
    )
    return {(trace_id, vote) for trace_id, vote in connection.execute(rows)}


def add(connection: Connection, id_: str, votes: Iterable[dict[str, Any]]) -> None:
    """Keep votes; one that is kept already stays."""
    rows = [{"judge": id_, "created_at": now(), **vote} for vote in votes]
    if rows:
        new = upsert(connection, judgement)
        connection.execute(
            new.on_conflict_do_nothing(index_elements=["judge", "trace_id", "vote"]), rows
        )


def get(connection: Connection, id_: str) -> Judge:
    """One judge, or `NotFound`."""
    row = connection.execute(select(judge).where(judge.c.id == id_)).one_or_none()
    if row is None:
        raise NotFound(f"There is no judge {id_[:80]!r}.", hint="tunix-rt judges list")
    return _judge(connection, row)


def page(connection: Connection, limit: int) -> list[Judge]:
    """The newest judges."""
    rows = select(judge).order_by(judge.c.created_at.desc(), judge.c.id).limit(limit)
    return [_judge(connection, row) for row in connection.execute(rows).all()]


def names(connection: Connection, subject: str, limit: int = 100) -> list[tuple[str, str]]:
    """The ids of the newest judges of a subject, each with its model."""
    rows = select(judge.c.id, judge.c.config).where(judge.c.subject == subject)
    found = connection.execute(rows.order_by(judge.c.created_at.desc(), judge.c.id).limit(limit))
    return [
        (id_, f"{config['provider_config'].get('model', '')} by {config['provider']}".strip())
        for id_, config in found
    ]


def said(
    connection: Connection, trace_ids: Sequence[str], id_: str | None = None
) -> dict[str, list[Judgement]]:
    """What judges say of some traces: all of them, or one."""
    rows = (
        select(judgement, judge.c.subject)
        .join(judge, judge.c.id == judgement.c.judge)
        .where(judgement.c.trace_id.in_(trace_ids))
        .order_by(judgement.c.trace_id, judgement.c.judge, judgement.c.vote)
    )
    if id_ is not None:
        rows = rows.where(judgement.c.judge == id_)
    heard: dict[tuple[str, str], list[Row[Any]]] = {}
    for row in connection.execute(rows):
        heard.setdefault((row.trace_id, row.judge), []).append(row)
    found: dict[str, list[Judgement]] = {}
    for (trace_id, _), votes in heard.items():
        found.setdefault(trace_id, []).append(_together(votes))
    return found


def _together(rows: Sequence[Row[Any]]) -> Judgement:
    """The majority of right against wrong; who could not decide is not counted against it."""
    votes = [
        Vote(vote=r.vote, outcome=r.outcome, step=r.step, reason=r.reason, said=r.said)
        for r in rows
    ]
    count = Counter(vote.outcome for vote in votes)
    right, wrong = count["right"], count["wrong"]
    outcome: Outcome = "right" if right > wrong else "wrong" if wrong > right else "undecided"
    with_it = [vote for vote in votes if vote.outcome == outcome]
    steps = Counter(vote.step for vote in with_it if vote.step is not None).most_common(1)
    return Judgement(
        judge=rows[0].judge,
        subject=rows[0].subject,
        outcome=outcome,
        step=steps[0][0] if steps else None,
        reason=with_it[0].reason if with_it else "As many votes say right as wrong.",
        votes=votes,
    )


def _judge(connection: Connection, row: Row[Any]) -> Judge:
    mine = judgement.c.judge == row.id
    by = select(judgement.c.outcome, func.count()).where(mine).group_by(judgement.c.outcome)
    numbers = {outcome: number for outcome, number in connection.execute(by)}
    traces = select(func.count(judgement.c.trace_id.distinct())).where(mine)
    ask = Ask.model_validate(row.config)
    return Judge(
        id=row.id,
        rubric=ask.rubric,
        provider=ask.provider,
        provider_config=ask.provider_config,
        temperature=ask.temperature,
        seed=ask.seed,
        max_new_tokens=ask.max_new_tokens,
        traces=connection.scalar(traces) or 0,
        votes=Tally(**{word: numbers.get(word, 0) for word in Tally.model_fields}),
        created_at=iso(row.created_at),
    )
