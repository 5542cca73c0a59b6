"""Every SQL statement about exams."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from tunix_rt.exams.schema import Exam, ExamConfig, ExamItem, KindCount, Planted, PlantedStep, Twin
from tunix_rt.exams.table import exam, exam_item
from tunix_rt.kit.errors import BadInput, Conflict, NotFound
from tunix_rt.kit.ids import iso, now
from tunix_rt.store import Connection, Row, Store

UNFINISHED = ""
"""The digest of an exam that is still being made."""

BATCH = 500


def begin(connection: Connection, config: ExamConfig, run_id: str) -> None:
    """Take the name; what an earlier attempt of the same run made of it goes."""
    mine = (exam.c.name == config.name, exam.c.run_id == run_id, exam.c.digest == UNFINISHED)
    connection.execute(delete(exam).where(*mine))
    values = {
        "name": config.name,
        "config": config.model_dump(mode="json"),
        "digest": UNFINISHED,
        "items": 0,
        "run_id": run_id,
        "created_at": now(),
    }
    try:
        connection.execute(insert(exam).values(values))
    except IntegrityError:
        raise taken(config.name) from None


def taken(name: str) -> Conflict:
    """The refusal to overwrite an exam."""
    return Conflict(
        f"The exam {name} exists already; an exam is never overwritten.",
        hint="Choose another name.",
    )


def add(connection: Connection, name: str, items: Sequence[dict[str, Any]]) -> None:
    """Store items of an exam that is being made."""
    if items:
        connection.execute(insert(exam_item), [{"exam": name, **item} for item in items])


def finish(connection: Connection, name: str, items: int, digest: str) -> None:
    """Freeze an exam."""
    mine = update(exam).where(exam.c.name == name)
    connection.execute(mine.values(items=items, digest=digest))


def discard(connection: Connection, name: str) -> None:
    """Take back a name under which nothing came about."""
    connection.execute(delete(exam).where(exam.c.name == name, exam.c.digest == UNFINISHED))


def exists(connection: Connection, name: str) -> bool:
    """Whether an exam has this name, also one that is still being made."""
    return connection.scalar(select(exam.c.name).where(exam.c.name == name)) is not None


def get(connection: Connection, name: str) -> Exam:
    """One finished exam, or `NotFound`."""
    row = connection.execute(
        select(exam).where(exam.c.name == name, exam.c.digest != UNFINISHED)
    ).one_or_none()
    if row is None:
        raise NotFound(f"There is no exam {name[:100]!r}.", hint="tunix-rt exams list")
    return _exam(connection, row)


def page(connection: Connection, limit: int) -> list[Exam]:
    """The newest finished exams."""
    rows = select(exam).where(exam.c.digest != UNFINISHED)
    rows = rows.order_by(exam.c.created_at.desc(), exam.c.name).limit(limit)
    return [_exam(connection, row) for row in connection.execute(rows).all()]


def items(
    connection: Connection,
    name: str,
    *,
    limit: int,
    cursor: str | None = None,
    kind: str | None = None,
) -> tuple[list[Row[Any]], str | None]:
    """Items of an exam in their order, and the cursor of the next page."""
    rows = select(exam_item).where(exam_item.c.exam == name)
    if kind is not None:
        rows = rows.where(exam_item.c.kind == kind)
    if cursor is not None:
        if not cursor.isdecimal() or len(cursor) > 9:
            raise BadInput(f"{cursor[:80]!r} is not a cursor of this list.")
        rows = rows.where(exam_item.c.position > int(cursor))
    found = list(connection.execute(rows.order_by(exam_item.c.position).limit(limit + 1)))
    more = len(found) > limit
    return found[:limit], str(found[limit - 1].position) if more else None


def every(store: Store, name: str) -> Iterator[Row[Any]]:
    """Every item of an exam, a batch at a time in memory."""
    cursor: str | None = None
    while True:
        with store.read() as connection:
            rows, cursor = items(connection, name, limit=BATCH, cursor=cursor)
        yield from rows
        if cursor is None:
            return


def planted(row: Row[Any]) -> Planted:
    """The changed trace of an item."""
    return Planted.model_validate(row.planted)


def clean(row: Row[Any]) -> tuple[list[PlantedStep], str]:
    """The steps and the final answer of an item before they were changed."""
    steps = [PlantedStep.model_validate(step) for step in row.clean["steps"]]
    return steps, row.clean["final_answer"]


def shown(row: Row[Any]) -> ExamItem:
    """An item as it looks from outside."""
    return ExamItem(
        **planted(row).model_dump(),
        position=row.position,
        trace_id=row.trace_id,
        prompt=row.prompt,
        clean=Twin.model_validate(row.clean),
    )


def _exam(connection: Connection, row: Row[Any]) -> Exam:
    by = (exam_item.c.kind, exam_item.c.propagated)
    counted = connection.execute(
        select(*by, func.count()).where(exam_item.c.exam == row.name).group_by(*by)
    )
    kinds = Counter({(kind, bool(propagated)): number for kind, propagated, number in counted})
    return Exam(
        name=row.name,
        items=row.items,
        kinds=[
            KindCount(kind=kind, propagated=propagated, items=number)
            for (kind, propagated), number in sorted(kinds.items())
        ],
        digest=row.digest,
        config=ExamConfig.model_validate(row.config),
        run_id=row.run_id,
        created_at=iso(row.created_at),
    )
