"""The demo for three seeds: accuracy before and after, seconds, peak memory.

Memory is the largest resident set of any process the demo started, as the kernel
counted it when the process ended.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from typing import Any

from measuring import record

SEEDS = (0, 1, 2)


def run(seed: int) -> dict[str, Any]:
    """One demo in a fresh data folder."""
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "TUNIX_RT_HOME": home, "DATABASE_URL": ""}
        command = [sys.executable, "-m", "tunix_rt", "demo", "--no-serve", "--json"]
        script = (
            "import json, resource, subprocess, sys\n"
            "done = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE, check=True)\n"
            "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
            "print(done.stdout.decode().strip())\n"
            "print(json.dumps({'peak_mb': used.ru_maxrss / 1024,"
            " 'cpu': used.ru_utime + used.ru_stime}))"
        )
        began = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-c", script, *command, "--seed", str(seed)],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        wall = time.perf_counter() - began
    said, used = map(json.loads, done.stdout.strip().splitlines()[-2:])
    return {
        "seed": seed,
        "before": said["before"],
        "after": said["after"],
        "ci95": said["ci95"],
        "n_items": said["n_items"],
        "families": said["families"],
        "traces": said["traces"],
        "train_seconds": said["train_seconds"],
        "total_seconds": said["total_seconds"],
        "wall_seconds_with_start": round(wall, 1),
        "cpu_seconds": round(used["cpu"], 1),
        "peak_mb": round(used["peak_mb"]),
        "load_1m": os.getloadavg()[0],
    }


def main() -> None:
    """Every seed, one after another."""
    found = [run(seed) for seed in SEEDS]
    families = [share for one in found for share in one["families"].values()]
    record(
        "demo",
        {
            "before_max": max(one["before"] for one in found),
            "after_min": min(one["after"] for one in found),
            "family_min": min(families),
            "train_seconds_max": max(one["train_seconds"] for one in found),
            "total_seconds_max": max(one["total_seconds"] for one in found),
            "peak_mb": max(one["peak_mb"] for one in found),
            "seeds": found,
        },
    )


if __name__ == "__main__":
    main()
