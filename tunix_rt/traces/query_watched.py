"""How far the files that are watched were read."""

from sqlalchemy import select

from tunix_rt.store import Connection, upsert
from tunix_rt.traces.schema_watched import Watched
from tunix_rt.traces.table import watched_file


def get(connection: Connection, path: str) -> Watched | None:
    """What is known of a file."""
    row = connection.execute(select(watched_file).where(watched_file.c.path == path)).first()
    if row is None:
        return None
    return Watched(row.path, row.format, row.position, row.number, row.mark, row.stamp)


def keep(connection: Connection, watched: Watched) -> None:
    """Note how far a file was read, in place of what was known of it."""
    new = upsert(connection, watched_file).values(watched._asdict())
    changed = {name: new.excluded[name] for name in Watched._fields if name != "path"}
    connection.execute(new.on_conflict_do_update(index_elements=["path"], set_=changed))
