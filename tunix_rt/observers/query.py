"""Every SQL statement about observers, their exams and their scores."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from tunix_rt.kit.errors import BadInput, Conflict, NotFound
from tunix_rt.kit.ids import is_id, iso, new_id, now
from tunix_rt.observers.schema import (
    Coefficient,
    Exam,
    FitConfig,
    Model,
    Observer,
    Quality,
    Ranked,
    RankedPage,
)
from tunix_rt.observers.table import observer, observer_exam, observer_group, observer_score
from tunix_rt.store import Connection, Row, upsert
from tunix_rt.traces.table import trace

SHOWN = 20
"""Exams shown of one observer."""


def exists(connection: Connection, name: str) -> bool:
    """Whether an observer has this name."""
    return connection.scalar(select(observer.c.name).where(observer.c.name == name)) is not None


def taken(name: str) -> Conflict:
    """The refusal to overwrite an observer."""
    return Conflict(
        f"The observer {name} exists already; an observer is never overwritten.",
        hint="Choose another name.",
    )


def add(
    connection: Connection,
    config: FitConfig,
    model: Model,
    quality: Quality,
    groups: Iterable[str],
    run_id: str,
) -> None:
    """Keep an observer and the problems it learned from; `Conflict` if its name is taken."""
    values = {
        "name": config.name,
        "config": config.model_dump(mode="json"),
        "model": model.model_dump(mode="json"),
        "digest": hashlib.sha256(model.model_dump_json().encode()).hexdigest(),
        "quality": quality.model_dump(),
        "run_id": run_id,
        "created_at": now(),
    }
    try:
        connection.execute(insert(observer).values(values))
    except IntegrityError:
        raise taken(config.name) from None
    rows = [{"observer": config.name, "prompt_group": group} for group in sorted(set(groups))]
    connection.execute(insert(observer_group), rows)


def model_of(connection: Connection, name: str) -> Model:
    """The model of an observer, or `NotFound`."""
    return Model.model_validate(_row(connection, name).model)


def learned_from(connection: Connection, name: str) -> frozenset[str]:
    """The problems an observer learned from, by their prompt groups."""
    rows = select(observer_group.c.prompt_group).where(observer_group.c.observer == name)
    return frozenset(connection.scalars(rows))


def get(connection: Connection, name: str) -> Observer:
    """One observer, or `NotFound`."""
    return _shown(connection, _row(connection, name))


def page(connection: Connection, limit: int) -> list[Observer]:
    """The newest observers."""
    rows = select(observer).order_by(observer.c.created_at.desc(), observer.c.name).limit(limit)
    return [_shown(connection, row) for row in connection.execute(rows).all()]


def add_exam(connection: Connection, exam: Exam) -> None:
    """Record an exam that was sat."""
    values = {
        "id": exam.id,
        "observer": exam.observer,
        "passed": exam.passed,
        "result": exam.model_dump(exclude={"id", "observer", "passed", "created_at"}),
        "created_at": now(),
    }
    connection.execute(insert(observer_exam).values(values))


def new_exam_id() -> str:
    """The id of an exam that is about to be recorded."""
    return new_id()


def put_scores(connection: Connection, name: str, scores: Sequence[tuple[str, float]]) -> None:
    """Record probabilities; newer ones replace what was said of the same trace."""
    if not scores:
        return
    new = upsert(connection, observer_score)
    connection.execute(
        new.on_conflict_do_update(
            index_elements=["observer", "trace_id"],
            set_={"probability": new.excluded.probability},
        ),
        [{"observer": name, "trace_id": id_, "probability": p} for id_, p in scores],
    )


def ranked(
    connection: Connection,
    name: str,
    *,
    limit: int,
    cursor: str | None = None,
    at_least: float = 0.0,
) -> RankedPage:
    """Traces that are still there, the likeliest wrong first."""
    key = (observer_score.c.probability, observer_score.c.trace_id)
    rows = (
        select(
            observer_score.c.trace_id,
            observer_score.c.probability,
            trace.c.prompt,
            trace.c.final_answer,
            trace.c.verdict,
        )
        .join(trace, trace.c.id == observer_score.c.trace_id)
        .where(
            observer_score.c.observer == name,
            observer_score.c.probability >= at_least,
            trace.c.deleted_at.is_(None),
        )
        .order_by(*(column.desc() for column in key))
        .limit(limit + 1)
    )
    if cursor is not None:
        probability, id_ = _behind(cursor)
        rows = rows.where((key[0] < probability) | ((key[0] == probability) & (key[1] < id_)))
    found = connection.execute(rows).all()
    last = found[limit - 1] if len(found) > limit else None
    return RankedPage(
        data=[Ranked(**row._mapping) for row in found[:limit]],
        next_cursor=None if last is None else f"{last.probability!r}_{last.trace_id}",
    )


def _behind(cursor: str) -> tuple[float, str]:
    """The place a cursor names: a probability, to the last bit, and a trace."""
    probability, _, id_ = cursor.partition("_")
    try:
        place = float(probability), id_
    except ValueError:
        place = 0.0, ""
    if not is_id(place[1]):
        raise BadInput(f"{cursor[:80]!r} is not a cursor of this list.")
    return place


def _row(connection: Connection, name: str) -> Row[Any]:
    found = connection.execute(select(observer).where(observer.c.name == name)).one_or_none()
    if found is None:
        raise NotFound(f"There is no observer {name[:100]!r}.", hint="tunix-rt observers list")
    return found


def _shown(connection: Connection, row: Row[Any]) -> Observer:
    sat = select(observer_exam).where(observer_exam.c.observer == row.name)
    rows = connection.execute(sat.order_by(observer_exam.c.id.desc()).limit(SHOWN)).all()
    exams = [
        Exam(
            id=one.id,
            observer=row.name,
            passed=one.passed,
            created_at=iso(one.created_at),
            **one.result,
        )
        for one in rows
    ]
    scored = select(func.count()).where(observer_score.c.observer == row.name)
    model = Model.model_validate(row.model)
    weights = sorted(
        zip(model.features, model.weights, strict=True), key=lambda pair: -abs(pair[1])
    )
    return Observer(
        name=row.name,
        config=FitConfig.model_validate(row.config),
        digest=row.digest,
        quality=Quality.model_validate(row.quality),
        coefficients=[Coefficient(feature=f, weight=w) for f, w in weights],
        licence=exams[0] if exams and exams[0].passed else None,
        exams=exams,
        ranked=connection.scalar(scored) or 0,
        created_at=iso(row.created_at),
    )
