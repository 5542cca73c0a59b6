"""docs/guides/tasks.md: its commands run, and its lists of families are those there are."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from tests.cli.running import Home
from tests.docs.reading import ROOT, blocks, commands, pattern
from tunix_rt.tasks.generators.file import Config, generate
from tunix_rt.tasks.generators.reasoning_gym.families import LEFT_OUT, UNWORKED, WORKED

TEXT = (ROOT / "docs" / "guides" / "tasks.md").read_text("utf-8")


def test_the_commands_print_what_stands_under_them(tmp_path: Path) -> None:
    (console,) = blocks(TEXT, "console")
    environment = Home(tmp_path / "home").environment(
        PATH=f"{Path(sys.executable).parent}:{os.environ['PATH']}", PYTHONPATH=str(ROOT)
    )
    for command, shown in commands(console):
        words = command.replace("tunix-rt", f"{sys.executable} -m tunix_rt", 1).split()
        done = subprocess.run(
            words, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
        )
        said = (done.stdout + done.stderr).splitlines()
        for line in shown:
            assert any(pattern(line).fullmatch(one) for one in said), (command, said)


def test_the_families_it_lists_are_those_there_are() -> None:
    worked, unworked = (
        set(re.findall(r"`(\w+)`", TEXT.split(head)[1].split("\n\n")[1]))
        for head in ("With worked steps:", "Without, to evaluate on")
    )
    left_out = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", TEXT, re.MULTILINE))

    assert (worked, unworked) == (set(WORKED), set(UNWORKED))
    assert {name: left_out[name] for name in LEFT_OUT} == LEFT_OUT
    assert f"{len(WORKED) + len(UNWORKED)} families of reasoning-gym, {len(WORKED)} of" in TEXT


def test_the_lines_of_a_file_of_one_s_own_are_tasks(tmp_path: Path) -> None:
    [lines] = blocks(TEXT, "json")
    file = tmp_path / "mine.jsonl"
    file.write_text(lines, "utf-8")

    config = Config(path=file)
    tasks = [*generate(config, 0, "train"), *generate(config, 0, "test")]

    written = [json.loads(line)["expected_answer"] for line in lines.splitlines()]
    assert sorted(task.expected for task in tasks) == sorted(written)
