"""The examples of docs/client.md run, against a real server."""

import os
import subprocess
import sys
from pathlib import Path

from tests.cli.running import Home
from tests.client.serving import served
from tests.docs.reading import ROOT, blocks, commands
from tests.making import trace, write_lines

TEXT = (ROOT / "docs" / "client.md").read_text("utf-8")
WRITTEN = "http://localhost:8000"


def test_the_examples_run_in_their_order(tmp_path: Path) -> None:
    said = []
    with served(Home(tmp_path / "home")) as server:
        for example in blocks(TEXT, "python"):
            assert WRITTEN in example
            done = subprocess.run(
                [sys.executable, "-c", example.replace(WRITTEN, server.url)],
                cwd=tmp_path,
                env=os.environ | {"PYTHONPATH": str(ROOT)},
                capture_output=True,
                text=True,
            )
            assert done.returncode == 0, done.stderr
            said.append(done.stdout.splitlines())

    sent, frozen, worked = said
    assert [sent[0].split()[1], *sent[1:]] == ["3000", "5000 []", "422 prompt"]
    assert frozen[-3:] == ["5000", "5000", "night-1 5000"]
    assert worked[-2].startswith("completed {")
    assert worked[-1] == "completed Dry-run validation successful"
    assert len((tmp_path / "night.jsonl").read_text("utf-8").splitlines()) == 5000


def test_the_commands_are_done_by_the_server(tmp_path: Path) -> None:
    (console,) = blocks(TEXT, "console")
    lines = [command for command, _ in commands(console)]
    write_lines(tmp_path / "worked.jsonl", [trace(n) for n in range(3)])
    with served(Home(tmp_path / "there")) as server:
        script = "\n".join(lines).replace(WRITTEN, server.url)
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=tmp_path,
            env=Home(tmp_path / "here").environment(
                PATH=f"{Path(sys.executable).parent}:{os.environ['PATH']}", PYTHONPATH=str(ROOT)
            ),
            capture_output=True,
            text=True,
        )

    assert done.returncode == 0, done.stderr
    assert "3 added" in done.stdout
    assert "worked-v1: 3 traces" in done.stdout
    assert not (tmp_path / "here").exists()
