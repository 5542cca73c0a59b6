"""The database connection, and the one place that commits.

SQLite: WAL, 16 KiB pages, `synchronous=FULL`, and a writer announces itself with
`BEGIN IMMEDIATE`, so that two writers queue up instead of failing half-way.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, create_engine, event
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from tunix_rt.kit.errors import BadInput, Broken, MissingExtra, TunixError
from tunix_rt.kit.settings import Settings
from tunix_rt.store.blobs import Blobs
from tunix_rt.store.migrating import migrate

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""Every table of the house; slices add theirs in `table.py`."""

BUSY_SECONDS = 30
"""How long a SQLite writer waits for the one before it."""


class Store:
    """The database and the blob folder of one installation."""

    def __init__(self, engine: Engine, home: Path) -> None:
        self.engine = engine
        self.home = home
        self.blobs = Blobs(home / "blobs")

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent view of the data; it cannot change anything on SQLite."""
        with explained(self.home), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction: committed at the end of the block, or wholly rolled back."""
        with explained(self.home), self.engine.connect() as connection:
            connection.execution_options(writes=True)
            with connection.begin():
                yield connection

    def close(self) -> None:
        """Give every connection back."""
        self.engine.dispose()


def open_store(settings: Settings) -> Store:
    """Connect, bring the database to this version, and return the store."""
    home = settings.home.expanduser().absolute()
    try:
        home.mkdir(parents=True, exist_ok=True)
        (home / "blobs").mkdir(exist_ok=True)
    except OSError as error:
        raise Broken(
            f"The data folder {home} cannot be used: {error.strerror}.",
            hint="Set TUNIX_RT_HOME to a folder you can write to.",
        ) from None
    engine = _connect(settings)
    try:
        with explained(home):
            migrate(engine)
    except BaseException:
        engine.dispose()
        raise
    return Store(engine, home)


@contextmanager
def explained(home: Path) -> Iterator[None]:
    """Turn what a database driver says into one sentence and a way out."""
    try:
        yield
    except DBAPIError as error:
        if found := _explain(error, home):
            raise found from error
        raise
    except PoolTimeoutError as error:
        raise Broken(
            "Every database connection is in use.", hint="Raise DB_POOL_SIZE, or try again."
        ) from error


def _explain(error: DBAPIError, home: Path) -> TunixError | None:
    said = str(error.orig).lower()
    if "disk is full" in said or "no space left" in said:
        return Broken(
            "The disk that holds the database is full; nothing of this batch was stored.",
            hint=f"Free space under {home} and repeat: what is stored already is kept.",
        )
    if "database is locked" in said:
        return Broken("Another process holds the database for too long.", hint="Try again.")
    if "readonly database" in said or "unable to open database" in said:
        return Broken(f"The database under {home} cannot be written.", hint="Check its owner.")
    if "file is not a database" in said or "malformed" in said:
        return Broken(
            f"The database under {home} is damaged or is not a database.",
            hint="Restore a backup, or set TUNIX_RT_HOME to another folder.",
        )
    if "connection" in said and ("refused" in said or "failed" in said):
        return Broken(f"The database does not answer: {error.orig}", hint="Check DATABASE_URL.")
    return None


def _connect(settings: Settings) -> Engine:
    url = settings.database_url
    try:
        if url.startswith("sqlite"):
            return _sqlite(url, settings)
        return create_engine(
            url,
            pool_size=settings.pool_size,
            max_overflow=settings.max_overflow,
            pool_timeout=settings.pool_timeout,
            pool_pre_ping=True,
        )
    except (ArgumentError, NoSuchModuleError) as error:
        raise BadInput(
            f"DATABASE_URL is not a database address: {error}",
            hint="Use postgresql://user:password@host/name, or leave it out for SQLite.",
        ) from None
    except ImportError:
        raise MissingExtra(
            "The PostgreSQL driver is not installed.", hint="pip install 'tunix-rt[postgres]'"
        ) from None


def _sqlite(url: str, settings: Settings) -> Engine:
    engine = create_engine(
        url,
        connect_args={"check_same_thread": False, "timeout": BUSY_SECONDS},
        pool_size=settings.pool_size,
        max_overflow=settings.max_overflow,
        pool_timeout=settings.pool_timeout,
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None  # transactions begin where we say so, below
        for pragma in (
            "page_size=16384",
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "cache_size=-32768",
            "journal_size_limit=67108864",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
