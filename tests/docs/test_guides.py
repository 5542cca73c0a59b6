"""Whoever follows a guide in docs/add ends with a plugin that keeps every law."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.reading import ROOT, blocks
from tunix_rt.floorplan import PLUGINS

GUIDES = ROOT / "docs" / "add"
GUIDE = {
    "traces.formats": "format",
    "tasks.generators": "generator",
    "rendering.templates": "template",
    "rendering.exports": "export",
    "generate.providers": "provider",
    "verify.answers": "verifier",
    "verify.steps": "verifier",
    "verify.detectors": "verifier",
    "curate.stages": "stage",
    "train.backends": "backend",
}


def files(guide: str) -> dict[str, str]:
    """The files a guide tells to write: blocks that begin with their path."""
    found = {}
    for block in blocks((GUIDES / f"{guide}.md").read_text("utf-8"), "python"):
        first, _, content = block.partition("\n")
        found[first.removeprefix("# ")] = content
    return found


@pytest.mark.parametrize("folder", PLUGINS)
def test_every_kind_of_plugin_has_a_guide_with_an_example_and_its_test(folder: str) -> None:
    paths = [Path(path) for path in files(GUIDE[folder])]
    here = Path("tunix_rt", *folder.split("."))

    (plugin,) = [path for path in paths if path.parent == here]
    assert Path("tests", here.parts[1], f"test_{plugin.stem}.py") in paths


def test_the_examples_pass_their_tests_and_every_law(tmp_path: Path) -> None:
    nothing_built = shutil.ignore_patterns("static", "__pycache__")
    shutil.copytree(ROOT / "tunix_rt", tmp_path / "tunix_rt", ignore=nothing_built)
    shutil.copytree(ROOT / "tests", tmp_path / "tests", ignore=nothing_built)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    added = []
    for guide in sorted(set(GUIDE.values())):
        for path, content in files(guide).items():
            assert not (tmp_path / path).exists(), f"{path} exists already: rename the example"
            (tmp_path / path).write_text(content, "utf-8")
            added += [path] if path.startswith("tests/") else []

    # The reference is made by a command, not by hand; the largest generator keeps its laws already.
    left_out = ["--ignore=tests/laws/test_docs.py", "-k", "not reasoning-gym"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *added, "tests/laws", *left_out],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stdout[-4000:]
    assert len(added) == len(PLUGINS)
