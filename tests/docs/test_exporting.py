"""The lines of docs/guides/exporting.md that open an export, run by the libraries they name."""

import re
from pathlib import Path

import pytest

from tests.docs.reading import ROOT, blocks
from tests.rendering.libraries import ask
from tests.rendering.rows import row
from tests.rendering.test_exporting import Rows
from tunix_rt.rendering import exporting

TEXT = (ROOT / "docs" / "guides" / "exporting.md").read_text("utf-8")
COMMAND = re.compile(
    r"^    tunix-rt datasets export demo-1 (\S+) --format (\S+)(?: --split (\S+))?$", re.MULTILINE
)
OPENED = list(zip(COMMAND.findall(TEXT), blocks(TEXT, "python"), strict=True))
ROWS = [row(n, step_verdicts=["right", "right"]) for n in range(8)]
ROWS += [row(n, verdict="wrong", final_answer="x", first_error=1) for n in range(8)]


@pytest.mark.parametrize(("command", "script"), OPENED, ids=[one[0][1] for one in OPENED])
def test_what_the_guide_writes_is_opened_as_it_says(
    command: tuple[str, str, str], script: str, tmp_path: Path
) -> None:
    place, name, split = command
    version = Rows(*ROWS, row(20, split="test"))
    version.about = version.about._replace(key="demo-1", name="demo_1")
    exporting.write(name, version, tmp_path / place, split or None)
    library = re.match(r"# (\w+)", script)
    assert library is not None

    rows = ask(
        library[1],
        f"import sys; sys.path.insert(0, {place!r})\n{script}\nprint(len(data))",
        tmp_path,
    )

    assert rows == {"trl-chat": 16, "array-record": 16, "huggingface": 2}.get(name, 8)


def test_every_format_stands_in_the_guide() -> None:
    assert [name for name in exporting.names() if f"`{name}`" not in TEXT] == []
