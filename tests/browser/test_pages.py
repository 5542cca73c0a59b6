"""The web in a real browser, against a real server that has been through the loop."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.jax, pytest.mark.slow, pytest.mark.timeout(1200)]
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")


def need(found: object, what: str) -> None:
    """Leave the test out where a part is missing; in CI a missing part is a failure."""
    if not found:
        assert not os.environ.get("CI"), f"CI needs {what}"
        pytest.skip(f"{what} is not here")


def tunix_rt(environment: dict[str, str], *arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tunix_rt", *arguments],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, f"{arguments}: {done.stderr[-2000:]}"


def practice(dataset: str, model: Path) -> list[str]:
    """A moment of practice, whatever the model is worth."""
    changes = {
        "name": "practice",
        "model.path": str(model),
        "steps": 3,
        "checkpoints.every": 1,
        "grpo.prompts": 2,
        "grpo.group": 4,
        "grpo.held_out": 8,
        "grpo.watch.problems": 8,
        "grpo.readiness.override": ["greedy", "ratio", "entropy", "varied"],
    }
    told = [f"--set={key}={json.dumps(value)}" for key, value in changes.items()]
    return ["train", "run", "examples/recipes/nano_grpo.toml", "--dataset", dataset, *told]


@pytest.fixture
def address(tmp_path: Path, data: Path) -> Iterator[str]:
    """A server with generated and real traces, a trained model and a leaderboard."""
    environment = {**os.environ, "TUNIX_RT_HOME": str(tmp_path), "DATABASE_URL": ""}
    solutions = tmp_path / "solutions.jsonl"
    with (data / "gsm8k" / "example_model_solutions.jsonl").open("rb") as whole:
        solutions.write_bytes(b"".join(whole.readline() for _ in range(300)))
    loop = ("--traces", "1500", "--items", "60", "--steps", "150", "--no-serve")
    tunix_rt(environment, "traces", "import", str(solutions))
    tunix_rt(environment, "verify", "run")
    tunix_rt(environment, "court", "hold", "label", "current")
    tunix_rt(environment, "demo", *loop)
    tunix_rt(environment, "tasks", "import", str(data / "gsm8k" / "test.jsonl"), "gsm8k-test")
    form = ("--format", "gsm8k-solutions")
    tunix_rt(environment, "evaluate", "predictions", str(solutions), "gsm8k-test", *form)
    newest = subprocess.run(
        [sys.executable, "-m", "tunix_rt", "runs", "list", "--kind", "train", "--json"],
        env=environment,
        capture_output=True,
        check=True,
    )
    run_id = newest.stdout.decode().split('"id":"')[1].split('"')[0]
    tunix_rt(environment, "registry", "promote", run_id, "demo")
    dataset = newest.stdout.decode().split('"dataset_key":"')[1].split('"')[0]
    tunix_rt(environment, *practice(dataset, tmp_path / "runs" / run_id / "model"))
    server = subprocess.Popen(
        [sys.executable, "-m", "tunix_rt", "serve", "--no-open", "--port", "0"],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdout is not None
    yield server.stdout.readline().split()[-1]
    server.terminate()
    server.wait(60)
    server.stdout.close()


def test_every_page_works_for_a_person(address: str) -> None:
    need(shutil.which("npx"), "node with npx")
    need(CHROMIUM, "Chromium")
    need((ROOT / "web" / "node_modules").is_dir(), "web/node_modules (make web)")

    done = subprocess.run(
        ["npx", "playwright", "test"],
        cwd=ROOT / "web",
        env={**os.environ, "TUNIX_RT_URL": address, "CHROMIUM": str(CHROMIUM)},
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stdout[-6000:]
