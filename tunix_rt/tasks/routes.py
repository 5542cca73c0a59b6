"""/api/suites: the eval sets and their problems."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from tunix_rt.kit.http import Limit, Offset, Reading, problems
from tunix_rt.kit.ids import iso
from tunix_rt.tasks import query
from tunix_rt.tasks.schema import LONGEST_NAME, SuiteItem, SuiteItems, SuitePage, SuiteSummary

router = APIRouter(prefix="/suites", tags=["tasks"])


@router.get("", response_model=SuitePage, responses=problems(422))
def list_suites(connection: Reading, limit: Limit = 50, offset: Offset = 0) -> SuitePage:
    """Suites, newest first."""
    rows = query.page(connection, limit=limit, offset=offset)
    return SuitePage(
        data=[
            SuiteSummary(
                name=row.name,
                origin=row.origin,
                digest=row.digest,
                item_count=row.item_count,
                created_at=iso(row.created_at),
            )
            for row in rows
        ]
    )


@router.get("/{name:path}/items", response_model=SuiteItems, responses=problems(404, 422))
def list_suite_items(
    connection: Reading,
    name: Annotated[str, Path(max_length=LONGEST_NAME)],
    after: Annotated[int, Query(ge=-1, le=2**31)] = -1,
    limit: Limit = 50,
) -> SuiteItems:
    """Problems of a suite, in order."""
    query.get(connection, name)
    rows = query.items(connection, name, after=after, limit=limit + 1)
    return SuiteItems(
        data=[
            SuiteItem(
                position=row.position,
                key=row.key,
                family=row.family,
                verifier=row.verifier,
                prompt=row.prompt,
                expected=row.expected,
            )
            for row in rows[:limit]
        ],
        next_after=rows[limit - 1].position if len(rows) > limit else None,
    )
