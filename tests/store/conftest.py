"""The store's own tests open an installation that nobody opened before them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import BOTH, needs_postgres, own_database
from tunix_rt.kit.settings import Settings


@pytest.fixture(params=BOTH)
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """Settings of a fresh installation, on SQLite and on PostgreSQL."""
    home = tmp_path / "home"
    if request.param == "sqlite":
        yield Settings(home=home, database="")
        return
    needs_postgres()
    with own_database() as url:
        yield Settings(home=home, database=url)
