import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.extras import needs
from tunix_rt.train.backends.tunix.compiling import make_room

pytestmark = pytest.mark.jax
needs("tunix", extra="tunix")

SCRIPT = """
import json, sys
from dataclasses import replace
from pathlib import Path
from tests.train.jobs import job
from tunix_rt.train.backends.tunix import compiling, train
compiling.WORTH = 0.0
one = replace(job(Path(sys.argv[1]), steps=4), cache=Path(sys.argv[2]))
print(json.dumps(train(one).weights_sha256))
"""


def run(folder: Path, cache: Path) -> str:
    program = [sys.executable, "-c", SCRIPT, str(folder), str(cache)]
    own = {name: value for name, value in os.environ.items() if "CACHE" not in name}
    said = subprocess.run(program, env=own, capture_output=True, text=True, check=True).stdout
    return str(json.loads(said.splitlines()[-1]))


def test_what_was_compiled_is_used_again_and_computes_the_same(tmp_path: Path) -> None:
    first = run(tmp_path / "first", tmp_path / "cache")
    kept = {one for one in (tmp_path / "cache").rglob("*-cache")}

    second = run(tmp_path / "second", tmp_path / "cache")

    assert any(one.name.startswith("jit_step-") for one in kept)
    assert {one for one in (tmp_path / "cache").rglob("*-cache")} == kept
    assert first == second


def test_what_was_not_used_for_longest_goes_first(tmp_path: Path) -> None:
    for age, name in enumerate(["new", "used", "older", "oldest"]):
        (tmp_path / name).write_bytes(b"12345")
        os.utime(tmp_path / name, (2e9 - age, 1e9))

    make_room(tmp_path, 12)

    assert {one.name for one in tmp_path.iterdir()} == {"new", "used"}
