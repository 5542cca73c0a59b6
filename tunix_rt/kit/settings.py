"""The machine's settings, from the environment. Read once, by the doors only.

A bad value stops the start with its name and the reason. What a run needs is
its config, not a setting; what is true for everybody is a constant.
"""

import os
import re
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from platformdirs import user_data_path
from pydantic import AfterValidator, AliasChoices, BeforeValidator, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from tunix_rt.kit.errors import BadInput


def _at_home(path: Path) -> Path:
    """A path with `~` written out, absolute."""
    try:
        return path.expanduser().absolute()
    except RuntimeError:
        raise ValueError("nobody has this home folder") from None


def _all_at_home(paths: str) -> str:
    return os.pathsep.join(str(_at_home(Path(path))) for path in paths.split(os.pathsep) if path)


def web_address(address: str) -> str:
    """An http or https address without a path of its own to follow."""
    try:
        parts = urlsplit(address)
        port_is_one = parts.port is None or parts.port > 0
    except ValueError:
        raise ValueError("is no address") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or not port_is_one:
        raise ValueError("an http:// or https:// address is needed")
    if parts.query or parts.fragment or not address.isprintable() or " " in address:
        raise ValueError("the address may hold a host, a port and a path, nothing else")
    return address.rstrip("/")


class Settings(BaseSettings):
    """Every setting of this machine; the alias is the environment variable."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="ignore",
        populate_by_name=True,
        case_sensitive=True,  # else the field `home` is filled from HOME, `port` from PORT
        env_prefix="TUNIX_RT_",
    )

    home: Annotated[
        Path,
        Field(validation_alias=AliasChoices("TUNIX_RT_HOME")),
        AfterValidator(_at_home),
    ] = Field(default_factory=lambda: user_data_path("tunix-rt", appauthor=False))
    """Data folder: database, blobs, the folders of runs."""

    database: Annotated[str, Field(validation_alias=AliasChoices("DATABASE_URL"))] = ""
    """SQLAlchemy URL; empty means a SQLite file in the data folder."""

    pool_size: Annotated[int, Field(ge=1, le=50, validation_alias=AliasChoices("DB_POOL_SIZE"))] = 5
    """Database connections that are kept open."""

    max_overflow: Annotated[
        int,
        Field(ge=0, le=50, validation_alias=AliasChoices("DB_MAX_OVERFLOW")),
    ] = 10
    """Database connections that may be opened beside those, while all are in use."""

    pool_timeout: Annotated[
        int,
        Field(ge=1, le=300, validation_alias=AliasChoices("DB_POOL_TIMEOUT")),
    ] = 30
    """Seconds a request waits for a database connection."""

    port: Annotated[int, Field(ge=0, le=65535, validation_alias=AliasChoices("BACKEND_PORT"))] = (
        8000
    )
    """Port of the server; 0 takes a free one."""

    url: Annotated[
        str,
        Field(max_length=2048, validation_alias=AliasChoices("TUNIX_RT_URL")),
        AfterValidator(lambda given: given and web_address(given)),
    ] = ""
    """A server that commands talk to, instead of opening the data folder of this machine."""

    trace_max_bytes: Annotated[
        int,
        Field(
            ge=1024,
            le=10_485_760,
            validation_alias=AliasChoices("TRACE_MAX_BYTES"),
        ),
    ] = 1_048_576
    """Largest request body of the trace routes, in bytes; others take this, and at least 1 MiB."""

    output_max_bytes: Annotated[
        int,
        Field(
            ge=256,
            le=10_485_760,
            validation_alias=AliasChoices("TUNIX_OUTPUT_MAX_BYTES"),
        ),
    ] = 10_240
    """How much of a run's output the run's own record shows, in bytes."""

    allowed_roots: Annotated[
        str,
        Field(validation_alias=AliasChoices("TUNIX_RT_ALLOWED_ROOTS")),
        AfterValidator(_all_at_home),
    ] = ""
    """Folders, separated like PATH, that a client may name; empty means the data folder."""

    registry: Annotated[
        Path | None,
        Field(validation_alias=AliasChoices("MODEL_REGISTRY_PATH")),
        BeforeValidator(lambda given: given or None),
        AfterValidator(lambda path: path and _at_home(path)),
    ] = None
    """Folder of the registered models; `models` in the data folder if it is not set."""

    rediai_mode: Annotated[
        Literal["mock", "real"],
        Field(validation_alias=AliasChoices("REDIAI_MODE")),
    ] = "mock"
    """`real` asks the RediAI server; `mock` asks nobody, and no text is generated."""

    rediai_url: Annotated[
        str,
        Field(max_length=2048, validation_alias=AliasChoices("REDIAI_BASE_URL")),
        AfterValidator(web_address),
    ] = "http://localhost:8080"
    """Where the RediAI server is, http or https."""

    rediai_health_path: Annotated[
        str,
        Field(
            max_length=512,
            pattern=r"^/[!-~]*$",
            validation_alias=AliasChoices("REDIAI_HEALTH_PATH"),
        ),
    ] = "/health"
    """Path that the RediAI server answers with 2xx while it is healthy."""

    rediai_health_seconds: Annotated[
        int,
        Field(
            ge=0,
            le=300,
            validation_alias=AliasChoices("REDIAI_HEALTH_CACHE_TTL_SECONDS"),
        ),
    ] = 30
    """Seconds for which an answer about RediAI's health is used again."""

    run_seconds: Annotated[
        int,
        Field(
            ge=0,
            le=31_536_000,
            validation_alias=AliasChoices("TUNIX_RT_RUN_SECONDS"),
        ),
    ] = 0
    """Longest time one attempt of a run may take; it then ends as `timeout`. 0 sets no limit."""

    grace_seconds: Annotated[
        int,
        Field(
            ge=1,
            le=86_400,
            validation_alias=AliasChoices("TUNIX_RT_GRACE_SECONDS"),
        ),
    ] = 60
    """Seconds that a run has to keep where it is once it shall stop; then its process is killed."""

    wait_seconds: Annotated[
        int,
        Field(
            ge=0,
            le=86_400,
            validation_alias=AliasChoices("TUNIX_RT_WAIT_SECONDS"),
        ),
    ] = 600
    """Seconds after which a call that waits for a run answers; the run goes on behind it."""

    gguf_converter: Annotated[
        str,
        Field(max_length=4096, validation_alias=AliasChoices("TUNIX_RT_GGUF_CONVERTER")),
    ] = ""
    """llama.cpp's convert_hf_to_gguf.py; empty looks for it on the PATH."""

    mlflow_tracker: Annotated[
        str,
        Field(max_length=2048, validation_alias=AliasChoices("MLFLOW_TRACKING_URI")),
    ] = ""
    """Where MLflow is, for runs exported from the web and over HTTP; empty refuses them."""

    @cached_property
    def models(self) -> Path:
        """The folder of the registered models."""
        return self.registry or self.home / "models"

    @cached_property
    def database_url(self) -> str:
        """The URL of the database, with the driver this project uses."""
        if not self.database:
            return f"sqlite:///{self.home / 'tunix-rt.db'}"
        return re.sub(r"^postgres(ql)?(\+\w+)?://", "postgresql+psycopg://", self.database)


def read_settings(**given: object) -> Settings:
    """Settings from the environment; what is `given` wins over it."""
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else "settings"
        reason = first["msg"].removeprefix("Value error, ").lower()
        raise BadInput(
            f"The setting {name} is not valid: {reason} (got {first['input']!r}).",
            hint="docs/reference/settings.md lists every setting.",
        ) from None
