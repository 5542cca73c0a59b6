"""The newest traces that PostgreSQL's full-text index finds.

Left to itself the planner takes every word that is not among the commonest for one in half a
per cent of the traces, and so reads all of them, newest first, for a word that stands in one.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, cast, column, select, table, true
from sqlalchemy.dialects.postgresql import TSQUERY

from tunix_rt.store import Connection
from tunix_rt.store.columns import Id
from tunix_rt.traces.schema_search import Asked
from tunix_rt.traces.table import trace

NEAR = 4_000
"""Newest traces that are looked through without the index: a common word fills a page there."""

vectors = table("trace_words", column("id", Id), column("words"))


def newest(
    connection: Connection,
    search: Asked,
    conditions: Sequence[ColumnElement[bool]],
    before: str | None,
    limit: int,
    offset: int,
) -> Sequence[Row[Any]]:
    """Up to `limit` + 1 rows older than the id `before`, newest first."""
    holds = vectors.c.words.op("@@")(cast(search.tsquery, TSQUERY))
    ids = select(vectors.c.id)
    if before is not None:
        ids = ids.where(vectors.c.id < before)
    edge = connection.scalar(ids.order_by(vectors.c.id.desc()).offset(NEAR).limit(1))
    if edge is not None:
        near = ids.where(vectors.c.id > edge, holds)
        found = connection.execute(_page(near, conditions, limit, offset)).all()
        if len(found) > limit:
            return found
    return connection.execute(_page(ids.where(holds), conditions, limit, offset)).all()


def _page(
    ids: Select[Any], conditions: Sequence[ColumnElement[bool]], limit: int, offset: int
) -> Select[Any]:
    """All ids first, then row after row of the newest of them until the page is full."""
    hits = ids.cte("hits").prefix_with("MATERIALIZED")
    ordered = select(hits.c.id).order_by(hits.c.id.desc()).offset(0).subquery("ordered")
    row = select(trace).where(trace.c.id == ordered.c.id, *conditions).offset(0).lateral("row")
    rows = select(row).select_from(ordered.join(row, true())).order_by(ordered.c.id.desc())
    return rows.limit(limit + 1).offset(offset)
