"""Rollouts as they are shown."""

from tunix_rt.runs import query_read
from tunix_rt.store import Connection
from tunix_rt.train import query
from tunix_rt.train.schema_rollouts import RolloutPage, RolloutRow


def rollouts(
    connection: Connection,
    run_id: str,
    *,
    limit: int,
    offset: int = 0,
    round: int | None = None,
    slot: int | None = None,
) -> RolloutPage:
    """Some rollouts of a run, the newest round first; `NotFound` where there is no such run."""
    query_read.get(connection, run_id)
    rows = query.page(connection, run_id, limit=limit + 1, offset=offset, round=round, slot=slot)
    return RolloutPage(
        data=[RolloutRow.model_validate(row, from_attributes=True) for row in rows[:limit]],
        total=query.count(connection, run_id),
        pagination=RolloutPage.Pagination(
            limit=limit, offset=offset, next_offset=offset + limit if len(rows) > limit else None
        ),
    )
