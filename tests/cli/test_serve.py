"""The server as a user starts and stops it, also when it is killed."""

import json
import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.cli.running import PROGRAM, Home, Terminal, refused, until
from tests.extras import needs
from tests.making import trace, write_lines
from tunix_rt.kit.settings import Settings
from tunix_rt.runs import query_read
from tunix_rt.store import open_store

NANO = Path(__file__).parents[2] / "examples" / "recipes" / "nano_addition.toml"
NOWHERE = "/nonexistent"
"""A PATH without node: the server must not build the web in the middle of a test."""


class Server:
    """A `tunix-rt serve` that has said its address: it answers there from then on."""

    def __init__(self, home: Home, *options: str) -> None:
        self.process = subprocess.Popen(
            [*PROGRAM, "serve", "--no-open", "--port", "0", *options],
            env=home.environment(PATH=NOWHERE),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert self.process.stdout is not None
        said = self.process.stdout.readline()
        found = re.search(r"http://\S+", said)
        assert found, said or self.process.communicate()[1]
        self.address = found[0]

    def get(self, path: str) -> Any:
        return self.ask(Request(self.address + path))

    def ask(self, request: Request) -> Any:
        with urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def stop(self, number: signal.Signals) -> tuple[int, str]:
        """Send a signal and wait; the exit code, and what was said on standard error."""
        self.process.send_signal(number)
        _, said = self.process.communicate(timeout=60)
        return self.process.returncode, said


@pytest.fixture
def server(home: Home) -> Iterator[Server]:
    server = Server(home)
    yield server
    if server.process.poll() is None:
        server.stop(signal.SIGKILL)


def test_the_server_answers_without_node_and_ctrl_c_stops_it(server: Server) -> None:
    assert server.get("/api/health") == {"status": "healthy"}

    code, said = server.stop(signal.SIGINT)

    assert code in (0, 130), said
    assert "Traceback" not in said


def test_a_stopped_server_puts_its_run_back_and_counts_no_death(
    home: Home, server: Server, tmp_path: Path
) -> None:
    _many(home, tmp_path)
    run_id = _verify(server.address)
    until(lambda: _step(server, run_id) > 0)

    code, said = server.stop(signal.SIGTERM)

    assert code == 0, said
    with open_store(Settings(home=home.folder, database="")).read() as connection:
        left = query_read.get(connection, run_id)
    assert (left.status, left.attempt, left.deaths) == ("pending", 1, 0)
    assert left.lease_until is None


def test_a_server_for_everybody_answers_to_its_own_names_only(home: Home) -> None:
    server = Server(home, "--host", "127.0.0.2", "--allowed-host", "my.lab")
    port = server.address.rpartition(":")[2]

    def says(host: str) -> int:
        ask = Request(f"http://127.0.0.2:{port}/api/health", headers={"host": host})
        try:
            return 200 if server.ask(ask) else 0
        except HTTPError as refusal:
            return refusal.code

    hosts = ("127.0.0.2", "my.lab", socket.gethostname(), "evil.example")
    found = [says(f"{host}:{port}") for host in hosts]
    server.stop(signal.SIGKILL)

    assert found == [200, 200, 200, 403]


def test_a_stopped_server_leaves_the_port_free(server: Server, home: Home) -> None:
    port = server.address.rpartition(":")[2]
    server.stop(signal.SIGTERM)

    again = Server(home, "--port", port)

    assert again.get("/api/health") == {"status": "healthy"}
    again.stop(signal.SIGKILL)


def test_a_port_in_use_is_refused_with_a_way_out(home: Home) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = home.run("serve", "--no-open", "--port", port)

    refused(done, f"Port {port} on 127.0.0.1", "--port 0")


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "sigterm"])
def test_who_is_asked_to_stop_cancels_what_runs_in_the_foreground(
    home: Home, tmp_path: Path, asked: signal.Signals
) -> None:
    _many(home, tmp_path)
    verifying = home.start("verify", "run", "--batch", 20)
    until(lambda: any(run["progress"] and run["progress"]["done"] for run in _runs(home)))

    verifying.send_signal(asked)
    _, said = verifying.communicate(timeout=90)

    assert verifying.returncode == 1
    assert "cancelled" in said
    assert "Traceback" not in said
    (run,) = _runs(home)
    assert run["status"] == "cancelled"
    again = home.json("verify", "run")
    assert 0 < again["judged"] < 6_000, "what was judged before is kept"


def test_what_runs_in_a_terminal_that_closes_is_cancelled(home: Home, tmp_path: Path) -> None:
    _many(home, tmp_path)
    terminal = Terminal(home, "verify", "run", "--batch", "20")
    until(lambda: any(run["progress"] and run["progress"]["done"] for run in _runs(home)))

    assert terminal.close() == 1

    (run,) = _runs(home)
    assert run["status"] == "cancelled"
    assert home.json("verify", "run")["judged"] < 6_000, "what was judged before is kept"


