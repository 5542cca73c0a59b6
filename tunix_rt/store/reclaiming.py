"""Give the room of what was deleted back to the disk."""

from typing import Any

from sqlalchemy import text

from tunix_rt.store.engine import Store, alike, explained


def reclaim(store: Store) -> int:
    """Bytes the database has become smaller by; others may go on reading and writing."""
    with explained(store.place), store.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            return _reclaim_postgres(connection.execution_options(isolation_level="AUTOCOMMIT"))
        cursor: Any = connection.connection.cursor()
        with alike(connection):
            before = _pages(cursor)
            incremental = cursor.execute("PRAGMA auto_vacuum").fetchone()[0] == 2
            cursor.execute("PRAGMA incremental_vacuum" if incremental else "VACUUM").fetchall()
            cursor.execute("PRAGMA main.wal_checkpoint(TRUNCATE)").fetchall()
            return max(0, before - _pages(cursor))


def _pages(cursor: Any) -> int:
    count = cursor.execute("PRAGMA page_count").fetchone()[0]
    size = cursor.execute("PRAGMA page_size").fetchone()[0]
    return int(count * size)


def _reclaim_postgres(connection: Any) -> int:
    size = text("SELECT pg_total_relation_size('trace') + pg_total_relation_size('trace_body')")
    before = connection.scalar(size)
    for table in ("trace", "trace_body", "trace_words", "annotation", "verdict"):
        connection.execute(text(f"VACUUM {table}"))
    return max(0, int(before - connection.scalar(size)))
