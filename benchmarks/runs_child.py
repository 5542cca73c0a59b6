"""A run of `runs.py`, in its own process: prints the time now and then.

It imports no more than `tunix_rt.cli.child` does before it knows which kind of run it has.
"""

import sys
import time

from pydantic import BaseModel

from tunix_rt.kit.settings import read_settings
from tunix_rt.runs import child
from tunix_rt.runs.schema import Job, Run
from tunix_rt.store import open_store

EVERY = 0.037


class Config(BaseModel):
    """How many lines to print."""

    lines: int = 0


def talk(run: Run, config: Config) -> None:
    """Print the time again and again."""
    for _ in range(config.lines):
        run.log(repr(time.time()))
        time.sleep(EVERY)


if __name__ == "__main__":
    run_id, attempt = sys.argv[1:]
    jobs = {"talk": Job("talk", Config, talk)}
    sys.exit(child.do(open_store(read_settings()), jobs.get, run_id, int(attempt)))
