"""Write the next revision: python -m tunix_rt.store.migrations.write WHY."""

import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from tunix_rt.store.migrating import FOLDER, migrate, revisions


def write(why: str) -> Path:
    """Compare the tables with an up-to-date database and write what is missing."""
    number = f"{len(revisions()) + 1:04d}"
    with tempfile.TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite:///{folder}/new.db")
        if revisions():
            migrate(engine)
        with engine.begin() as connection:
            config = Config()
            config.set_main_option("script_location", str(FOLDER))
            config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
            config.attributes["connection"] = connection
            command.revision(config, why, autogenerate=True, rev_id=number)
    return next((FOLDER / "versions").glob(f"{number}_*.py"))


if __name__ == "__main__":
    print(write(" ".join(sys.argv[1:])))  # noqa: T201
