from pathlib import Path

import pytest

from tunix_rt.kit.errors import BadInput
from tunix_rt.kit.settings import Settings, read_settings


@pytest.mark.parametrize(
    "scheme", ["postgres", "postgresql", "postgresql+asyncpg", "postgresql+psycopg2"]
)
def test_postgresql_is_reached_with_the_driver_this_project_has(scheme: str) -> None:
    settings = Settings(database=f"{scheme}://u:p@h/d")

    assert settings.database_url == "postgresql+psycopg://u:p@h/d"


def test_the_home_of_somebody_nobody_knows_stops_the_start_by_name() -> None:
    with pytest.raises(BadInput, match="home is not valid"):
        read_settings(home=Path("~nosuchuser/x"))
    with pytest.raises(BadInput, match="allowed_roots is not valid"):
        read_settings(allowed_roots="~nosuchuser/x:/srv")


def test_a_home_is_written_out_before_anything_is_kept_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("TUNIX_RT_HOME", "~/data")

    settings = read_settings(database="")

    assert settings.home == tmp_path / "data"
    assert settings.database_url == f"sqlite:///{tmp_path / 'data' / 'tunix-rt.db'}"