def test_a_server_whose_terminal_closes_puts_its_run_back(home: Home, tmp_path: Path) -> None:
    _many(home, tmp_path)
    terminal = Terminal(home, "serve", "--no-open", "--port", "0", PATH=NOWHERE)
    until(lambda: "http://" in terminal.said and terminal.said.endswith("\n"))
    _verify(re.findall(r"http://\S+", terminal.said)[-1])
    until(lambda: any(run["progress"] and run["progress"]["done"] for run in _runs(home)))

    assert terminal.close() == 0

    (run,) = _runs(home)
    assert run["status"] == "pending"


@pytest.mark.jax
@pytest.mark.slow
def test_a_training_whose_server_is_killed_goes_on_elsewhere_bit_for_bit(
    home: Home, tmp_path: Path
) -> None:
    needs("tunix", extra="tunix")
    key = _dataset(home, tmp_path)
    small = {"steps": 60, "batch_size": 16, "log_every": 1, "checkpoints.every": 10}
    changes = [part for name, value in small.items() for part in ("--set", f"{name}={value}")]
    train = ("train", "run", NANO, "--dataset", key, *changes)
    straight = home.json(*train)
    server = Server(home)
    queued = json.loads(home.run(*train, "--queue").stdout)["run_id"]
    until(lambda: _step(server, queued) >= 15, 120)

    server.stop(signal.SIGKILL)
    stopped_at = _step(None, queued, home)
    worker = home.start("work")
    until(lambda: _run(home, queued)["status"] == "completed", 180)
    worker.send_signal(signal.SIGINT)
    worker.communicate(timeout=60)

    done = _run(home, queued)
    assert 15 <= stopped_at < 60
    assert (done["attempt"], done["result"]["steps"]) == (2, 60)
    assert done["result"]["resumed_from"] >= 10
    assert done["result"]["weights_sha256"] == straight["weights_sha256"]
    assert done["result"]["first_batch_sha256"] == straight["first_batch_sha256"]


@pytest.mark.jax
@pytest.mark.slow
@pytest.mark.parametrize("status", ["cancelled", "timeout"])
def test_a_training_that_is_stopped_keeps_where_it_is(
    home: Home, tmp_path: Path, status: str
) -> None:
    needs("tunix", extra="tunix")
    key = _dataset(home, tmp_path)
    endless = {"steps": 200_000, "batch_size": 16, "checkpoints.every": 200_000}
    changes = [part for name, value in endless.items() for part in ("--set", f"{name}={value}")]
    train = ("train", "run", NANO, "--dataset", key, *changes)

    def trainings() -> list[dict[str, Any]]:
        return [run for run in _runs(home) if run["kind"] == "train"]

    if status == "timeout":
        refused(home.run(*train, TUNIX_RT_RUN_SECONDS="20"), "timed out", "20 seconds")
    else:
        training = home.start(*train)
        until(lambda: any(run["progress"] for run in trainings()), 120)
        training.send_signal(signal.SIGTERM)
        _, said = training.communicate(timeout=120)
        assert (training.returncode, "cancelled" in said) == (1, True), said

    (run,) = trainings()
    kept = json.loads(home.inside("train", "checkpoints", run["id"], "--json").stdout)["data"]
    assert run["status"] == status
    assert [one["resumable"] for one in kept] == [True]
    assert run["progress"]["done"] <= kept[0]["step"] < endless["steps"]


def _dataset(home: Home, folder: Path) -> str:
    file = folder / "worked.jsonl"
    home.inside("tasks", "generate", "arithmetic", file, "--count", 600)
    home.inside("traces", "import", file)
    home.inside("datasets", "build", "small", "v1")
    return "small-v1"


def _many(home: Home, folder: Path) -> None:
    file = write_lines(folder / "many.jsonl", [trace(n) for n in range(6_000)])
    assert home.run("traces", "import", file).returncode == 0


def _verify(address: str) -> str:
    """Have a server verify everything, a trace at a time; the run's id."""
    ask = Request(f"{address}/api/verify", data=b'{"batch": 1}', method="POST")
    ask.add_header("content-type", "application/json")
    with urlopen(ask, timeout=30) as answer:
        return str(json.load(answer)["run_id"])


def _runs(home: Home) -> list[dict[str, Any]]:
    listed = json.loads(home.inside("runs", "list", "--json").stdout)
    runs: list[dict[str, Any]] = listed["data"]
    return runs


def _run(home: Home, run_id: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(home.inside("runs", "show", run_id, "--json").stdout)
    return found


def _step(server: Server | None, run_id: str, home: Home | None = None) -> int:
    if server is not None:
        run = server.get(f"/api/runs/{run_id}")
    else:
        assert home is not None
        run = _run(home, run_id)
    return int((run["progress"] or {"done": 0})["done"])
