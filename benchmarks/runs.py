"""Runs: what a worker costs, how late log lines are in a client and a browser, a million points.

The server is `tunix-rt serve` as its own process, on SQLite; runs are done by a worker and a
process each, as always. A line says when it was printed, so its delay is read from one clock.
"""

import json
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import runs_child
from http_rate import Server
from measuring import record
from runs_child import Config

from tunix_rt.client import Client
from tunix_rt.kit.settings import Settings
from tunix_rt.runs import query
from tunix_rt.runs.schema import NewRun
from tunix_rt.runs.spawning import environment
from tunix_rt.runs.working import Worker
from tunix_rt.store import Store, open_store

LINES = 300
POINTS = 1_000_000


def queued(store: Store, lines: int) -> str:
    """A run that waits for a worker."""
    with store.write() as connection:
        return query.enqueue(connection, NewRun("talk", "talk", Config(lines=lines)))


def worker_of(store: Store, home: Path) -> Worker:
    """A worker whose processes import as little as those of `tunix-rt work`."""
    settings = Settings(home=home, database="")
    told = environment(settings, {"PATH": "/usr/bin:/bin", "PYTHONPATH": ":".join(sys.path)})
    return Worker(
        store, lambda run_id, n: [sys.executable, runs_child.__file__, run_id, str(n)], told
    )


def overhead(store: Store, home: Path) -> list[float]:
    """Seconds that a run with nothing to do takes from the queue to its end."""
    worker, took = worker_of(store, home), []
    for _ in range(10):
        queued(store, 0)
        began = time.perf_counter()
        worker.once()
        took.append(time.perf_counter() - began)
    return took


def delays(store: Store, home: Path, server: Server) -> list[float]:
    """Seconds from each printed line to its arrival in a client that follows the log."""
    run_id = queued(store, LINES)
    worker = worker_of(store, home)
    threading.Thread(target=worker.once, args=(run_id,), daemon=True).start()
    with Client(f"http://127.0.0.1:{server.port}") as client:
        return [time.time() - float(line.chunk) for line in client.runs.follow(run_id)]


def drawn(store: Store, home: Path, server: Server) -> list[float]:
    """Seconds from each printed line to its place on the run's page, in a real browser."""
    run_id = queued(store, LINES)
    script = str(Path(__file__).with_name("log_delay.mjs"))
    address = f"http://127.0.0.1:{server.port}/runs/{run_id}"
    told = ["node", script, address, str(LINES)]
    with subprocess.Popen(told, stdout=subprocess.PIPE, text=True) as browser:
        assert browser.stdout is not None
        assert browser.stdout.readline() == "ready\n"
        worker_of(store, home).once(run_id)
        found: list[float] = json.loads(browser.stdout.readline())
    return found


def summed_up(late: list[float]) -> dict[str, int]:
    """Delays in milliseconds."""
    return {
        "lines": len(late),
        "median": round(1000 * median(late)),
        "p95": round(1000 * quantiles(late, n=20)[-1]),
        "worst": round(1000 * max(late)),
    }


def seldom(step: int) -> dict[str, float]:
    """What is measured once in a thousand steps."""
    return {} if step % 1000 else {"held_out_loss": 1 / step}


def thinned(store: Store, server: Server) -> dict[str, Any]:
    """Milliseconds of GET /api/runs/ID/metrics over a million points."""
    run_id = queued(store, 0)
    with store.write() as connection:
        query.cancel(connection, run_id)
    for start in range(1, POINTS + 1, 50_000):
        with store.write() as connection:
            some = {n: {"loss": 1 / n} | seldom(n) for n in range(start, start + 50_000)}
            query.put_metrics(connection, run_id, some)
    took, answers = [], []
    with Client(f"http://127.0.0.1:{server.port}") as client:
        for _ in range(20):
            began = time.perf_counter()
            answers.append(client.runs.metrics(run_id))
            took.append(1000 * (time.perf_counter() - began))
    assert answers[0].total == POINTS
    assert answers[0].points[-1].step == POINTS
    return {
        "points": POINTS,
        "served_points": len(answers[0].points),
        "median_ms": round(median(took), 1),
        "worst_ms": round(max(took), 1),
    }


def main() -> None:
    """Each part once, on one store."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        store = open_store(Settings(home=home, database=""))
        server = Server(home)
        try:
            late, seen = delays(store, home, server), drawn(store, home, server)
            took = overhead(store, home)
            metrics = thinned(store, server)
        finally:
            server.stop()
            store.close()
    record(
        "runs",
        {
            "worker_overhead_s": {"median": round(median(took), 2), "worst": round(max(took), 2)},
            "log_delay_ms": summed_up(late),
            "log_delay_in_browser_ms": summed_up(seen),
            "metrics": metrics,
        },
    )


if __name__ == "__main__":
    main()
