"""The full-text index: SQLite's FTS5 in a file of its own, PostgreSQL's tsvector.

It is filled behind the write and can be made anew from the traces. Filling it twice does no
harm, so a crash between the index and the list of what waits costs nothing.
"""

import sqlite3
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, ColumnElement, bindparam, delete, func, insert, select, text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from tunix_rt.kit.ids import new_id
from tunix_rt.store import Connection, Store
from tunix_rt.store.searching import VERSION, index_writer
from tunix_rt.traces.schema_search import Asked, vector
from tunix_rt.traces.table import search_batch, trace

INDEX_LOCK = 7_411_003
"""PostgreSQL advisory lock: one process at a time makes or fills the index."""

Document = tuple[str, str]
"""A trace's id, and the text it can be found by."""


class _Found(FunctionElement[bool]):
    """Whether a search finds the trace of an id; written for each database."""

    type = Boolean()
    inherit_cache = True


@compiles(_Found, "sqlite")
def _found_sqlite(element: Any, compiler: Any, **given: Any) -> str:
    id_, fts5, _ = (compiler.process(clause, **given) for clause in element.clauses)
    return (
        f"{id_} IN (SELECT doc.id FROM search.words JOIN search.doc ON doc.rowid = words.rowid "  # noqa: S608
        f"WHERE words MATCH {fts5})"
    )


@compiles(_Found, "postgresql")
def _found_postgres(element: Any, compiler: Any, **given: Any) -> str:
    id_, _, tsquery = (compiler.process(clause, **given) for clause in element.clauses)
    return f"{id_} IN (SELECT id FROM trace_words WHERE words @@ CAST({tsquery} AS tsquery))"  # noqa: S608


def found_by(search: Asked) -> ColumnElement[bool]:
    """The condition that a search finds a trace."""
    return _Found(trace.c.id, bindparam(None, search.fts5), bindparam(None, search.tsquery))


def waiting(connection: Connection) -> int:
    """How many traces are not in the index yet."""
    return connection.scalar(select(func.coalesce(func.sum(search_batch.c.number), 0))) or 0


def await_all(store: Store, *, anew: bool = False) -> None:
    """Put every trace on the list of what waits, if the index is empty or is made `anew`."""
    with store.read() as connection:
        anew = anew or _is_stale(connection)
        if not anew and not (_is_empty(connection) and _is_lost(connection)):
            return
    with store.write() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({INDEX_LOCK})"))
            if anew:
                connection.execute(text("TRUNCATE trace_words"))
        elif anew:
            with _index_file(store, anew=True):
                pass
        connection.execute(delete(search_batch))
        ids = select(trace.c.id)
        first = connection.scalar(ids.order_by(trace.c.id).limit(1))
        last = connection.scalar(ids.order_by(trace.c.id.desc()).limit(1))
        number = connection.scalar(select(func.count()).select_from(trace))
        if first is not None:
            connection.execute(
                insert(search_batch).values(id=new_id(), first=first, last=last, number=number)
            )


def take(connection: Connection, most: int) -> tuple[list[str], list[tuple[str, str]]]:
    """The oldest waiting ranges of about `most` traces: their ids, and (first, last) of each."""
    rows = connection.execute(select(search_batch).order_by(search_batch.c.id).limit(most)).all()
    ids: list[str] = []
    ranges: list[tuple[str, str]] = []
    number = 0
    for row in rows:
        if ids and number + row.number > most:
            break
        ids.append(row.id)
        ranges.append((row.first, row.last))
        number += row.number
    return ids, ranges


