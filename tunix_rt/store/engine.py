"""The database connection, and the one place that commits.

SQLite: WAL, 16 KiB pages, `synchronous=FULL`, and a writer announces itself with
`BEGIN IMMEDIATE`, so that two writers queue up instead of failing half-way.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, MetaData, Table, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from tunix_rt.kit.errors import BadInput, Broken, MissingExtra, TunixError
from tunix_rt.kit.settings import Settings
from tunix_rt.store.blobs import Blobs
from tunix_rt.store.migrating import migrate
from tunix_rt.store.searching import BUSY_SECONDS, attach, search_file

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""Every table of the house; slices add theirs in `table.py`."""


INCREMENTAL = 2
"""How SQLite calls the `auto_vacuum` that gives room back when it is asked to."""


class Store:
    """The database and the blob folder of one installation."""

    def __init__(self, engine: Engine, home: Path, models: Path | None = None) -> None:
        self.engine = engine
        self.home = home
        self.models = models or home / "models"
        self.place = _place(engine.url)
        self.blobs = Blobs(home / "blobs")
        self.search_file = search_file(engine.url)
        self.on_write: Callable[[float], None] = lambda seconds: None
        """Hears how long each write transaction took, its waiting included."""

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent view of the data: what others commit meanwhile is not seen."""
        with explained(self.place), self.engine.connect() as connection:
            if connection.dialect.name == "postgresql":  # SQLite's WAL is one view anyway
                connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction: committed at the end of the block, or wholly rolled back."""
        began = time.perf_counter()
        try:
            with explained(self.place), self.engine.connect() as connection:
                connection.execution_options(writes=True)
                with connection.begin():
                    yield connection
        finally:
            self.on_write(time.perf_counter() - began)

    def close(self) -> None:
        """Give every connection back."""
        self.engine.dispose()


CACHE_MB = 64
"""Of SQLite, for each connection."""


def open_store(settings: Settings, *, cache_mb: int = CACHE_MB) -> Store:
    """Connect, bring the database to this version, and return the store."""
    home = settings.home.absolute()
    try:
        home.mkdir(parents=True, exist_ok=True)
        (home / "blobs").mkdir(exist_ok=True)
    except OSError as error:
        raise Broken(
            f"The data folder {home} cannot be used: {error.strerror}.",
            hint="Set TUNIX_RT_HOME to a folder you can write to.",
        ) from None
    engine = _connect(settings, cache_mb)
    try:
        with explained(_place(engine.url)):
            migrate(engine)
    except BaseException:
        engine.dispose()
        raise
    return Store(engine, home, settings.models.absolute())


