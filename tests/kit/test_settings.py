from pathlib import Path

import pytest
from platformdirs import user_data_path

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


def test_a_variable_of_the_shell_is_no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    """HOME is set in every shell, PORT and DATABASE in many: none of them is ours."""
    monkeypatch.delenv("TUNIX_RT_HOME", raising=False)
    for name, value in {"HOME": "/nowhere", "PORT": "x", "DATABASE": "x", "home": "/x"}.items():
        monkeypatch.setenv(name, value)

    settings = read_settings()

    assert settings.home == user_data_path("tunix-rt", appauthor=False)
    assert (settings.port, settings.database) == (8000, "")


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("BACKEND_PORT", "65536", "less than or equal to 65535"),
        ("BACKEND_PORT", "web", "valid integer"),
        ("DB_POOL_SIZE", "0", "greater than or equal to 1"),
        ("DB_POOL_SIZE", "51", "less than or equal to 50"),
        ("DB_MAX_OVERFLOW", "51", "less than or equal to 50"),
        ("DB_POOL_TIMEOUT", "301", "less than or equal to 300"),
        ("TRACE_MAX_BYTES", "1023", "greater than or equal to 1024"),
        ("TRACE_MAX_BYTES", "10485761", "less than or equal to 10485760"),
        ("TUNIX_OUTPUT_MAX_BYTES", "1", "greater than or equal to 256"),
        ("MODEL_REGISTRY_PATH", "~nosuchuser/models", "nobody has this home folder"),
        ("TUNIX_RT_ALLOWED_ROOTS", "~nosuchuser/x", "nobody has this home folder"),
        ("TUNIX_RT_RUN_SECONDS", "-1", "greater than or equal to 0"),
        ("TUNIX_RT_GRACE_SECONDS", "0", "greater than or equal to 1"),
        ("REDIAI_MODE", "pretend", "'mock' or 'real'"),
        ("REDIAI_BASE_URL", "ftp://host", "http:// or https://"),
        ("REDIAI_BASE_URL", "http://", "http:// or https://"),
        ("REDIAI_BASE_URL", "http://h:99999", "is no address"),
        ("REDIAI_BASE_URL", "http://h/?q=1", "a host, a port and a path"),
        ("REDIAI_HEALTH_PATH", "health", "string should match pattern"),
        ("REDIAI_HEALTH_CACHE_TTL_SECONDS", "301", "less than or equal to 300"),
    ],
)
def test_a_bad_value_stops_the_start_with_its_name_and_the_reason(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, reason: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(BadInput, match=f"The setting {name} is not valid: .*{reason}"):
        read_settings()


def test_registered_models_lie_in_the_data_folder_or_where_they_are_wanted(tmp_path: Path) -> None:
    assert Settings(home=tmp_path).models == tmp_path / "models"
    assert Settings(home=tmp_path, registry=tmp_path / "m").models == tmp_path / "m"
    assert read_settings(home=tmp_path, registry="").models == tmp_path / "models"
