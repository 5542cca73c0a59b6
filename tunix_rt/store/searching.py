"""SQLite's full-text index: a file beside the database, so that filling it holds up no writer.

It holds nothing that cannot be made anew: whoever finds it missing makes it, empty.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import URL

from tunix_rt.kit.errors import Broken

TABLES = (
    "CREATE TABLE doc (rowid INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE)",
    "CREATE VIRTUAL TABLE words USING fts5(said, content='', "
    "tokenize=\"unicode61 remove_diacritics 0 tokenchars '_'\")",
)
"""`doc` names the trace of each row of `words`; `words` keeps no text, only where it stands."""

VERSION = 3
"""Of what the words of a trace are; an index of another version is made anew."""

BUSY_SECONDS = 30


def search_file(database: URL) -> Path | None:
    """Where the index of a SQLite database lies; None for PostgreSQL, which has its own."""
    if not database.drivername.startswith("sqlite"):
        return None
    assert database.database is not None
    path = Path(database.database)
    return path.with_name(f"{path.stem}-search.db")


def attach(connection: sqlite3.Connection, file: Path) -> None:
    """Let a connection read the index as `search`; read-only, or its writes would lock it too."""
    if not file.exists():
        with index_writer(file):
            pass
    connection.execute("ATTACH ? AS search", (f"file:{quote(str(file))}?mode=ro",))


@contextmanager
def index_writer(file: Path, *, anew: bool = False) -> Iterator[sqlite3.Connection]:
    """The index, to be written in one transaction; made if it is missing, emptied if `anew`."""
    connection = sqlite3.connect(file, timeout=BUSY_SECONDS, isolation_level=None)
    try:
        for pragma in ("page_size=16384", "journal_mode=WAL", "synchronous=NORMAL"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("PRAGMA cache_size=-32768")
        connection.execute("BEGIN IMMEDIATE")
        if anew or connection.execute("PRAGMA user_version").fetchone()[0] != VERSION:
            for name in ("words", "doc"):
                connection.execute(f"DROP TABLE IF EXISTS {name}")
            for table in (*TABLES, f"PRAGMA user_version={VERSION}"):
                connection.execute(table)
        yield connection
        connection.execute("COMMIT")
    except sqlite3.DatabaseError as error:
        raise Broken(
            f"The search index {file} cannot be written: {error}.",
            hint="Free space on its disk; if it is damaged, delete it while nothing uses it.",
        ) from error
    finally:
        connection.close()