def put(store: Store, documents: Sequence[Document]) -> None:
    """Add documents to the index; one that is there already stays as it is.

    Ranges that wait may overlap, so one document may come twice.
    """
    documents = list(dict(documents).items())
    if store.search_file is None:
        with store.write() as connection:
            connection.execute(text(f"SELECT pg_advisory_xact_lock({INDEX_LOCK})"))
            add = "INSERT INTO trace_words SELECT id, CAST(:words AS tsvector) FROM trace"
            here = "WHERE id = CAST(:id AS uuid) FOR KEY SHARE"  # nobody purges it meanwhile
            connection.execute(
                text(f"{add} {here} ON CONFLICT DO NOTHING"),
                [{"id": id_, "words": vector(document)} for id_, document in documents],
            )
        return
    with _index_file(store) as index:
        with store.read() as connection:  # what was purged meanwhile must leave no words behind
            some = select(trace.c.id).where(trace.c.id.in_([id_ for id_, _ in documents]))
            alive = set(connection.scalars(some))
        documents = [one for one in documents if one[0] in alive]
        last = index.execute("SELECT coalesce(max(rowid), 0) FROM doc").fetchone()[0]
        keys = [UUID(id_).bytes for id_, _ in documents]
        marks = ", ".join("?" * len(keys))
        known = index.execute(f"SELECT id FROM doc WHERE id IN ({marks})", keys)  # noqa: S608
        there = {key for (key,) in known}
        new = [
            (last + place, key, said)
            for place, (key, (_, said)) in enumerate(zip(keys, documents, strict=True), 1)
            if key not in there
        ]
        index.executemany("INSERT INTO doc VALUES (?, ?)", [(at, id_) for at, id_, _ in new])
        index.executemany(
            "INSERT INTO words (rowid, said) VALUES (?, ?)", [(at, said) for at, _, said in new]
        )


def drop(store: Store, documents: Sequence[Document]) -> None:
    """Take documents out of SQLite's index; PostgreSQL's rows go with their traces."""
    if store.search_file is None:
        return
    with _index_file(store) as index:
        index.execute("PRAGMA secure_delete=ON")
        for id_, document in documents:
            key = UUID(id_).bytes
            row = index.execute("SELECT rowid FROM doc WHERE id = ?", (key,)).fetchone()
            if row is not None:
                index.execute(
                    "INSERT INTO words (words, rowid, said) VALUES ('delete', ?, ?)",
                    (row[0], document),
                )
                index.execute("DELETE FROM doc WHERE rowid = ?", row)


def await_again(connection: Connection, ids: Sequence[str]) -> set[str]:
    """Put those of some traces that exist on the list of what waits, and say which they are."""
    found = set(connection.scalars(select(trace.c.id).where(trace.c.id.in_(ids))))
    if found:
        rows = [{"id": new_id(), "first": id_, "last": id_, "number": 1} for id_ in sorted(found)]
        connection.execute(insert(search_batch), rows)
    return found


def forget_waiting(connection: Connection, ids: Sequence[str]) -> None:
    """Take ranges off the list, now that the index has them."""
    connection.execute(delete(search_batch).where(search_batch.c.id.in_(ids)))


def _is_stale(connection: Connection) -> bool:
    """Whether SQLite's index was made by another version; a migration empties PostgreSQL's."""
    if connection.dialect.name == "postgresql":
        return False
    return bool(connection.scalar(text("PRAGMA search.user_version")) != VERSION)


def _is_empty(connection: Connection) -> bool:
    kept = "trace_words" if connection.dialect.name == "postgresql" else "search.doc"
    return connection.scalar(text(f"SELECT 1 FROM {kept} LIMIT 1")) is None  # noqa: S608


def _is_lost(connection: Connection) -> bool:
    """Whether traces are older than all that wait: an empty index had them once."""
    ids, firsts = select(trace.c.id).order_by(trace.c.id), select(search_batch.c.first)
    oldest = connection.scalar(ids.limit(1))
    waits = connection.scalar(firsts.order_by(search_batch.c.first).limit(1))
    return oldest is not None and (waits is None or oldest < waits)


def _index_file(store: Store, *, anew: bool = False) -> AbstractContextManager[sqlite3.Connection]:
    assert store.search_file is not None
    return index_writer(store.search_file, anew=anew)
