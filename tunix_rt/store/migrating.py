"""Bring a database to this version; refuse one from a newer version untouched.

The revisions are numbered files, so that an up-to-date database is recognised
by one SELECT and Alembic is not even imported.
"""

from functools import cache
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from tunix_rt.kit.errors import Broken

FOLDER = Path(__file__).parent / "migrations"
LOCK = 7_411_001
"""Any number: the PostgreSQL advisory lock two migrating processes meet at."""


@cache
def revisions() -> tuple[str, ...]:
    """Every revision this version knows, oldest first."""
    return tuple(sorted(path.name[:4] for path in (FOLDER / "versions").glob("[0-9]*.py")))


def migrate(engine: Engine) -> None:
    """Upgrade to the newest revision; nothing happens when it is there already."""
    with engine.begin() as connection:
        if _revision(connection) == revisions()[-1]:
            return
    with engine.connect() as connection:
        connection.execution_options(writes=True)
        with connection.begin():
            if engine.dialect.name == "postgresql":
                connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))
            if _revision(connection) != revisions()[-1]:
                _upgrade(connection)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if found is not None and found not in revisions():
        raise Broken(
            f"This database was written by a newer Tunix RT (revision {found}).",
            hint="Upgrade tunix-rt, or set TUNIX_RT_HOME to another folder.",
        )
    return None if found is None else str(found)


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
