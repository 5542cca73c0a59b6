"""Every SQL statement about evaluations."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, insert, select, update

from tunix_rt.evaluate.schema import EvaluateConfig, Tally
from tunix_rt.evaluate.table import evaluation, evaluation_item
from tunix_rt.kit.errors import NotFound
from tunix_rt.kit.ids import new_id, now
from tunix_rt.store import Connection, Row


def begin(connection: Connection, run_id: str, config: EvaluateConfig) -> str:
    """The evaluation of this run, made now unless an earlier attempt made it; its id."""
    known = connection.scalar(select(evaluation.c.id).where(evaluation.c.run_id == run_id))
    if known is not None:
        return str(known)
    id_ = new_id()
    zero = dict.fromkeys(("n_items", "n_correct", "n_undecided", "n_missing"), 0)
    connection.execute(
        insert(evaluation).values(
            id=id_,
            run_id=run_id,
            subject_run_id=config.subject_run_id,
            model_id=config.model_id,
            model_folder=config.model_folder,
            suite=config.suite,
            dataset_key=config.dataset_key,
            status="running",
            accuracy=0.0,
            ci_low=0.0,
            ci_high=1.0,
            families=[],
            config=config.model_dump(mode="json"),
            created_at=now(),
            **zero,
        )
    )
    return id_


def done(connection: Connection, evaluation_id: str) -> set[tuple[int, int]]:
    """The (position, sample) pairs that were committed already."""
    rows = select(evaluation_item.c.position, evaluation_item.c.sample)
    found = connection.execute(rows.where(evaluation_item.c.evaluation_id == evaluation_id))
    return {(position, sample) for position, sample in found}


def add_items(connection: Connection, evaluation_id: str, items: Iterable[dict[str, Any]]) -> None:
    """Commit results, one row per item and sample."""
    rows = [{"evaluation_id": evaluation_id, **item} for item in items]
    if rows:
        connection.execute(insert(evaluation_item), rows)


def judges(connection: Connection, evaluation_id: str) -> list[tuple[str, str]]:
    """The verifiers that judged its items, and their versions; none if nothing was said."""
    method, version = evaluation_item.c.method, evaluation_item.c.version
    rows = select(method, version).where(
        evaluation_item.c.evaluation_id == evaluation_id, evaluation_item.c.outcome != "missing"
    )
    found = connection.execute(rows.distinct().order_by(method, version))
    return [(name, number) for name, number in found]


def tally(connection: Connection, evaluation_id: str) -> list[Tally]:
    """The items of each family, an item counting by its share of right samples."""
    per_item = (
        select(
            evaluation_item.c.family,
            func.avg(_is("right") * 1.0).label("right"),
            func.max(_is("undecided")).label("undecided"),
            func.max(_is("missing")).label("missing"),
        )
        .where(evaluation_item.c.evaluation_id == evaluation_id)
        .group_by(evaluation_item.c.position, evaluation_item.c.family)
        .subquery()
    )
    rows = connection.execute(
        select(
            per_item.c.family,
            func.count().label("n"),
            func.sum(per_item.c.right).label("right"),
            func.sum(per_item.c.undecided).label("undecided"),
            func.sum(per_item.c.missing).label("missing"),
        )
        .group_by(per_item.c.family)
        .order_by(per_item.c.family)
    )
    return [
        Tally(row.family, row.n, float(row.right), int(row.undecided), int(row.missing))
        for row in rows
    ]


def finish(connection: Connection, evaluation_id: str, scores: dict[str, Any]) -> Row[Any]:
    """Write what was counted, and return the finished row."""
    mine = evaluation.c.id == evaluation_id
    values = {**scores, "status": "completed", "completed_at": now()}
    return connection.execute(
        update(evaluation).where(mine).values(**values).returning(evaluation)
    ).one()


def set_verdict(connection: Connection, item: Row[Any], **words: str) -> None:
    """Write another verdict on one item and sample."""
    mine = (
        evaluation_item.c.evaluation_id == item.evaluation_id,
        evaluation_item.c.position == item.position,
        evaluation_item.c.sample == item.sample,
    )
    connection.execute(update(evaluation_item).where(*mine).values(**words))


def rescore(connection: Connection, evaluation_id: str, scores: dict[str, Any]) -> None:
    """Write what was counted anew on a finished evaluation."""
    mine = update(evaluation).where(evaluation.c.id == evaluation_id)
    connection.execute(mine.values(**scores))


def get(connection: Connection, evaluation_id: str) -> Row[Any]:
    """One evaluation, or `NotFound`."""
    found = connection.execute(
        select(evaluation).where(evaluation.c.id == evaluation_id)
    ).one_or_none()
    if found is None:
        raise NotFound("Evaluation not found", hint="tunix-rt evaluate list")
    return found


def newest_of(connection: Connection, run_id: str, **equal: str | None) -> Row[Any]:
    """The newest finished evaluation of a training run, or of an evaluation run itself.

    Only those count where each named column equals what is given, if anything is.
    """
    rows = select(evaluation).where(
        (evaluation.c.subject_run_id == run_id) | (evaluation.c.run_id == run_id),
        evaluation.c.status == "completed",
    )
    for column, value in equal.items():
        if value is not None:
            rows = rows.where(evaluation.c[column] == value)
    found = connection.execute(rows.order_by(evaluation.c.id.desc()).limit(1)).one_or_none()
    if found is None:
        raise NotFound("Evaluation not found")
    return found


def leaderboard(
    connection: Connection,
    *,
    limit: int,
    offset: int = 0,
    dataset_key: str | None = None,
    model_id: str | None = None,
    suite: str | None = None,
    date_from: datetime | None = None,
    date_to: datetime | None = None,
) -> Sequence[Row[Any]]:
    """Finished evaluations, best first."""
    rows = select(evaluation).where(evaluation.c.status == "completed")
    if dataset_key is not None:
        rows = rows.where(evaluation.c.dataset_key == dataset_key)
    if model_id is not None:
        rows = rows.where(evaluation.c.model_id.icontains(model_id, autoescape=True))
    if suite is not None:
        rows = rows.where(evaluation.c.suite == suite)
    if date_from is not None:
        rows = rows.where(evaluation.c.completed_at >= date_from)
    if date_to is not None:
        rows = rows.where(evaluation.c.completed_at <= date_to)
    ordered = rows.order_by(evaluation.c.accuracy.desc(), evaluation.c.id.desc())
    return connection.execute(ordered.limit(limit).offset(offset)).all()


def items(
    connection: Connection,
    evaluation_id: str,
    *,
    limit: int,
    after: tuple[int, int] = (-1, -1),
    outcome: str | None = None,
    family: str | None = None,
) -> Sequence[Row[Any]]:
    """Results of an evaluation behind (position, sample), in order."""
    position, sample = evaluation_item.c.position, evaluation_item.c.sample
    rows = select(evaluation_item).where(
        evaluation_item.c.evaluation_id == evaluation_id,
        (position > after[0]) | ((position == after[0]) & (sample > after[1])),
    )
    if outcome is not None:
        rows = rows.where(evaluation_item.c.outcome == outcome)
    if family is not None:
        rows = rows.where(evaluation_item.c.family == family)
    return connection.execute(rows.order_by(position, sample).limit(limit)).all()


def _is(outcome: str) -> ColumnElement[int]:
    return case((evaluation_item.c.outcome == outcome, 1), else_=0)
