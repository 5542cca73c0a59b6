"""The process a worker gives to a run: python -m tunix_rt.cli.child RUN ATTEMPT."""

import sys

from tunix_rt.floorplan import doors
from tunix_rt.kit.settings import Settings, read_settings
from tunix_rt.runs import child
from tunix_rt.store import open_store


def command(run_id: str, attempt: int) -> list[str]:
    """The argument list that starts this module for one run."""
    return [sys.executable, "-m", "tunix_rt.cli.child", run_id, str(attempt)]


def environment(settings: Settings, inherited: dict[str, str]) -> dict[str, str]:
    """The environment of that process: this one's, with the store named outright."""
    return {
        **inherited,
        "TUNIX_RT_HOME": str(settings.home.expanduser().absolute()),
        "DATABASE_URL": settings.database_url,
        "PYTHONUNBUFFERED": "1",
    }


def main(run_id: str, attempt: str) -> int:
    """Do one run."""
    jobs = {job.kind: job for offered in doors("jobs", "jobs") for job in offered}
    return child.do(open_store(read_settings()), jobs, run_id, int(attempt))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
