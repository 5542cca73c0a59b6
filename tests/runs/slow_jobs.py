"""A run's process with jobs made for tests: count to a number, fail, die, print for ever."""

import os
import signal
import sys
import time

from pydantic import BaseModel

from tunix_rt.kit.errors import BadInput
from tunix_rt.kit.settings import read_settings
from tunix_rt.runs import child
from tunix_rt.runs.schema import Job, Run
from tunix_rt.store import open_store


class Config(BaseModel):
    """How far to count, and what happens on the way."""

    to: int = 3
    seconds: float = 0.0
    then: str = ""
    dry_run: bool = False


def count(run: Run, config: Config) -> None:
    """Count, remembering in a file how far it came, so that a second attempt goes on."""
    memory = run.folder / "count"
    begin = int(memory.read_text()) if memory.exists() else 0
    run.log(f"from {begin}")
    if config.then == "die always":
        os.kill(os.getpid(), signal.SIGKILL)
    if config.then == "read a config":
        Config.model_validate({"to": "many"})
    for number in range(begin + 1, config.to + 1):
        time.sleep(config.seconds)
        memory.write_text(str(number))
        run.metric(number, {"loss": 1.0 / number})
        run.progress(number, config.to, f"{number} counted")
        if config.then == "die once" and run.attempt == 1 and number == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        if config.then == "die further on" and number == begin + 1 < config.to:
            os.kill(os.getpid(), signal.SIGKILL)
    if config.then.startswith("talk"):
        for number in range(1000):
            run.log(f"line {number}")
    if config.then.endswith("fail"):
        raise BadInput("The counting is not what was wanted.", hint="Count again.")
    if config.then == "bug":
        raise ValueError("a bug")
    run.result({"counted": config.to, "attempt": run.attempt})


if __name__ == "__main__":
    jobs = {"count": Job("count", Config, count)}
    sys.exit(child.do(open_store(read_settings()), jobs.get, sys.argv[1], int(sys.argv[2])))
