"""How a run's own process is started: by name, so that this slice needs no door."""

import sys

from tunix_rt.kit.settings import Settings


def command(run_id: str, attempt: int) -> list[str]:
    """The argument list of the process that does one run."""
    return [sys.executable, "-m", "tunix_rt.cli.child", run_id, str(attempt)]


def environment(settings: Settings, inherited: dict[str, str]) -> dict[str, str]:
    """The environment of that process: this one's, with the store named outright."""
    return {
        "XLA_PYTHON_CLIENT_PREALLOCATE": "false",  # of every GPU JAX would take three quarters
        **inherited,
        "TUNIX_RT_HOME": str(settings.home.absolute()),
        "DATABASE_URL": settings.database_url,
        "MODEL_REGISTRY_PATH": str(settings.models.absolute()),
        "MLFLOW_TRACKING_URI": settings.mlflow_tracker,
        "TUNIX_RT_GRACE_SECONDS": str(settings.grace_seconds),
        "PYTHONUNBUFFERED": "1",
    }
