"""How soon the program answers: --help, a healthy server, and its idle memory."""

import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from statistics import median

from measuring import record

PROGRAM = [sys.executable, "-m", "tunix_rt"]


def help_ms(environment: dict[str, str]) -> list[float]:
    """Wall milliseconds of `tunix-rt --help`, ten times."""
    found = []
    program = str(Path(sys.executable).with_name("tunix-rt"))
    for _ in range(10):
        began = time.perf_counter()
        subprocess.run([program, "--help"], env=environment, check=True, stdout=subprocess.DEVNULL)
        found.append(1000 * (time.perf_counter() - began))
    return found


def server(environment: dict[str, str]) -> tuple[float, float, float]:
    """Seconds to a healthy answer, and MB (RSS, PSS) after five idle seconds."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [*PROGRAM, "serve", "--no-open", "--port", "0"],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    address = process.stdout.readline().split()[-1]
    while True:
        try:
            with urllib.request.urlopen(f"{address}/api/health") as answer:
                assert answer.status == 200
                break
        except urllib.error.URLError:
            time.sleep(0.01)
    healthy = time.perf_counter() - began
    time.sleep(5)
    rollup = Path(f"/proc/{process.pid}/smaps_rollup").read_text()
    rss, pss = (
        int(re.search(rf"^{name}:\s+(\d+)", rollup, re.M)[1]) / 1024 for name in ("Rss", "Pss")
    )  # type: ignore[index]
    process.terminate()
    process.wait()
    return healthy, rss, pss


def main() -> None:
    """Measure with an existing database."""
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "TUNIX_RT_HOME": home}
        environment.pop("DATABASE_URL", None)
        subprocess.run([*PROGRAM, "traces", "list"], env=environment, stdout=subprocess.DEVNULL)
        helps = help_ms(environment)
        servers = [server(environment) for _ in range(3)]
    record(
        "start-up",
        {
            "help_ms_median": round(median(helps)),
            "help_ms_best": round(min(helps)),
            "server_healthy_seconds_median": round(median(s[0] for s in servers), 2),
            "server_healthy_seconds_best": round(min(s[0] for s in servers), 2),
            "idle_rss_mb": round(max(s[1] for s in servers)),
            "idle_pss_mb": round(max(s[2] for s in servers)),
        },
    )


if __name__ == "__main__":
    main()
