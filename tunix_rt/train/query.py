"""The statements behind rollouts."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import case, func, select

from tunix_rt.store import Connection, Row, upsert
from tunix_rt.train.table import rollout

AT_ONCE = 500
"""Rows of one statement."""

SHOWN = 10
"""Rollouts that are named as an example."""


def put(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Store rollouts; one that is stored at this place already is replaced."""
    statement = upsert(connection, rollout)
    keys = ("run_id", "round", "place")
    changed = {c.name: statement.excluded[c.name] for c in rollout.c if c.name not in keys}
    statement = statement.on_conflict_do_update(index_elements=keys, set_=changed)
    for start in range(0, len(rows), AT_ONCE):
        connection.execute(statement, list(rows[start : start + AT_ONCE]))


def count(connection: Connection, run_id: str) -> int:
    """How many rollouts a run has made so far."""
    rows = select(func.count()).select_from(rollout).where(rollout.c.run_id == run_id)
    return connection.scalar(rows) or 0


def page(
    connection: Connection,
    run_id: str,
    *,
    limit: int,
    offset: int = 0,
    round: int | None = None,
    slot: int | None = None,
) -> Sequence[Row[Any]]:
    """Rollouts of a run, the newest round first, each round in its order."""
    rows = select(rollout).where(rollout.c.run_id == run_id)
    if round is not None:
        rows = rows.where(rollout.c.round == round)
    if slot is not None:
        rows = rows.where(rollout.c.slot == slot)
    order = (rollout.c.round.desc(), rollout.c.place)
    return connection.execute(rows.order_by(*order).limit(limit).offset(offset)).all()


def groups(connection: Connection, run_id: str) -> Sequence[Row[Any]]:
    """Each group of a run in the order they were made, its rollouts counted together."""
    own = rollout.c
    rows = (
        select(
            own.round,
            own.slot,
            func.count().label("rollouts"),
            func.min(own.reward).label("least"),
            func.max(own.reward).label("most"),
            func.sum(own.reward).label("reward"),
            func.sum(own.tokens).label("tokens"),
            func.sum(own.logp * own.tokens).label("logp"),
            func.sum(case((own.ended, 1), else_=0)).label("ended"),
            func.sum(case((own.is_right, 1), else_=0)).label("right"),
        )
        .where(own.run_id == run_id)
        .group_by(own.round, own.slot)
        .order_by(own.round, own.slot)
    )
    return connection.execute(rows).all()


def some(
    connection: Connection,
    run_id: str,
    rounds: Sequence[int],
    *,
    ended: bool | None = None,
    is_right: bool | None = None,
    better: bool | None = None,
    answer: str | None = None,
) -> list[str]:
    """The traces of a few rollouts of some rounds; `better` than their group, or than nobody."""
    own = rollout.c
    rows = select(own.trace_id).where(own.run_id == run_id, own.round.in_(rounds[:AT_ONCE]))
    for column, value in ((own.ended, ended), (own.is_right, is_right), (own.answer, answer)):
        if value is not None:
            rows = rows.where(column == value)
    if better is not None:
        rows = rows.where(own.advantage > 0 if better else own.advantage == 0)
    shown = rows.order_by(own.round, own.place).limit(SHOWN)
    return [str(id_) for id_ in connection.scalars(shown)]


def answers(connection: Connection, run_id: str, since: int) -> Sequence[Row[Any]]:
    """Each answer since a round: to how many problems it was given, how often, how often right."""
    own = rollout.c
    rows = (
        select(
            own.answer,
            func.count().label("rollouts"),
            func.count(own.problem.distinct()).label("problems"),
            func.sum(case((own.is_right, 1), else_=0)).label("right"),
        )
        .where(own.run_id == run_id, own.round >= since)
        .group_by(own.answer)
        .order_by(func.count().desc(), own.answer)
        .limit(5)
    )
    return connection.execute(rows).all()


def beaten(connection: Connection, run_id: str, rounds: Sequence[int]) -> int:
    """How many rollouts of some rounds are wrong and were rewarded more than a right one beside."""
    own = rollout.c
    right = (
        select(own.round, own.slot, func.min(own.reward).label("least"))
        .where(own.run_id == run_id, own.round.in_(rounds[:AT_ONCE]), own.is_right.is_(True))
        .group_by(own.round, own.slot)
        .subquery()
    )
    rows = (
        select(func.count())
        .select_from(rollout)
        .join(right, (right.c.round == own.round) & (right.c.slot == own.slot))
        .where(own.run_id == run_id, own.is_right.is_(False), own.reward > right.c.least)
    )
    return connection.scalar(rows) or 0
