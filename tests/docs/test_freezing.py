"""The commands of docs/guides/freezing.md, run in their order."""

import re
import shlex
from pathlib import Path

from tests.cli.running import Home
from tests.docs.reading import ROOT
from tests.extras import needs
from tests.making import trace, write_lines

TEXT = (ROOT / "docs" / "guides" / "freezing.md").read_text("utf-8")
COMMANDS = re.findall(r"^    tunix-rt (.+)$", TEXT, re.MULTILINE)


def test_every_command_of_the_guide_runs(tmp_path: Path) -> None:
    needs("tokenizers", extra="tunix")
    home = Home(tmp_path / "home")
    traces = [trace(n, meta={"expected_answer": str(n + 1)}) for n in range(60)]
    home.json("traces", "import", write_lines(tmp_path / "a", traces), "--source", "worked")
    home.json("verify", "run")
    for tag, count in (("easy", 20), ("hard", 30)):
        ids = [one["id"] for one in home.json("traces", "list", "--limit", 50)["data"][:count]]
        home.json("traces", "mark", f"tag:{tag}", *ids)

    said = {}
    for command in COMMANDS:
        done = home.run(*shlex.split(command))
        assert done.returncode == 0, (command, done.stderr)
        said[command] = done.stdout

    assert said["datasets verify sums-1"].startswith("sums-1: intact, 60 rows")
    assert "sums-2 against sums-1" in said["datasets diff sums-1 sums-2"]