def upsert(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that can say what to do `on_conflict`, in the words of this database."""
    native = connection.dialect.name == "postgresql"
    return postgresql.insert(table) if native else sqlite.insert(table)


@contextmanager
def explained(place: str) -> Iterator[None]:
    """Turn what a database driver says into one sentence and a way out."""
    try:
        yield
    except DBAPIError as error:
        if found := _explain(error, place):
            raise found from error
        raise
    except PoolTimeoutError as error:
        raise Broken(
            "Every database connection is in use.", hint="Raise DB_POOL_SIZE, or try again."
        ) from error


@contextmanager
def alike(connection: Connection) -> Iterator[None]:
    """What a driver that is spoken to directly raises, as SQLAlchemy raises it."""
    driver: Any = connection.dialect.loaded_dbapi
    try:
        yield
    except driver.Error as error:
        raise DBAPIError.instance(
            None, None, error, driver.Error, dialect=connection.dialect
        ) from error


LOST = ("refused", "failed", "closed", "terminating", "lost", "timeout expired", "shut")
"""What a driver says of a connection that is gone, or that never was."""


def _explain(error: DBAPIError, place: str) -> TunixError | None:
    said = str(error.orig).lower()
    if isinstance(error, DataError):
        reason = str(error.orig).partition("\n")[0]
        return BadInput(f"The database cannot hold a value of this request: {reason}.")
    if "disk is full" in said or "no space left" in said:
        return Broken(
            "The disk that holds the database is full; nothing of this batch was stored.",
            hint=f"Free space for {place} and repeat: what is stored already is kept.",
        )
    if "database is locked" in said:
        return Broken("Another process holds the database for too long.", hint="Try again.")
    if "readonly database" in said or "unable to open database" in said:
        hint = "Check that its folder exists, and the owner of both."
        return Broken(f"The database {place} cannot be opened for writing.", hint=hint)
    if "file is not a database" in said or "malformed" in said:
        return Broken(
            f"The file {place} is damaged or is not a database.",
            hint="Restore a backup, or set TUNIX_RT_HOME to another folder.",
        )
    if "permission denied" in said or "no schema has been selected" in said:
        reason = str(error.orig).partition("\n")[0]
        hint = "Its user must be allowed to make tables and to write to them."
        return Broken(f"The database refuses: {reason}.", hint=hint)
    unknown = "resolve host" in said or "translate host" in said
    if unknown or ("connection" in said and any(word in said for word in LOST)):
        return Broken(f"The database does not answer: {error.orig}", hint="Check DATABASE_URL.")
    return None


def _connect(settings: Settings, cache_mb: int) -> Engine:
    url = _address(settings.database_url)
    if url.drivername.startswith("sqlite"):
        return _sqlite(url, settings, cache_mb)
    try:
        return create_engine(
            url,
            pool_size=settings.pool_size,
            max_overflow=settings.max_overflow,
            pool_timeout=settings.pool_timeout,
            pool_pre_ping=True,
        )
    except ImportError:
        raise MissingExtra(
            "The PostgreSQL driver is not installed.", hint="pip install 'tunix-rt[postgres]'"
        ) from None


def _address(given: str) -> URL:
    """The URL of a database we know; it may hold a password, so that it is never shown."""
    hint = "Use postgresql://user:password@host/name, or leave it out for SQLite."
    try:
        url = make_url(given)
    except (ArgumentError, ValueError):
        raise BadInput("DATABASE_URL is not a database address.", hint=hint) from None
    if url.drivername not in ("sqlite", "sqlite+pysqlite", "postgresql+psycopg"):
        raise BadInput(
            f"DATABASE_URL names a {url.get_backend_name()} database; "
            "only PostgreSQL and SQLite are known.",
            hint=hint,
        )
    in_memory = not url.database or ":memory:" in url.database or url.query.get("mode") == "memory"
    if url.drivername.startswith("sqlite") and in_memory:
        raise BadInput(
            "DATABASE_URL names a SQLite database in memory, which forgets everything.",
            hint="Name a file, sqlite:////folder/file.db, or leave DATABASE_URL out.",
        )
    return url


def _place(url: URL) -> str:
    """Where a database is, for a sentence: a file, or an address without its password."""
    return str(url.database) if url.drivername.startswith("sqlite") else str(url)


def _sqlite(url: URL, settings: Settings, cache_mb: int) -> Engine:
    beside = search_file(url)
    assert beside is not None
    engine = create_engine(
        url,
        connect_args={"check_same_thread": False, "timeout": BUSY_SECONDS, "uri": True},
        pool_size=settings.pool_size,
        max_overflow=settings.max_overflow,
        pool_timeout=settings.pool_timeout,
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None  # transactions begin where we say so, below
        connection.execute("PRAGMA page_size=16384")  # both before the first page is written
        if connection.execute("PRAGMA auto_vacuum").fetchone()[0] != INCREMENTAL:
            connection.execute(f"PRAGMA auto_vacuum={INCREMENTAL}")  # this takes the write lock
        _enter_wal(connection)
        attach(connection, beside)
        for pragma in (
            "synchronous=FULL",
            "foreign_keys=ON",
            f"cache_size=-{cache_mb * 1024}",
            "journal_size_limit=67108864",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _enter_wal(connection: sqlite3.Connection) -> None:
    """Switch to WAL; against another process that does the same, SQLite fails or keeps its mode."""
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            if connection.execute("PRAGMA journal_mode=WAL").fetchone()[0] == "wal":
                return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
        if time.monotonic() > until:
            raise sqlite3.OperationalError("database is locked")
        time.sleep(0.02)
