"""A training whose memory ends says so in a sentence, with what may fit."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.extras import needs

TORCH = pytest.param("torch", marks=pytest.mark.torch)


@pytest.mark.jax
@pytest.mark.parametrize("backend", ["tunix", TORCH])
@pytest.mark.parametrize(
    ("method", "advice"),
    [
        ("sft", "accumulate = 2 may fit"),
        ("grpo", "accumulate = 2 may fit, and teaches the same; grpo.prompts = 2048 may fit"),
    ],
)
def test_a_training_that_does_not_fit_says_what_may(
    method: str, advice: str, backend: str, tmp_path: Path
) -> None:
    needs("trl" if backend == "torch" else "tunix", extra=backend)
    program = [sys.executable, "-m", "tests.train.scarce", backend, method, str(tmp_path)]

    done = subprocess.run(program, capture_output=True, text=True)

    assert "The training took more memory than there is." in done.stdout, done.stderr
    assert advice in done.stdout
