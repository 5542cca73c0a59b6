"""What the guide to verifying steps shows is what happens."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.docs.reading import ROOT, blocks
from tunix_rt.store.session import Session
from tunix_rt.verify.checking import check_steps, detectors
from tunix_rt.verify.commands import app
from tunix_rt.verify.schema import StepInput

GUIDE = (ROOT / "docs" / "guides" / "verifying-steps.md").read_text("utf-8")
ROWS = re.findall(r"^\| [^|]+ \| `([^`|]+)` \| `([^`|]+)` \|$", GUIDE, re.MULTILINE)


def outcome(text: str) -> str:
    return check_steps([StepInput(index=0, type="step", content=text)]).outcome


@pytest.mark.parametrize(("true", "false"), ROWS)
def test_every_example_is_judged_as_the_table_says(true: str, false: str) -> None:
    assert (outcome(true), outcome(false)) == ("right", "wrong")


def test_the_table_is_not_empty() -> None:
    assert len(ROWS) >= 15


def test_every_detector_stands_in_the_guide() -> None:
    assert [n for n in detectors.names() if f"| `{n.replace('-', '_')}` |" not in GUIDE] == []


def test_the_shown_lines_give_the_shown_answers(tmp_path: Path) -> None:
    (lines,), (answers,) = blocks(GUIDE, "jsonl"), blocks(GUIDE, "json")
    file = tmp_path / "traces.jsonl"
    file.write_text(lines, "utf-8")

    said = CliRunner().invoke(app, ["steps", str(file), "--json"], obj=Session(None))

    assert said.stdout == answers
