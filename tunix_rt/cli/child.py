"""The process a worker gives to a run: python -m tunix_rt.cli.child RUN ATTEMPT."""

import sys

from tunix_rt.floorplan import doors
from tunix_rt.kit.settings import read_settings
from tunix_rt.runs import child
from tunix_rt.store import open_store


def main(run_id: str, attempt: str) -> int:
    """Do one run."""
    jobs = {job.kind: job for offered in doors("jobs", "jobs") for job in offered}
    return child.do(open_store(read_settings()), jobs, run_id, int(attempt))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
